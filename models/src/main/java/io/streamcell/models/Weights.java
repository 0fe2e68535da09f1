package io.streamcell.models;

/**
 * A float32 matrix {@code [rows, columns]}, row-major; a vector is one row. The array is shared,
 * never copied, and must not be modified by anybody: a large model is held once.
 */
public final class Weights {
    private final int rows;
    private final int columns;
    private final float[] values;

    private Weights(int rows, int columns, float[] values) {
        if ((long) rows * columns != values.length) {
            throw new IllegalArgumentException(
                    "weights [%d, %d] need %d values, got %d"
                            .formatted(rows, columns, (long) rows * columns, values.length));
        }
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    public static Weights matrix(int rows, int columns, float[] values) {
        return new Weights(rows, columns, values);
    }

    public static Weights vector(float[] values) {
        return new Weights(1, values.length, values);
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** How many floats there are. */
    public int count() {
        return values.length;
    }

    /** The values themselves, {@code [rows, columns]} row-major; not a copy, not to be modified. */
    public float[] values() {
        return values;
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + columns + "]";
    }
}
