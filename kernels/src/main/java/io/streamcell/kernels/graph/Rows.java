package io.streamcell.kernels.graph;

import io.streamcell.kernels.Batch;
import io.streamcell.models.Shape;
import java.util.Arrays;

/** The rows of a batch that are computed at once: their slots and their timesteps on every axis. */
final class Rows {
    private final int axes;
    private int count;
    private int[] slots = new int[0];
    // starts[axis][row]: timesteps of the rows before it
    private final int[][] starts;

    /**
     * @param axes those of the inputs and those that layers make
     */
    Rows(int axes) {
        this.axes = axes;
        this.starts = new int[axes][1];
    }

    void take(Batch batch, int from, int to) {
        count = to - from;
        if (slots.length < count) {
            slots = new int[2 * count];
            for (int axis = 0; axis < axes; axis++) {
                starts[axis] = new int[2 * count + 1];
            }
        }
        System.arraycopy(batch.slots(), from, slots, 0, count);
        for (int axis = 0; axis < axes; axis++) {
            int[] all = batch.starts()[axis];
            for (int row = 0; row <= count; row++) {
                starts[axis][row] = all[from + row] - all[from];
            }
        }
    }

    int count() {
        return count;
    }

    int slot(int row) {
        return slots[row];
    }

    /** Where a row's values of this shape begin, in rows of the tensor. */
    int start(Shape shape, int row) {
        return shape.timed() ? starts[shape.axis()][row] : row;
    }

    /** Timesteps of a row, 1 where the shape is static. */
    int length(Shape shape, int row) {
        return start(shape, row + 1) - start(shape, row);
    }

    /** Timesteps of all rows; the rows themselves where the shape is static. */
    int height(Shape shape) {
        return start(shape, count);
    }

    /** Timesteps of a row on an axis. */
    int length(int axis, int row) {
        return starts[axis][row + 1] - starts[axis][row];
    }

    /** Timesteps of a row on each of some axes. */
    int[] lengths(int[] some, int row) {
        return Arrays.stream(some).map(axis -> length(axis, row)).toArray();
    }
}
