package io.streamcell.operators;

import java.util.List;
import org.apache.flink.annotation.Public;

/**
 * The outputs of a network for a chunk. Immutable; arrays are not to be modified.
 *
 * @param start index of the chunk's first timestep
 * @param times as in the event: none, one, or one per timestep
 * @param outputs in the network's order; those with a time axis have a row per timestep
 * @param flags what happened before the first timestep, see {@link Flags}
 */
@Public
public record Score(
        String stream,
        long start,
        long[] times,
        List<OutputValues> outputs,
        String model,
        int flags,
        List<Header> headers)
        implements OutputRecord {
    public Score {
        outputs = List.copyOf(outputs);
    }

    /** The score's last event time; only where there is one. */
    public long lastTime() {
        return times[times.length - 1];
    }
}
