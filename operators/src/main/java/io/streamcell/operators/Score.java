package io.streamcell.operators;

import java.util.List;
import java.util.Objects;
import org.apache.flink.annotation.Public;

/**
 * The outputs of a network for a chunk. Not to be modified.
 *
 * <p>The scoring operator emits one object again and again, with other contents, so that a score
 * costs no memory. Flink gives every function a copy of its own, unless the job sets {@code
 * pipeline.object-reuse}; then, as with every object of such a job, whoever keeps a score beyond
 * the call that hands it over keeps {@link #copy()}.
 */
@Public
public final class Score implements OutputRecord {
    private String stream;
    private long start;
    private long[] times;
    private final List<OutputValues> outputs;
    private final String model;
    private int flags;
    private List<Header> headers;

    /**
     * @param start index of the chunk's first timestep
     * @param times as in the event: none, one, or one per timestep
     * @param outputs in the network's order; those with a time axis have a row per timestep
     * @param flags what happened before the first timestep, see {@link Flags}
     */
    public Score(
            String stream,
            long start,
            long[] times,
            List<OutputValues> outputs,
            String model,
            int flags,
            List<Header> headers) {
        this(List.copyOf(outputs), model);
        set(stream, start, times, flags, headers);
    }

    /**
     * A score that is filled for each chunk anew.
     *
     * @param outputs kept as they are; the caller changes what they are views of
     */
    Score(List<OutputValues> outputs, String model) {
        this.outputs = outputs;
        this.model = Objects.requireNonNull(model, "model");
    }

    /** Everything but the outputs and the model. */
    void set(String newStream, long newStart, long[] newTimes, int newFlags, List<Header> of) {
        stream = newStream;
        start = newStart;
        times = newTimes;
        flags = newFlags;
        headers = of;
    }

    /** A score of its own, that nobody changes. */
    public Score copy() {
        List<OutputValues> copied = outputs.stream().map(OutputValues::copy).toList();
        return new Score(stream, start, times, copied, model, flags, headers);
    }

    @Override
    public String stream() {
        return stream;
    }

    /** Index of the chunk's first timestep. */
    public long start() {
        return start;
    }

    /** As in the event: none, one, or one per timestep. */
    public long[] times() {
        return times;
    }

    /** In the network's order; those with a time axis have a row per timestep. */
    public List<OutputValues> outputs() {
        return outputs;
    }

    @Override
    public String model() {
        return model;
    }

    /** What happened before the first timestep, see {@link Flags}. */
    public int flags() {
        return flags;
    }

    @Override
    public List<Header> headers() {
        return headers;
    }

    /** The score's last event time; only where there is one. */
    public long lastTime() {
        return times[times.length - 1];
    }
}
