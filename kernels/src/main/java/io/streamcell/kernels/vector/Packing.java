package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;

/**
 * The order of a batch's timesteps on one time axis: rows sorted by length, longest first, those of
 * one length as they stand in the batch; then timestep by timestep, so that step t holds the first
 * {@link #active} rows, next to each other from {@link #first}.
 */
final class Packing {
    private final int axis;
    private int from;
    private int rows;
    private int steps;
    private int[] order = new int[0];
    // counts[n]: rows of n timesteps, then where the next of them is placed
    private int[] counts = new int[0];
    private int[] active = new int[0];
    private int[] first = new int[1];

    Packing(int axis) {
        this.axis = axis;
    }

    /** Sorts rows {@code from} to {@code to} of a batch by counting. */
    void pack(Batch batch, int from, int to) {
        this.from = from;
        rows = to - from;
        steps = 0;
        for (int row = from; row < to; row++) {
            steps = Math.max(steps, batch.timesteps(axis, row));
        }
        grow();
        for (int n = 0; n <= steps; n++) {
            counts[n] = 0;
        }
        for (int row = from; row < to; row++) {
            counts[batch.timesteps(axis, row)]++;
        }
        int longer = 0;
        for (int n = steps; n > 0; n--) {
            int count = counts[n];
            counts[n] = longer;
            longer += count;
            active[n - 1] = longer;
        }
        for (int row = from; row < to; row++) {
            order[counts[batch.timesteps(axis, row)]++] = row - from;
        }
        for (int t = 0; t < steps; t++) {
            first[t + 1] = first[t] + active[t];
        }
    }

    private void grow() {
        if (order.length < rows) {
            order = new int[2 * rows];
        }
        if (active.length < steps) {
            active = new int[2 * steps];
            first = new int[2 * steps + 1];
        }
        if (counts.length <= steps) {
            counts = new int[2 * steps + 1];
        }
    }

    /** Which time axis this is. */
    int axis() {
        return axis;
    }

    /** Timesteps of the longest row. */
    int steps() {
        return steps;
    }

    /** Timesteps of all rows. */
    int total() {
        return first[steps];
    }

    /** Rows in all. */
    int rows() {
        return rows;
    }

    /** Which row, counted from the first that was sorted, is the sorted row of this number. */
    int row(int sorted) {
        return order[sorted];
    }

    /** {@link #row} as the batch counts its rows. */
    int batchRow(int sorted) {
        return from + order[sorted];
    }

    /** How many rows have a timestep {@code t}. */
    int active(int t) {
        return active[t];
    }

    /** Where timestep {@code t} of the first row stands. */
    int first(int t) {
        return first[t];
    }
}
