package io.streamcell.jobs.json;

import static io.streamcell.jobs.json.JsonBytes.ascii;

import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Origin;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import java.util.Base64;
import java.util.List;

/**
 * Writes scores, states and rejected records, each in one line. A float32 is written as the
 * shortest decimal that reads back to it; one that is not finite as a text. Not for use by several
 * threads.
 */
public final class JsonRecordWriter {
    private static final byte[] STREAM_FIRST = ascii("{\"stream\":");
    private static final byte[] STREAM = ascii(",\"stream\":");
    private static final byte[] START = ascii(",\"start\":");
    private static final byte[] TIME = ascii(",\"time\":");
    private static final byte[] OUTPUTS = ascii(",\"outputs\":");
    private static final byte[] MODEL = ascii(",\"model\":");
    private static final byte[] FLAGS = ascii(",\"flags\":[");
    private static final byte[] STATE_NEXT = ascii(",\"event\":\"state\",\"next\":");
    private static final byte[] STATE = ascii(",\"state\":{");
    private static final byte[] REASON_FIRST = ascii("{\"reason\":");
    private static final byte[] MESSAGE = ascii(",\"message\":");
    private static final byte[] BYTES = ascii(",\"bytes\":\"");
    private static final byte[] CUT = ascii(",\"cut\":true");
    private static final byte[] FILE = ascii(",\"origin\":{\"file\":");
    private static final byte[] LINE = ascii(",\"line\":");
    private static final byte[] TOPIC = ascii(",\"origin\":{\"topic\":");
    private static final byte[] PARTITION = ascii(",\"partition\":");
    private static final byte[] OFFSET = ascii(",\"offset\":");

    private final JsonBytes json = new JsonBytes();

    /** A score or a state. */
    public byte[] write(OutputRecord record) {
        json.clear().raw(STREAM_FIRST).text(record.stream());
        if (record instanceof Score score) {
            score(score);
        } else if (record instanceof ExportedState state) {
            state(state);
        }
        return json.raw('}').copy();
    }

    private void score(Score score) {
        json.raw(START).number(score.start());
        if (score.times().length == 1) {
            json.raw(TIME).number(score.lastTime());
        } else if (score.times().length > 1) {
            json.raw(TIME).raw('[');
            for (int k = 0; k < score.times().length; k++) {
                comma(k).number(score.times()[k]);
            }
            json.raw(']');
        }
        json.raw(OUTPUTS);
        if (score.outputs().size() == 1 && score.outputs().get(0).name() == null) {
            rows(score.outputs().get(0));
        } else {
            json.raw('{');
            for (int k = 0; k < score.outputs().size(); k++) {
                OutputValues output = score.outputs().get(k);
                comma(k).text(output.name()).raw(':');
                rows(output);
            }
            json.raw('}');
        }
        json.raw(MODEL).text(score.model());
        flags(score.flags());
    }

    private void flags(int flags) {
        if (flags != 0) {
            json.raw(FLAGS);
            List<String> names = Flags.names(flags);
            for (int k = 0; k < names.size(); k++) {
                comma(k).text(names.get(k));
            }
            json.raw(']');
        }
    }

    /** What separates an element of a list or an object from the one before. */
    private JsonBytes comma(int number) {
        return number == 0 ? json : json.raw(',');
    }

    private void rows(OutputValues output) {
        json.raw('[');
        int at = 0;
        for (int row = 0; row < output.rows(); row++) {
            comma(row);
            at = nested(output.values(), at, output.dims(), 0);
        }
        json.raw(']');
    }

    private int nested(float[] values, int from, List<Integer> dims, int depth) {
        if (depth == dims.size()) {
            json.number(values[from]);
            return from + 1;
        }
        int at = from;
        int count = dims.get(depth);
        json.raw('[');
        for (int k = 0; k < count; k++) {
            comma(k);
            at = nested(values, at, dims, depth + 1);
        }
        json.raw(']');
        return at;
    }

    private void state(ExportedState state) {
        json.raw(STATE_NEXT).number(state.next()).raw(MODEL).text(state.model()).raw(STATE);
        for (int k = 0; k < state.layers().size(); k++) {
            LayerState layer = state.layers().get(k);
            comma(k).text(layer.layer()).raw(':').raw('[');
            for (int n = 0; n < layer.tensors().size(); n++) {
                float[] tensor = layer.tensors().get(n);
                comma(n);
                nested(tensor, 0, List.of(tensor.length), 0);
            }
            json.raw(']');
        }
        json.raw('}');
        flags(state.flags());
    }

    /** A rejected record. */
    public byte[] write(Rejected rejected) {
        json.clear().raw(REASON_FIRST).text(rejected.reason().toString());
        json.raw(MESSAGE).text(rejected.message());
        if (rejected.origin() != null) {
            origin(rejected.origin());
        }
        if (rejected.stream() != null) {
            json.raw(STREAM).text(rejected.stream());
        }
        if (rejected.bytes() != null) {
            json.raw(BYTES).raw(Base64.getEncoder().encode(rejected.bytes())).raw('"');
        }
        if (rejected.cut()) {
            json.raw(CUT);
        }
        return json.raw('}').copy();
    }

    private void origin(Origin origin) {
        if (origin.partition() == Origin.NO_PARTITION) {
            json.raw(FILE).text(origin.source()).raw(LINE).number(origin.position());
        } else {
            json.raw(TOPIC).text(origin.source()).raw(PARTITION).number(origin.partition());
            json.raw(OFFSET).number(origin.position());
        }
        json.raw('}');
    }
}
