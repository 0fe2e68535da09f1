package io.streamcell.operators;

import java.util.List;
import org.apache.flink.annotation.Public;

/**
 * One output's values.
 *
 * @param name printed where outputs are printed by name; null where the network has one output,
 *     printed as a list
 * @param values {@code [rows, product of dims]} row-major; not to be modified
 * @param rows timesteps, or 1 for an output without a time axis
 * @param dims of one row; empty for a scalar
 */
@Public
public record OutputValues(
        String name, float[] values, int rows, boolean perTimestep, List<Integer> dims) {
    public OutputValues {
        dims = List.copyOf(dims);
    }

    /** The same, with an array of its own. */
    OutputValues copy() {
        return new OutputValues(name, values.clone(), rows, perTimestep, dims);
    }
}
