package io.streamcell.kernels.vector;

import io.streamcell.models.Shape;

/**
 * The values of one tensor for a whole batch: {@code [rows, groups, stride]}, where a group is the
 * last dimension, padded to whole vectors. Rows of a timed tensor are packed as {@link Packing}
 * says; those of a static one stand in the order of the batch. Padding holds anything.
 */
final class Tensor {
    private final Packing packing;
    private final int features;
    private final int groups;
    private final int stride;
    private int rows;
    private float[] values = new float[0];

    Tensor(Shape shape, Packing[] packings) {
        this.packing = shape.timed() ? packings[shape.axis()] : null;
        this.features = shape.features();
        this.groups = shape.width() / features;
        this.stride = Lanes.padded(features);
    }

    /** Makes room for {@code count} rows of a batch, which have been packed. */
    void fit(int count) {
        rows = packing == null ? count : packing.total();
        values = Lanes.grown(values, (long) rows * groups * stride);
    }

    /** Copies one row in: its groups from one array without padding. */
    void load(int row, float[] from, int at) {
        for (int group = 0; group < groups; group++) {
            System.arraycopy(
                    from, at + group * features, values, (row * groups + group) * stride, features);
        }
    }

    /** Copies one row out without padding; every NaN is made the canonical one. */
    void store(int row, float[] to, int at) {
        for (int group = 0; group < groups; group++) {
            int from = (row * groups + group) * stride;
            Lanes.copyCanonical(values, from, to, at + group * features, features);
        }
    }

    boolean timed() {
        return packing != null;
    }

    /** The order of the rows of a timed tensor. */
    Packing packing() {
        return packing;
    }

    float[] values() {
        return values;
    }

    /** Rows of this batch. */
    int rows() {
        return rows;
    }

    /** Groups of this batch. */
    int allGroups() {
        return rows * groups;
    }

    /** Groups in a row. */
    int groups() {
        return groups;
    }

    /** The last dimension. */
    int features() {
        return features;
    }

    /** The last dimension with its padding. */
    int stride() {
        return stride;
    }
}
