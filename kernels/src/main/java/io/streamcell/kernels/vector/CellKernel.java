package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Activation;
import java.util.Arrays;

/**
 * A cell over many rows. States lie by rank, {@code [rows, padded units]}; gate sums {@code [rows,
 * gates * padded units]}. What the padding computes is never read.
 */
abstract class CellKernel {
    final int features;
    final int units;
    final int padded;
    private final int tensors;
    private final PanelMatrix inputWeights;
    private final float[] bias;

    /** The state tensors, h first. */
    final float[][] state;

    /**
     * @param bias of all gates, padded
     * @param tensors how many the state has
     */
    CellKernel(int features, int units, int tensors, PanelMatrix inputWeights, float[] bias) {
        this.features = features;
        this.units = units;
        this.padded = Lanes.padded(units);
        this.tensors = tensors;
        this.inputWeights = inputWeights;
        this.bias = bias;
        this.state = new float[tensors][0];
    }

    /** A bias with each gate padded to whole lanes. */
    static float[] padded(float[] bias, int from, int gates, int units) {
        int padded = Lanes.padded(units);
        float[] wide = new float[gates * padded];
        for (int gate = 0; gate < gates; gate++) {
            System.arraycopy(bias, from + gate * units, wide, gate * padded, units);
        }
        return wide;
    }

    final int features() {
        return features;
    }

    final int units() {
        return units;
    }

    final int stateWidth() {
        return tensors * units;
    }

    final int gateColumns() {
        return inputWeights.columns();
    }

    /** Copies the states of all rows from the slab. */
    final void load(HostSlab slab, Batch batch, PackedRows rows, int offset) {
        grow(rows.rows());
        for (int rank = 0; rank < rows.rows(); rank++) {
            int slot = batch.slot(rows.row(rank));
            float[] page = slab.page(slot);
            int from = slab.offset(slot) + offset;
            for (int k = 0; k < tensors; k++) {
                System.arraycopy(page, from + k * units, state[k], rank * padded, units);
            }
        }
    }

    /** Copies the states of all rows back, NaNs made canonical. */
    final void store(HostSlab slab, Batch batch, PackedRows rows, int offset) {
        for (int rank = 0; rank < rows.rows(); rank++) {
            int slot = batch.slot(rows.row(rank));
            float[] page = slab.page(slot);
            int to = slab.offset(slot) + offset;
            for (int k = 0; k < tensors; k++) {
                Tensors.canonical(state[k], rank * padded, page, to + k * units, units);
            }
        }
    }

    void grow(int rows) {
        for (int k = 0; k < tensors; k++) {
            if (state[k].length < rows * padded) {
                state[k] = Arrays.copyOf(state[k], (rows + rows / 2) * padded);
            }
        }
    }

    /** Gate sums of {@code rows} timesteps: the bias, then the chain over x. */
    final void inputProduct(float[] x, int from, int rows, float[] gates) {
        int stride = gateColumns();
        for (int row = 0; row < rows; row++) {
            System.arraycopy(bias, 0, gates, row * stride, stride);
        }
        inputWeights.multiply(x, from, features, rows, gates, 0, stride);
    }

    /** One timestep of the first {@code rows} ranks, whose gate sums begin at {@code at}. */
    abstract void step(float[] gates, int at, int rows);

    /** Copies the h of the first {@code rows} ranks, {@code [rows, units]}. */
    final void copyHidden(int rows, float[] y, int to) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(state[0], row * padded, y, to + row * units, units);
        }
    }

    /** An activation over one gate, or over neighbouring gates, of one row. */
    final void activate(Activation activation, float[] values, int at, int gates) {
        if (!activation.rowwise()) {
            VectorFunctions.apply(activation, values, at, gates * padded);
            return;
        }
        for (int gate = 0; gate < gates; gate++) {
            VectorFunctions.apply(activation, values, at + gate * padded, units);
        }
    }
}
