package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Origin;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes scores, states and rejected records. A float32 is written as the shortest decimal that
 * reads back to it, by Schubfach (Giulietti 2020), whatever the Java version; one that is not
 * finite as a text.
 */
public final class JsonRecordWriter {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

    private final ByteArrayBuilder bytes = new ByteArrayBuilder(4096);

    /** What is written between the braces of a record. */
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private byte[] object(Fields fields) {
        bytes.reset();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory must be writable", e);
        }
        return bytes.toByteArray();
    }

    /** A score or a state, in one line. */
    public byte[] write(OutputRecord record) {
        return object(
                json -> {
                    if (record instanceof Score score) {
                        score(score, json);
                    } else if (record instanceof ExportedState state) {
                        state(state, json);
                    }
                });
    }

    private static void score(Score score, JsonGenerator json) throws IOException {
        json.writeStringField("stream", score.stream());
        json.writeNumberField("start", score.start());
        if (score.times().length == 1) {
            json.writeNumberField("time", score.lastTime());
        } else if (score.times().length > 1) {
            json.writeFieldName("time");
            json.writeArray(score.times(), 0, score.times().length);
        }
        json.writeFieldName("outputs");
        if (score.outputs().size() == 1 && score.outputs().get(0).name() == null) {
            rows(score.outputs().get(0), json);
        } else {
            json.writeStartObject();
            for (OutputValues output : score.outputs()) {
                json.writeFieldName(output.name());
                rows(output, json);
            }
            json.writeEndObject();
        }
        json.writeStringField("model", score.model());
        if (score.flags() != 0) {
            json.writeArrayFieldStart("flags");
            for (String flag : Flags.names(score.flags())) {
                json.writeString(flag);
            }
            json.writeEndArray();
        }
    }

    private static void rows(OutputValues output, JsonGenerator json) throws IOException {
        json.writeStartArray();
        int at = 0;
        for (int row = 0; row < output.rows(); row++) {
            at = nested(output.values(), at, output.dims(), 0, json);
        }
        json.writeEndArray();
    }

    private static int nested(
            float[] values, int from, List<Integer> dims, int depth, JsonGenerator json)
            throws IOException {
        if (depth == dims.size()) {
            json.writeNumber(values[from]);
            return from + 1;
        }
        int at = from;
        json.writeStartArray();
        for (int k = 0; k < dims.get(depth); k++) {
            at = nested(values, at, dims, depth + 1, json);
        }
        json.writeEndArray();
        return at;
    }

    private static void state(ExportedState state, JsonGenerator json) throws IOException {
        json.writeStringField("stream", state.stream());
        json.writeStringField("event", "state");
        json.writeNumberField("next", state.next());
        json.writeStringField("model", state.model());
        json.writeObjectFieldStart("state");
        for (LayerState layer : state.layers()) {
            json.writeArrayFieldStart(layer.layer());
            for (float[] tensor : layer.tensors()) {
                json.writeStartArray();
                for (float value : tensor) {
                    json.writeNumber(value);
                }
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** A rejected record, in one line. */
    public byte[] write(Rejected rejected) {
        return object(
                json -> {
                    json.writeStringField("reason", rejected.reason().toString());
                    json.writeStringField("message", rejected.message());
                    if (rejected.origin() != null) {
                        origin(rejected.origin(), json);
                    }
                    if (rejected.stream() != null) {
                        json.writeStringField("stream", rejected.stream());
                    }
                    if (rejected.bytes() != null) {
                        json.writeBinaryField("bytes", rejected.bytes());
                    }
                    if (rejected.cut()) {
                        json.writeBooleanField("cut", true);
                    }
                });
    }

    private static void origin(Origin origin, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("origin");
        if (origin.partition() == Origin.NO_PARTITION) {
            json.writeStringField("file", origin.source());
            json.writeNumberField("line", origin.position());
        } else {
            json.writeStringField("topic", origin.source());
            json.writeNumberField("partition", origin.partition());
            json.writeNumberField("offset", origin.position());
        }
        json.writeEndObject();
    }
}
