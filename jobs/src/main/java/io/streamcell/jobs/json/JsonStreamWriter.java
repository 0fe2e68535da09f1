package io.streamcell.jobs.json;

import static io.streamcell.jobs.json.JsonBytes.ascii;

import io.streamcell.operators.Flags;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Writes what is known of a stream but its floats, in one line. Not for use by several threads. */
public final class JsonStreamWriter {
    private static final byte[] STREAM_FIRST = ascii("{\"stream\":");
    private static final byte[] NEXT = ascii(",\"next\":");
    private static final byte[] TIME = ascii(",\"time\":");
    private static final byte[] FLAGS = ascii(",\"flags\":");
    private static final byte[] RESETS = ascii(",\"resets\":");
    private static final byte[] HELD = ascii(",\"held\":");
    private static final byte[] MODEL = ascii(",\"model\":");
    private static final byte[] MODELS = ascii(",\"models\":");
    private static final byte[] BYTES = ascii(",\"bytes\":");

    private static final byte[] ONLY_IN = ascii(",\"only-in\":");
    private static final byte[] FLOATS = ascii(",\"floats\":");
    private static final byte[] NULL = ascii("null");

    private static final int USUAL = 4096;

    private final JsonBytes json = new JsonBytes();
    private final DataOutputSerializer stored = new DataOutputSerializer(USUAL);

    /**
     * Where a stream stands; {@code time} is left out of one without a time, {@code flags} where
     * there are none, {@code resets} where none is announced, {@code held} where no chunk waits.
     */
    public byte[] write(String stream, StreamState state) {
        json.clear().raw(STREAM_FIRST).text(stream).raw(NEXT).number(state.next());
        if (state.lastTime() != StreamState.NO_TIME) {
            json.raw(TIME).number(state.lastTime());
        }
        if (state.pendingFlags() != 0) {
            json.raw(FLAGS);
            texts(Flags.names(state.pendingFlags()));
        }
        if (state.ahead().resets().length > 0) {
            resets(json.raw(RESETS), state);
        }
        if (state.ahead().heldChunks() > 0) {
            json.raw(HELD).number(state.ahead().heldChunks());
        }
        json.raw(MODELS);
        texts(models(state));
        return json.raw(BYTES).number(bytes(state)).raw('}').copy();
    }

    /**
     * How a stream differs between two savepoints, {@code a} and {@code b}: what is not the same,
     * of both, and how many floats are not.
     *
     * @param model that knows the stream; written unless it is the job's main one
     * @param a null where there is no such stream, and so {@code b}
     */
    public byte[] difference(String stream, String model, StreamState a, StreamState b) {
        json.clear().raw(STREAM_FIRST).text(stream);
        if (!model.equals(StreamEvent.DEFAULT_MODEL)) {
            json.raw(MODEL).text(model);
        }
        if (a == null || b == null) {
            return json.raw(ONLY_IN).text(a == null ? "b" : "a").raw('}').copy();
        }
        if (a.next() != b.next()) {
            json.raw(NEXT).raw('[').number(a.next()).raw(',').number(b.next()).raw(']');
        }
        if (a.lastTime() != b.lastTime()) {
            time(json.raw(TIME).raw('['), a);
            time(json.raw(','), b);
            json.raw(']');
        }
        if (a.pendingFlags() != b.pendingFlags()) {
            both(FLAGS, Flags.names(a.pendingFlags()), Flags.names(b.pendingFlags()));
        }
        if (!Arrays.equals(a.ahead().resets(), b.ahead().resets())) {
            resets(json.raw(RESETS).raw('['), a);
            resets(json.raw(','), b);
            json.raw(']');
        }
        if (a.ahead().heldChunks() != b.ahead().heldChunks()) {
            json.raw(HELD).raw('[').number(a.ahead().heldChunks());
            json.raw(',').number(b.ahead().heldChunks()).raw(']');
        }
        if (!models(a).equals(models(b))) {
            both(MODELS, models(a), models(b));
        } else {
            int floats = 0;
            for (int k = 0; k < a.vectors().size(); k++) {
                floats += different(a.vectors().get(k).floats(), b.vectors().get(k).floats());
            }
            if (floats > 0) {
                json.raw(FLOATS).number(floats);
            }
        }
        return json.raw('}').copy();
    }

    /** The timesteps to come before which the stream is reset. */
    private static void resets(JsonBytes json, StreamState state) {
        json.raw('[');
        for (int k = 0; k < state.ahead().resets().length; k++) {
            if (k > 0) {
                json.raw(',');
            }
            json.number(state.ahead().resets()[k]);
        }
        json.raw(']');
    }

    private static void time(JsonBytes json, StreamState state) {
        if (state.lastTime() == StreamState.NO_TIME) {
            json.raw(NULL);
        } else {
            json.number(state.lastTime());
        }
    }

    private void both(byte[] field, List<String> a, List<String> b) {
        json.raw(field).raw('[');
        texts(a);
        json.raw(',');
        texts(b);
        json.raw(']');
    }

    /** How many floats have other bits; those that only one has, too. */
    private static int different(float[] a, float[] b) {
        int common = Math.min(a.length, b.length);
        int different = Math.max(a.length, b.length) - common;
        for (int k = 0; k < common; k++) {
            if (Float.floatToRawIntBits(a[k]) != Float.floatToRawIntBits(b[k])) {
                different++;
            }
        }
        return different;
    }

    /** The fingerprints of a stream's models, as scores spell them. */
    private static List<String> models(StreamState state) {
        return state.vectors().stream()
                .map(vector -> "%016x".formatted(vector.fingerprint()))
                .toList();
    }

    private void texts(List<String> texts) {
        json.raw('[');
        for (int k = 0; k < texts.size(); k++) {
            if (k > 0) {
                json.raw(',');
            }
            json.text(texts.get(k));
        }
        json.raw(']');
    }

    /** What the state takes in a state backend. */
    private int bytes(StreamState state) {
        stored.clear();
        try {
            StreamStateSerializer.INSTANCE.serialize(state, stored);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return stored.length();
    }
}
