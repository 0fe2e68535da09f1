package io.streamcell.jobs.float32;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.EventTable;
import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Float32EventReaderTest {
    private static final int CASES = 50_000;

    static Stream<Arguments> everyEvent() {
        EventCheck two = Signatures.lstm(2);
        return Stream.of(
                row(two, "{'values':[[1.5,2],[3,-0.0]]}", floats(1.5f, 2, 3, -0f)),
                row(Signatures.lstm(1), "{'values':[73.9,74.9]}", floats(73.9f, 74.9f)),
                row(
                        two,
                        "{'start':1200,'time':1385990100000,'values':[[1,2]]}",
                        floats(1, 2),
                        "start",
                        "1200",
                        "time",
                        "1385990100000"),
                row(
                        two,
                        "{'time':[-7,8],'model':'default','values':[[1,2],[3,4]]}",
                        floats(1, 2, 3, 4),
                        "time",
                        "-7,8",
                        "model",
                        "default"),
                row(
                        Signatures.twoInputs(),
                        "{'inputs':{'site':[1,2,3],'engine':[[4,5],[6,7]]}}",
                        floats(1, 2, 3, 4, 5, 6, 7),
                        "inputs",
                        "{\"site\":[3],\"engine\":[2,2]}"),
                row(two, "{'event':'reset'}", floats(), "event", "reset"),
                row(two, "{'event':'reset','at':1200}", floats(), "event", "reset", "at", "1200"),
                row(two, "{'event':'export'}", floats(), "event", "export"),
                row(
                        two,
                        "{'event':'reset','next':1547,'state':{'lstm':[[1,'NaN'],[3,'-Infinity']]}}",
                        floats(1, Float.NaN, 3, Float.NEGATIVE_INFINITY),
                        "event",
                        "reset",
                        "next",
                        "1547",
                        "state",
                        "{\"lstm\":[2,2]}"),
                row(
                        two,
                        "{'event':'reset','state':{}}",
                        floats(),
                        "event",
                        "reset",
                        "state",
                        "{}"));
    }

    @ParameterizedTest
    @MethodSource("everyEvent")
    void everyEventIsTheSameAsInJson(
            EventCheck check, String json, byte[] value, List<Header> headers) {
        EventTable.assertSame(
                EventTable.event(read(check, value, headers)), EventTable.json(check, json));
    }

    @Test
    void onlyTheUsersHeadersArePassedOn() {
        StreamEvent event =
                EventTable.event(
                        read(
                                Signatures.lstm(1),
                                floats(1),
                                EventTable.headers("start", "3", "trace", "abc")));

        assertThat(event.headers()).extracting(Header::key).containsExactly("trace");
    }

    @Test
    void aHeaderNamesTheStreamWhereThereIsNoKey() {
        List<Header> headers = EventTable.headers("stream", "m-17");
        Float32EventReader reader = new Float32EventReader(Signatures.lstm(1));

        assertThat(reader.read(null, floats(1), headers, EventTable.ORIGIN).event().stream())
                .isEqualTo("m-17");
        assertThat(reader.read(null, new byte[3], headers, EventTable.ORIGIN).rejected().stream())
                .isEqualTo("m-17");
    }

    static Stream<Arguments> whatIsRejected() {
        return Stream.of(
                bad("format", "a value must be float32, 4 bytes each, got 7 bytes", new byte[7]),
                bad(
                        "feature-count",
                        "a value must be timesteps of 2 features as in the model, got 3 floats",
                        floats(1, 2, 3)),
                bad("no-timesteps", "a chunk must have a timestep, got none", floats()),
                bad(
                        "not-finite",
                        "values must be finite in float32, got NaN in row 0 of input x",
                        floats(1, Float.NaN)),
                bad(
                        "number",
                        "start must be a whole number from 0 to 2^53, got 1.5",
                        floats(1, 2),
                        "start",
                        "1.5"),
                bad(
                        "time",
                        "time must be whole milliseconds since 1970, at most 8640000000000000 of them, got ",
                        floats(1, 2),
                        "time",
                        "5,"),
                bad(
                        "time",
                        "time must be one for the chunk or one for each timestep, got an empty list",
                        floats(1, 2),
                        "time",
                        ""),
                bad(
                        "event",
                        "event must be reset or export, or absent for a chunk, got state",
                        floats(),
                        "event",
                        "state"),
                bad(
                        "event",
                        "a reset must not have values: send them as an event of their own",
                        floats(1, 2),
                        "event",
                        "reset"),
                bad(
                        "state-shape",
                        "a value must have as many floats as header state says, got 3",
                        floats(1, 2, 3),
                        "event",
                        "reset",
                        "state",
                        "{\"lstm\":[2,2]}"),
                bad(
                        "inputs",
                        "a value must have as many floats as header inputs says, got 2",
                        floats(1, 2),
                        "inputs",
                        "{\"x\":[2147483647,2147483647]}"),
                bad(
                        "inputs",
                        "header inputs must give [timesteps,features] or [numbers] of x, got []",
                        floats(1, 2),
                        "inputs",
                        "{\"x\":[]}"),
                bad(
                        "format",
                        "header inputs must be a JSON object of lists of whole numbers by name, got another text",
                        floats(1, 2),
                        "inputs",
                        "{\"x\":[1,2],\"x\":[1,2]}"),
                bad(
                        "format",
                        "header start must stand once, got it twice",
                        floats(1, 2),
                        "start",
                        "1",
                        "start",
                        "2"));
    }

    @ParameterizedTest
    @MethodSource("whatIsRejected")
    void isRejected(String reason, String message, byte[] value, List<Header> headers) {
        Rejected rejected = read(Signatures.lstm(2), value, headers).rejected();

        assertThat(rejected.message()).isEqualTo(message + " at stream größe");
        assertThat(rejected.reason()).hasToString(reason);
        assertThat(rejected.bytes()).isEqualTo(value);
    }

    @Test
    void severalInputsNeedTheirShapes() {
        assertThat(read(Signatures.twoInputs(), floats(1), List.of()).rejected().message())
                .startsWith(
                        "header inputs must give the shape of each, since the model has several");
    }

    @Test
    void damagedRecordsAreEventsOrRejected() {
        Random random = new Random(1);
        List<Arguments> all = everyEvent().toList();
        int rejected = 0;
        for (int k = 0; k < CASES; k++) {
            Object[] event = all.get(random.nextInt(all.size())).get();
            List<Header> headers = new ArrayList<>();
            for (Object given : (List<?>) event[3]) {
                Header header = (Header) given;
                headers.add(new Header(header.key(), damaged(header.value(), random)));
            }
            Incoming incoming =
                    read((EventCheck) event[0], damaged((byte[]) event[2], random), headers);
            rejected += incoming.rejected() == null ? 0 : 1;
        }
        assertThat(rejected).isBetween(CASES / 5, CASES - 1);
    }

    /** Cut, or with a bit changed, or as it is. */
    private static byte[] damaged(byte[] bytes, Random random) {
        if (bytes.length == 0 || random.nextInt(3) == 0) {
            return bytes;
        }
        byte[] damaged = Arrays.copyOf(bytes, bytes.length - random.nextInt(2));
        if (damaged.length > 0) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    private static Arguments row(EventCheck check, String json, byte[] value, String... headers) {
        return Arguments.of(check, json, value, EventTable.headers(headers));
    }

    private static Arguments bad(String reason, String message, byte[] value, String... headers) {
        return Arguments.of(reason, message, value, EventTable.headers(headers));
    }

    private static byte[] floats(float... values) {
        return EventTable.floats(values);
    }

    private static Incoming read(EventCheck check, byte[] value, List<Header> headers) {
        return new Float32EventReader(check)
                .read(EventTable.key(), value, headers, EventTable.ORIGIN);
    }
}
