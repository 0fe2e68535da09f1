package io.streamcell.jobs.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.StreamEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.SimpleCounter;

/** Every event there is, as JSON, which the other formats must carry too. */
public final class EventTable {
    public static final Origin ORIGIN = new Origin("in", 0, 42);

    private EventTable() {}

    /** What a record in JSON, with ' for ", makes. */
    public static StreamEvent json(EventCheck check, String json) {
        byte[] value = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return event(
                new JsonEventReader(check, new UnknownFields(new SimpleCounter()), FlatRow.NONE)
                        .read(key(), value, List.of(), ORIGIN));
    }

    /** The key of every record in the table. */
    public static byte[] key() {
        return "größe".getBytes(StandardCharsets.UTF_8);
    }

    public static StreamEvent event(Incoming incoming) {
        assertThat(incoming.rejected()).isNull();
        return incoming.event();
    }

    /** The same to the bit; a single input need not be named. */
    public static void assertSame(Object event, Object wanted) {
        assertThat(event)
                .usingRecursiveComparison()
                .withEqualsForType(
                        (a, b) -> Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b),
                        Float.class)
                .ignoringFieldsMatchingRegexes("inputs.*name")
                .isEqualTo(wanted);
    }

    /** Little-endian float32. */
    public static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** Headers of texts, key and value in turn. */
    public static List<Header> headers(String... texts) {
        List<Header> headers = new ArrayList<>();
        for (int k = 0; k < texts.length; k += 2) {
            headers.add(new Header(texts[k], texts[k + 1].getBytes(StandardCharsets.UTF_8)));
        }
        return headers;
    }
}
