package io.streamcell.jobs.formats;

import java.util.Arrays;

/** Floats whose number is not known beforehand. */
public final class Floats {
    private static final int KEPT = 1 << 20;

    private float[] values = new float[64];
    private int count;

    public void add(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.max(count + 1, count + (count >> 1)));
        }
        values[count++] = value;
    }

    public int count() {
        return count;
    }

    /** Starts again; room that only a very long chunk needed is given back. */
    public void clear() {
        if (values.length > KEPT) {
            values = new float[64];
        }
        count = 0;
    }

    public float[] copy() {
        return Arrays.copyOf(values, count);
    }
}
