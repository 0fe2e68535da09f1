package io.streamcell.operators;

import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.Public;

/**
 * What happens to a stream: a chunk of timesteps, a reset, or a wish to see its state; or, in a
 * replay, what was recorded of it. Immutable; arrays are shared and not to be modified.
 *
 * @param stream the key
 * @param model which of several models scores the chunk; {@link #DEFAULT_MODEL} where the event
 *     names none, {@link #EVERY_MODEL} for all, as a reset is that names none
 * @param start index of a chunk's first timestep, or of the timestep that a reset is announced
 *     before; {@link #UNNUMBERED} for a chunk without one and for a reset now
 * @param times event times of a chunk, epoch milliseconds: none, one for all timesteps, or one per
 *     timestep
 * @param inputs a chunk's values
 * @param state for a reset to a given state; empty for the network's initial state
 * @param next for a reset: the number of the timestep after it, or {@link #UNNUMBERED}
 * @param headers passed on to the scores
 * @param recorded what a replay is told before the stream's events; else null
 */
@Public
public record StreamEvent(
        Kind kind,
        String stream,
        String model,
        long start,
        long[] times,
        List<InputValues> inputs,
        List<LayerState> state,
        long next,
        List<Header> headers,
        @Internal Recorded recorded) {
    /** The only model of most jobs. */
    public static final String DEFAULT_MODEL = "default";

    /** Whom an event is for that every model of the job is to see. */
    public static final String EVERY_MODEL = "*";

    /** Where an event does not number a timestep. */
    public static final long UNNUMBERED = -1;

    private static final long[] NO_TIMES = {};

    /** What an event asks for. */
    public enum Kind {
        CHUNK,
        RESET,
        EXPORT,
        /** A score that a replay is to obey; of no use to any other job. */
        RECORDED
    }

    /** An event of a stream's own. */
    public StreamEvent(
            Kind kind,
            String stream,
            String model,
            long start,
            long[] times,
            List<InputValues> inputs,
            List<LayerState> state,
            long next,
            List<Header> headers) {
        this(kind, stream, model, start, times, inputs, state, next, headers, null);
    }

    public StreamEvent {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(model, "model");
        inputs = List.copyOf(inputs);
        state = List.copyOf(state);
        headers = List.copyOf(headers);
    }

    /** A chunk for a network with one input, without numbers or times. */
    public static StreamEvent chunk(String stream, float[][] timesteps) {
        int columns = timesteps.length == 0 ? 0 : timesteps[0].length;
        float[] values = new float[timesteps.length * columns];
        for (int row = 0; row < timesteps.length; row++) {
            if (timesteps[row].length != columns) {
                throw new IllegalArgumentException(
                        "timesteps must be equally wide, got %d and %d at stream %s"
                                .formatted(columns, timesteps[row].length, stream));
            }
            System.arraycopy(timesteps[row], 0, values, row * columns, columns);
        }
        return chunk(stream, List.of(new InputValues(null, values, timesteps.length, columns)));
    }

    /** A chunk without numbers or times. */
    public static StreamEvent chunk(String stream, List<InputValues> inputs) {
        return new StreamEvent(
                Kind.CHUNK,
                stream,
                DEFAULT_MODEL,
                UNNUMBERED,
                NO_TIMES,
                inputs,
                List.of(),
                UNNUMBERED,
                List.of());
    }

    /** A reset to the network's initial state. */
    public static StreamEvent reset(String stream) {
        return reset(stream, List.of(), UNNUMBERED);
    }

    /** A reset to a given state; layers left out start from their initial state. */
    public static StreamEvent reset(String stream, List<LayerState> state, long next) {
        return new StreamEvent(
                Kind.RESET,
                stream,
                state.isEmpty() ? EVERY_MODEL : DEFAULT_MODEL,
                UNNUMBERED,
                NO_TIMES,
                List.of(),
                state,
                next,
                List.of());
    }

    /** A reset to the network's initial state before a timestep to come. */
    public static StreamEvent resetAt(String stream, long timestep) {
        return reset(stream).withStart(timestep);
    }

    /** A wish to see the state. */
    public static StreamEvent export(String stream) {
        return new StreamEvent(
                Kind.EXPORT,
                stream,
                DEFAULT_MODEL,
                UNNUMBERED,
                NO_TIMES,
                List.of(),
                List.of(),
                UNNUMBERED,
                List.of());
    }

    /** This event of another stream. */
    public StreamEvent withStream(String other) {
        return new StreamEvent(kind, other, model, start, times, inputs, state, next, headers);
    }

    /**
     * A score of a stream that was recorded, for a replay.
     *
     * @param model which of several models made it
     */
    @Internal
    public static StreamEvent recorded(String stream, String model, Recorded score) {
        return new StreamEvent(
                Kind.RECORDED,
                stream,
                model,
                UNNUMBERED,
                NO_TIMES,
                List.of(),
                List.of(),
                UNNUMBERED,
                List.of(),
                score);
    }

    /** This event with numbered timesteps. */
    public StreamEvent withStart(long newStart) {
        return new StreamEvent(kind, stream, model, newStart, times, inputs, state, next, headers);
    }

    /** This event with event times. */
    public StreamEvent withTimes(long... newTimes) {
        return new StreamEvent(kind, stream, model, start, newTimes, inputs, state, next, headers);
    }

    /** This event with other inputs. */
    public StreamEvent withInputs(List<InputValues> newInputs) {
        return new StreamEvent(kind, stream, model, start, times, newInputs, state, next, headers);
    }

    /** This event for another model. */
    public StreamEvent withModel(String newModel) {
        return new StreamEvent(kind, stream, newModel, start, times, inputs, state, next, headers);
    }

    /** Whether the event has an event time of its own. */
    public boolean timed() {
        return times.length > 0;
    }

    /** The event's last time; only for one that has a time. */
    public long lastTime() {
        return times[times.length - 1];
    }
}
