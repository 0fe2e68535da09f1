package io.streamcell.operators;

import org.apache.flink.annotation.Public;

/**
 * What a chunk brings for one input of the network.
 *
 * @param name of the input; null where the event does not name it, since there is one
 * @param values {@code [rows, columns]} row-major; not to be modified
 * @param rows timesteps; 1 for an input without a time axis
 * @param columns floats in a row; {@link #FLAT} where the event gave a plain list of numbers, which
 *     is one timestep per number for an input of one feature or of tokens, and one row for an input
 *     without a time axis
 */
@Public
public record InputValues(String name, float[] values, int rows, int columns) {
    public static final int FLAT = -1;

    public static InputValues flat(String name, float[] values) {
        return new InputValues(name, values, values.length, FLAT);
    }
}
