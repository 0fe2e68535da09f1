package io.streamcell.kernels.vector;

import io.streamcell.models.Weights;

/**
 * Weights {@code [depth, gates*units]} packed for {@link Product}. Each gate's columns are padded
 * with zeros to whole vectors; four vectors of columns are one panel {@code [depth][4][lanes]}, one
 * after another, and the last one to three vectors are panels {@code [depth][1][lanes]}.
 */
final class Panels {
    /** Vectors of columns in a wide panel. */
    static final int WIDE = 4;

    private final int depth;
    private final int gates;
    private final int units;
    private final float[] values;
    private final float[] bias;

    /**
     * Packs {@code gates} times {@code units} columns.
     *
     * @param firstColumn of the weights that is packed
     * @param bias {@code [gates*units]}, where the sums start
     */
    Panels(Weights weights, int firstColumn, int gates, int units, float[] bias) {
        this.depth = weights.rows();
        this.gates = gates;
        this.units = units;
        int stride = stride();
        this.bias = new float[gates * stride];
        this.values = new float[Math.multiplyExact(depth, gates * stride)];
        for (int gate = 0; gate < gates; gate++) {
            System.arraycopy(bias, gate * units, this.bias, gate * stride, units);
        }
        for (int k = 0; k < depth; k++) {
            for (int gate = 0; gate < gates; gate++) {
                int from = k * weights.columns() + firstColumn + gate * units;
                for (int unit = 0; unit < units; unit++) {
                    values[place(k, gate * stride + unit)] = weights.values()[from + unit];
                }
            }
        }
    }

    private int place(int k, int column) {
        int vector = column / Lanes.LENGTH;
        int first = vector < wideVectors() ? vector / WIDE * WIDE : vector;
        int wide = vector < wideVectors() ? WIDE : 1;
        return panel(first) + (k * wide + vector - first) * Lanes.LENGTH + column % Lanes.LENGTH;
    }

    /** Where the panel of a vector, its first, begins. */
    int panel(int vector) {
        return vector * Lanes.LENGTH * depth;
    }

    /** Vectors of columns in all. */
    int vectors() {
        return gates * stride() / Lanes.LENGTH;
    }

    /** Vectors of columns that are in wide panels. */
    int wideVectors() {
        return vectors() / WIDE * WIDE;
    }

    /** Units of a gate with its padding. */
    int stride() {
        return Lanes.padded(units);
    }

    int depth() {
        return depth;
    }

    float[] values() {
        return values;
    }

    /** {@code [gates][stride]}. */
    float[] bias() {
        return bias;
    }
}
