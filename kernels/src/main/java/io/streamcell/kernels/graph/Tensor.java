package io.streamcell.kernels.graph;

import io.streamcell.models.Shape;

/** The values of one tensor for all rows, row after row without padding, as a batch holds them. */
final class Tensor {
    private final Shape shape;
    private final int width;
    private float[] values = new float[0];

    Tensor(Shape shape) {
        this.shape = shape;
        this.width = shape.width();
    }

    /** Makes room for the rows' values. */
    void fit(Rows rows) {
        int needed = Math.multiplyExact(rows.height(shape), width);
        if (values.length < needed) {
            values = new float[(int) Math.min(Integer.MAX_VALUE - 8L, needed + needed / 2L + 16)];
        }
    }

    Shape shape() {
        return shape;
    }

    /** Floats of one row or timestep. */
    int width() {
        return width;
    }

    float[] values() {
        return values;
    }

    /** Where a row's values begin. */
    int at(Rows rows, int row) {
        return rows.start(shape, row) * width;
    }

    /** Where a row's values of a timestep are: those of a static tensor are the same at each. */
    int at(Rows rows, int row, int timestep) {
        return (rows.start(shape, row) + (shape.timed() ? timestep : 0)) * width;
    }
}
