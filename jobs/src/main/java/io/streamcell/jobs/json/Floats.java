package io.streamcell.jobs.json;

import java.util.Arrays;

/** Floats whose number is not known beforehand. */
final class Floats {
    private static final int KEPT = 1 << 20;

    private float[] values = new float[64];
    private int count;

    void add(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.max(count + 1, count + (count >> 1)));
        }
        values[count++] = value;
    }

    int count() {
        return count;
    }

    /** Starts again; room that only a very long chunk needed is given back. */
    void clear() {
        if (values.length > KEPT) {
            values = new float[64];
        }
        count = 0;
    }

    float[] copy() {
        return Arrays.copyOf(values, count);
    }
}
