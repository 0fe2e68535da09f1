package io.streamcell.kernels.cuda;

import io.streamcell.kernels.Batch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The rows of a piece on one axis of time, the longest first, so that every timestep has the rows
 * up to some number and the batch only shrinks.
 */
final class Sorted {
    private int rows;
    private int steps;
    private long positions;
    // sorted row m's number in the piece
    private int[] order = new int[0];
    // rows that have each timestep, then 0
    private int[] active = new int[1];
    private long begin;

    /** Sorts rows of a batch by their timesteps; equally long ones stay in order. */
    void sort(Batch batch, int axis, int from, int to) {
        rows = to - from;
        positions = (long) batch.start(axis, to) - batch.start(axis, from);
        steps = 0;
        for (int row = from; row < to; row++) {
            steps = Math.max(steps, batch.timesteps(axis, row));
        }
        order = order.length < rows ? new int[rows + rows / 2] : order;
        active = active.length <= steps ? new int[steps + steps / 2 + 1] : active;
        Arrays.fill(active, 0, steps + 1, 0);
        for (int row = from; row < to; row++) {
            active[batch.timesteps(axis, row) - 1]++;
        }
        for (int t = steps - 1; t > 0; t--) {
            active[t - 1] += active[t];
        }
        // Rows of n timesteps stand behind all that are longer: active[n] of them.
        int[] next = Arrays.copyOfRange(active, 1, steps + 1);
        for (int row = from; row < to; row++) {
            order[next[batch.timesteps(axis, row) - 1]++] = row - from;
        }
    }

    long positions() {
        return positions;
    }

    int steps() {
        return steps;
    }

    /** Takes its place in the staging memory, behind {@code at} bytes; gives where it ends. */
    long place(long at) {
        begin = at;
        return end();
    }

    private long orderAt() {
        return begin + Integer.BYTES * (long) rows;
    }

    private long lengthsAt() {
        return orderAt() + Integer.BYTES * (long) rows;
    }

    private long activeAt() {
        return lengthsAt() + Integer.BYTES * (long) rows;
    }

    private long offsetsAt() {
        long ints = activeAt() + Integer.BYTES * (steps + 1L);
        return (ints + 7) / 8 * 8;
    }

    private long startsAt() {
        return offsetsAt() + Long.BYTES * (long) steps;
    }

    private long end() {
        return startsAt() + Long.BYTES * (long) rows;
    }

    /** Writes what kernels need of it. */
    void write(ByteBuffer host, CudaSlab slab, Batch batch, int from, int axis) {
        int states = Math.toIntExact(begin);
        int orders = Math.toIntExact(orderAt());
        int lengths = Math.toIntExact(lengthsAt());
        int starts = Math.toIntExact(startsAt());
        int first = batch.start(axis, from);
        for (int k = 0; k < rows; k++) {
            host.putInt(states + Integer.BYTES * k, slab.row(batch.slot(from + order[k]), axis));
            host.putInt(orders + Integer.BYTES * k, order[k]);
            host.putInt(lengths + Integer.BYTES * k, batch.timesteps(axis, from + k));
            host.putLong(starts + Long.BYTES * k, batch.start(axis, from + k) - first);
        }
        int actives = Math.toIntExact(activeAt());
        int offsets = Math.toIntExact(offsetsAt());
        long offset = 0;
        for (int t = 0; t < steps; t++) {
            host.putInt(actives + Integer.BYTES * t, active[t]);
            host.putLong(offsets + Long.BYTES * t, offset);
            offset += active[t];
        }
        host.putInt(actives + Integer.BYTES * steps, 0);
    }

    /** Where that lies on the device, whose staging memory begins at {@code address}. */
    Piece.Axis on(long address) {
        return new Piece.Axis(
                rows,
                steps,
                positions,
                address + begin,
                address + orderAt(),
                address + activeAt(),
                address + offsetsAt(),
                address + startsAt(),
                address + lengthsAt());
    }
}
