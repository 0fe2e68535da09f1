package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import java.util.Arrays;

/**
 * How the timesteps of one time axis lie while they are computed: rows sorted by length, longest
 * first, and packed by time, so that the rows of one timestep lie next to each other and a step's
 * batch only shrinks. Reused.
 */
final class PackedRows {
    private final int axis;
    private int[] order = {};
    private int[] counts = {};
    private int[] base = {0};
    private int rows;
    private int steps;
    private boolean sameOrder;

    PackedRows(int axis) {
        this.axis = axis;
    }

    /** Sorts the rows of a batch; rows of one length keep their order. */
    void pack(Batch batch) {
        rows = batch.rows();
        steps = 0;
        for (int row = 0; row < rows; row++) {
            steps = Math.max(steps, batch.timesteps(axis, row));
        }
        grow();
        Arrays.fill(counts, 0, steps + 2, 0);
        for (int row = 0; row < rows; row++) {
            counts[batch.timesteps(axis, row)]++;
        }
        // From the longest down, counts[n] becomes the rank of the first row with n timesteps.
        int rank = 0;
        for (int n = steps; n >= 1; n--) {
            int with = counts[n];
            counts[n] = rank;
            rank += with;
            active[n - 1] = rank;
        }
        base[0] = 0;
        for (int t = 0; t < steps; t++) {
            base[t + 1] = base[t] + active[t];
        }
        sameOrder = true;
        for (int row = 0; row < rows; row++) {
            int at = counts[batch.timesteps(axis, row)]++;
            order[at] = row;
            sameOrder &= at == row;
        }
    }

    private int[] active = {};

    private void grow() {
        if (order.length < rows) {
            order = new int[rows + rows / 2];
        }
        if (counts.length < steps + 2) {
            counts = new int[2 * steps + 2];
            base = new int[2 * steps + 2];
            active = new int[2 * steps + 2];
        }
    }

    int rows() {
        return rows;
    }

    /** Timesteps of the longest row. */
    int steps() {
        return steps;
    }

    /** How many rows have a timestep {@code t}: those of the first ranks. */
    int active(int t) {
        return active[t];
    }

    /** Where the rows of timestep {@code t} begin. */
    int base(int t) {
        return base[t];
    }

    /** All timesteps of all rows. */
    int height() {
        return base[steps];
    }

    /** The row of a rank. */
    int row(int rank) {
        return order[rank];
    }

    /** Whether packed values lie as they lie in the batch. */
    boolean asInBatch() {
        return sameOrder && steps == 1;
    }
}
