package io.streamcell.jobs.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.formats.EventTable;
import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.StreamEvent;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AvroEventReaderTest {
    private static final int CASES = 50_000;
    private static final List<List<Float>> ROWS = List.of(List.of(1.5f, 2f), List.of(3f, -0f));

    static Stream<Arguments> everyEvent() {
        EventCheck two = Signatures.lstm(2);
        return Stream.of(
                Arguments.of(two, "{'values':[[1.5,2],[3,-0.0]]}", Map.of("values", ROWS)),
                Arguments.of(
                        Signatures.lstm(1),
                        "{'values':[73.9,74.9]}",
                        Map.of("values", List.of(List.of(73.9f), List.of(74.9f)))),
                Arguments.of(
                        two,
                        "{'start':1200,'time':1385990100000,'values':[[1.5,2],[3,-0.0]]}",
                        Map.of("start", 1200L, "time", 1385990100000L, "values", ROWS)),
                Arguments.of(
                        two,
                        "{'time':[-7,8],'model':'default','values':[[1.5,2],[3,-0.0]]}",
                        Map.of("time", List.of(-7L, 8L), "model", "default", "values", ROWS)),
                Arguments.of(
                        Signatures.twoInputs(),
                        "{'inputs':{'site':[1,2,3],'engine':[[1.5,2],[3,-0.0]]}}",
                        Map.of(
                                "inputs",
                                Map.of("site", List.of(List.of(1f, 2f, 3f)), "engine", ROWS))),
                Arguments.of(two, "{'event':'reset'}", Map.of("event", "reset")),
                Arguments.of(two, "{'event':'export'}", Map.of("event", "export")),
                Arguments.of(
                        two, "{'event':'reset','at':1200}", Map.of("event", "reset", "at", 1200L)),
                Arguments.of(
                        two,
                        "{'event':'reset','next':1547,'state':{'lstm':[[1,'NaN'],[3,'-Infinity']]}}",
                        Map.of(
                                "event",
                                "reset",
                                "next",
                                1547L,
                                "state",
                                Map.of(
                                        "lstm",
                                        List.of(
                                                List.of(1f, Float.NaN),
                                                List.of(3f, Float.NEGATIVE_INFINITY))))),
                Arguments.of(
                        two,
                        "{'event':'reset','state':{}}",
                        Map.of("event", "reset", "state", Map.of())));
    }

    @ParameterizedTest
    @MethodSource("everyEvent")
    void everyEventIsTheSameAsInJson(EventCheck check, String json, Map<String, Object> fields) {
        EventTable.assertSame(
                EventTable.event(read(check, AvroBytes.event(fields))),
                EventTable.json(check, json));
    }

    @Test
    void aFieldNamesTheStreamWhereThereIsNoKey() {
        AvroEventReader reader = new AvroEventReader(Signatures.lstm(2), null);
        byte[] value = AvroBytes.event(Map.of("stream", "m-17", "values", ROWS));
        byte[] cut = Arrays.copyOf(value, value.length - 1);

        assertThat(reader.read(null, value, List.of(), EventTable.ORIGIN).event().stream())
                .isEqualTo("m-17");
        assertThat(reader.read(null, cut, List.of(), EventTable.ORIGIN).rejected().stream())
                .isEqualTo("m-17");
    }

    static Stream<Arguments> whatIsRejected() {
        return Stream.of(
                bad(
                        "no-timesteps",
                        "a chunk must have a timestep, got none",
                        Map.of("values", List.of())),
                bad("no-timesteps", "a chunk must have values or inputs, got neither", Map.of()),
                bad(
                        "feature-count",
                        "rows of values must be equally wide, got 2 and then 1 in row 1",
                        Map.of("values", List.of(List.of(1f, 2f), List.of(3f)))),
                bad(
                        "not-finite",
                        "values must be finite in float32, got NaN in row 0 of input x",
                        Map.of("values", List.of(List.of(1f, Float.NaN)))),
                bad(
                        "number",
                        "start must be a whole number from 0 to 2^53, got -1",
                        Map.of("start", -1L, "values", ROWS)),
                bad(
                        "time",
                        "time must be one for the chunk or one for each timestep, got an empty list",
                        Map.of("time", List.of(), "values", ROWS)),
                bad(
                        "event",
                        "event must be reset or export, or absent for a chunk, got restart",
                        Map.of("event", "restart")),
                bad(
                        "state-shape",
                        "the state of layer lstm must have tensors of [2, 2], got [1]",
                        Map.of("event", "reset", "state", Map.of("lstm", List.of(List.of(1f))))));
    }

    @ParameterizedTest
    @MethodSource("whatIsRejected")
    void isRejected(String reason, String message, Map<String, Object> fields) {
        Rejected rejected = read(Signatures.lstm(2), AvroBytes.event(fields)).rejected();

        assertThat(rejected.message()).isEqualTo(message + " at stream größe");
        assertThat(rejected.reason()).hasToString(reason);
    }

    @Test
    void bytesBeforeTheEndAndAfterItAreRejected() {
        byte[] value = AvroBytes.event(Map.of("values", ROWS));

        for (int length = 0; length < value.length; length++) {
            Rejected rejected = read(Signatures.lstm(2), Arrays.copyOf(value, length)).rejected();
            assertThat(rejected.reason()).hasToString("format");
        }
        assertThat(
                        read(Signatures.lstm(2), Arrays.copyOf(value, value.length + 2))
                                .rejected()
                                .message())
                .isEqualTo(
                        "an event must be an Avro record that can be read as io.streamcell.Event, got: 2 bytes after it at stream größe");
    }

    /** Among them lengths of gigabytes, which must not be believed. */
    @Test
    @Timeout(60)
    void damagedRecordsAreEventsOrRejected() {
        Random random = new Random(1);
        List<Arguments> all = everyEvent().toList();
        int rejected = 0;
        for (int k = 0; k < CASES; k++) {
            Object[] event = all.get(random.nextInt(all.size())).get();
            byte[] bytes = AvroBytes.event(cast(event[2]));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = Arrays.copyOf(bytes, bytes.length - random.nextInt(2));
            rejected += read((EventCheck) event[0], bytes).rejected() == null ? 0 : 1;
        }
        assertThat(rejected).isBetween(CASES / 5, CASES - 1);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object fields) {
        return (Map<String, Object>) fields;
    }

    @Test
    void anySchemaOfTheRegistryThatCanBeReadAsOursIsRead() throws Exception {
        Schema theirs =
                SchemaBuilder.record("Reading")
                        .fields()
                        .requiredString("unit")
                        .requiredLong("time")
                        .name("values")
                        .type()
                        .array()
                        .items()
                        .array()
                        .items()
                        .intType()
                        .noDefault()
                        .endRecord();
        byte[] value =
                AvroBytes.write(
                        theirs, Map.of("unit", "K", "time", 7L, "values", List.of(List.of(1, 2))));
        try (RegistryStandIn registry = RegistryStandIn.start("me:secret")) {
            AvroEventReader reader = reader(registry);
            byte[] framed = AvroBytes.framed(registry.add(theirs), value);

            for (int k = 0; k < 3; k++) {
                StreamEvent event = EventTable.event(read(reader, framed));
                assertThat(event.times()).containsExactly(7);
                assertThat(event.inputs().get(0).values()).containsExactly(1, 2);
            }
            assertThat(registry.requests()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotInTheRegistryOrCannotBeReadAsOursIsRejected() throws Exception {
        Schema theirs = SchemaBuilder.record("Event").fields().requiredString("values").endRecord();
        byte[] text = AvroBytes.write(theirs, Map.of("values", "1,2"));
        try (RegistryStandIn registry = RegistryStandIn.start(null)) {
            AvroEventReader reader = reader(registry);

            assertThat(read(reader, AvroBytes.framed(7, text)).rejected().message())
                    .isEqualTo(
                            "schema id 7 must be that of an Avro schema, got: the registry says 404 Schema 7 not found at stream größe");
            assertThat(
                            read(reader, AvroBytes.framed(registry.add(theirs), text))
                                    .rejected()
                                    .message())
                    .startsWith("an event must be an Avro record that can be read as");
            assertThat(read(reader, new byte[] {0, 0, 0}).rejected().message())
                    .startsWith(
                            "a value must begin with a zero and the four bytes of a schema's id");
            assertThat(read(reader, new byte[] {1, 0, 0, 0, 1, 5}).rejected().reason())
                    .hasToString("format");
        }
    }

    @Test
    void aRegistryThatDoesNotAnswerIsNoFaultOfTheRecord() throws Exception {
        RegistryStandIn registry = RegistryStandIn.start("me:secret");
        AvroEventReader stranger =
                new AvroEventReader(
                        Signatures.lstm(2),
                        SchemaRegistry.at(new RegistryAddress(registry.url(), null)));
        byte[] value = AvroBytes.framed(1, new byte[9]);

        assertThatThrownBy(() -> read(stranger, value))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(
                        "the schema registry at %s must answer, got: it says 401 Unauthorized"
                                .formatted(registry.url()));
        AvroEventReader reader = reader(registry);
        registry.close();
        assertThatThrownBy(() -> read(reader, value))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("must answer");
    }

    private static Arguments bad(String reason, String message, Map<String, Object> fields) {
        return Arguments.of(reason, message, fields);
    }

    private static AvroEventReader reader(RegistryStandIn registry) {
        return new AvroEventReader(Signatures.lstm(2), SchemaRegistry.at(registry.address()));
    }

    private static Incoming read(EventCheck check, byte[] value) {
        return read(new AvroEventReader(check, null), value);
    }

    private static Incoming read(AvroEventReader reader, byte[] value) {
        return reader.read(EventTable.key(), value, List.of(), EventTable.ORIGIN);
    }
}
