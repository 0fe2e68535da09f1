package io.streamcell.kernels.vector;

import java.util.Arrays;

/**
 * One cell's states of all rows of a batch, each tensor {@code [rows, stride]} with zeros as
 * padding: h before the first timestep, and the others as they advance.
 */
final class CellStates {
    private final int units;
    private final int stride;
    private final float[][] tensors;

    /**
     * @param tensors how many state tensors of {@code units} the cell has, h first
     */
    CellStates(int units, int tensors) {
        this.units = units;
        this.stride = Lanes.padded(units);
        this.tensors = new float[tensors][0];
    }

    void fit(int rows) {
        for (int k = 0; k < tensors.length; k++) {
            tensors[k] = Lanes.grown(tensors[k], (long) rows * stride);
        }
    }

    int load(int row, float[] page, int from) {
        int at = from;
        int to = row * stride;
        for (float[] tensor : tensors) {
            System.arraycopy(page, at, tensor, to, units);
            Arrays.fill(tensor, to + units, to + stride, 0);
            at += units;
        }
        return at;
    }

    int store(float[] sequence, int last, int row, float[] page, int to) {
        Lanes.copyCanonical(sequence, last * stride, page, to, units);
        for (int k = 1; k < tensors.length; k++) {
            Lanes.copyCanonical(tensors[k], row * stride, page, to + k * units, units);
        }
        return to + tensors.length * units;
    }

    /** State tensor {@code k}. */
    float[] tensor(int k) {
        return tensors[k];
    }

    int units() {
        return units;
    }

    int stride() {
        return stride;
    }
}
