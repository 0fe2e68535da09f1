package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.Batch;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The order of a batch's timesteps on one axis: timestep after timestep, in each the rows that have
 * it, the longest first. So a timestep's rows lie together, and are the first ones of the timestep
 * before.
 */
final class TimeMajor {
    // rows[place]: the row, longest first; places[row] is its place
    private final int[] rows;
    private final int[] places;
    // starts[t]: timesteps before t of all rows; the last is their sum
    private final int[] starts;

    private TimeMajor(int[] rows, int[] places, int[] starts) {
        this.rows = rows;
        this.places = places;
        this.starts = starts;
    }

    /** The order of rows {@code from} to {@code to}, which are numbered from 0 here. */
    static TimeMajor of(Batch batch, int axis, int from, int to) {
        Integer[] order = new Integer[to - from];
        Arrays.setAll(order, row -> row);
        Arrays.sort(
                order,
                Comparator.comparingInt((Integer row) -> batch.timesteps(axis, from + row))
                        .reversed());
        int[] rows = new int[order.length];
        int[] places = new int[order.length];
        for (int place = 0; place < rows.length; place++) {
            rows[place] = order[place];
            places[rows[place]] = place;
        }
        int[] starts = new int[batch.timesteps(axis, from + rows[0]) + 1];
        int active = rows.length;
        for (int t = 0; t + 1 < starts.length; t++) {
            while (batch.timesteps(axis, from + rows[active - 1]) <= t) {
                active--;
            }
            starts[t + 1] = starts[t] + active;
        }
        return new TimeMajor(rows, places, starts);
    }

    /** How many rows there are. */
    int count() {
        return rows.length;
    }

    /** The row at a place. */
    int row(int place) {
        return rows[place];
    }

    /** Timesteps of all rows. */
    int total() {
        return starts[starts.length - 1];
    }

    /** Timesteps of the longest row. */
    int longest() {
        return starts.length - 1;
    }

    /** Rows that have timestep {@code t}, the first places. */
    int active(int t) {
        return t < longest() ? starts[t + 1] - starts[t] : 0;
    }

    /** Where timestep {@code t} begins. */
    int start(int t) {
        return starts[t];
    }

    /** Where a row's timestep {@code t} stands. */
    int at(int row, int t) {
        return starts[t] + places[row];
    }

    /** The row of every timestep. */
    int[] rowsOfTimesteps() {
        int[] all = new int[total()];
        for (int t = 0; t < longest(); t++) {
            System.arraycopy(rows, 0, all, starts[t], active(t));
        }
        return all;
    }

    /** The place of every row. */
    int[] placesOfRows() {
        return places.clone();
    }
}
