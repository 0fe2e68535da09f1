package io.streamcell.operators;

import io.streamcell.models.NetworkOutput;
import io.streamcell.models.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * One output's values of a bundle: the chunks' rows one after another, from when they are computed
 * until they are emitted. The room for them, and what is emitted, are used again for every bundle.
 */
final class BundledOutput {
    /** Chunks of more rows are not worth keeping arrays for. */
    private static final int MOST_ROWS = 64;

    private final String name;
    private final int axis;
    private final int width;
    private final List<Integer> dims;
    private final OutputValues[] emitted = new OutputValues[MOST_ROWS + 1];

    // [rows of all chunks, width]
    private float[] values = new float[0];
    private int used;

    /**
     * @param name printed, or null where the network has one output
     */
    BundledOutput(NetworkOutput output, String name) {
        this.name = name;
        this.axis = output.shape().axis();
        this.width = output.shape().width();
        this.dims = output.shape().dims();
    }

    /** Whether it has a row per timestep. */
    boolean timed() {
        return axis != Shape.STATIC;
    }

    /** Its time axis. */
    int axis() {
        return axis;
    }

    /** Floats in a row. */
    int width() {
        return width;
    }

    /** Whether a chunk of so many rows is to have an array of its own. */
    static boolean isLong(int rows) {
        return rows > MOST_ROWS;
    }

    /** Values of their own for a long chunk. */
    OutputValues alone(int rows) {
        float[] own = new float[Math.multiplyExact(rows, width)];
        return new OutputValues(name, own, rows, timed(), dims);
    }

    /** Makes room for a chunk; where its values are to stand in {@link #values}. */
    int reserve(int rows) {
        int start = used;
        used = Math.addExact(used, rows * width);
        if (used > values.length) {
            values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, used * 3L / 2));
        }
        return start;
    }

    /** What {@link #reserve} makes room in; another array when it must grow. */
    float[] values() {
        return values;
    }

    /** A chunk's values, valid until the next chunk of as many rows is asked for. */
    OutputValues at(int start, int rows) {
        OutputValues of = emitted[rows];
        if (of == null) {
            of = alone(rows);
            emitted[rows] = of;
        }
        System.arraycopy(values, start, of.values(), 0, of.values().length);
        return of;
    }

    /** Forgets all chunks. */
    void clear() {
        used = 0;
    }
}
