package io.streamcell.kernels.cuda;

import io.streamcell.models.Shape;
import java.util.Arrays;

/**
 * Some rows of a batch on the device: where their tensors lie, how each axis of time is sorted, and
 * the stream that they are computed on.
 */
final class Piece {
    /**
     * The rows on one axis of time, the longest first.
     *
     * @param rows of the piece
     * @param steps timesteps of the longest row
     * @param positions timesteps of all rows
     * @param states address of each row's slot and version, see {@code cells.cuh}
     * @param order address of each row's number in the piece
     * @param active address of the rows that have each timestep
     * @param offsets address of each timestep's first position
     * @param starts address of each row's first timestep in the packed values, by number
     * @param lengths address of each row's timesteps, by number
     */
    record Axis(
            int rows,
            int steps,
            long positions,
            long states,
            long order,
            long active,
            long offsets,
            long starts,
            long lengths) {}

    private final Program program;
    private final Device.Stream stream;
    private final int multiprocessors;
    private final long barrier;
    private long arrived;

    private CudaSlab slab;
    private int rows;
    private Axis[] axes;
    private long[] tensors;
    private long wrongToken;

    /**
     * @param barrier address of the counter that blocks wait on, 0 at first
     */
    Piece(Program program, Device.Stream stream, long barrier) {
        this.program = program;
        this.stream = stream;
        this.multiprocessors = program.device().properties().multiprocessors();
        this.barrier = barrier;
    }

    /** Takes what the next launches work on. */
    void take(CudaSlab states, int count, Axis[] sorted, long[] addresses, long wrong) {
        slab = states;
        rows = count;
        axes = sorted;
        tensors = addresses;
        wrongToken = wrong;
    }

    Device.Stream stream() {
        return stream;
    }

    int multiprocessors() {
        return multiprocessors;
    }

    Axis axis(int number) {
        return axes[number];
    }

    /** Address of a tensor; 0 for none. */
    long at(int tensor) {
        return tensor < 0 ? 0 : tensors[tensor];
    }

    /** Rows of the last dimension of a tensor. */
    long rows(int tensor) {
        return positions(tensor) * program.tensors.get(tensor).inner();
    }

    long positions(int tensor) {
        int axis = program.tensors.get(tensor).axis();
        return axis == Shape.STATIC ? rows : axes[axis].positions();
    }

    /** Address of a state tensor in the slab. */
    long state(int number) {
        return slab.address(number);
    }

    long slots() {
        return slab.slots();
    }

    /** Address of what a wrong token sets. */
    long wrongToken() {
        return wrongToken;
    }

    /** Launches a kernel whose threads share out {@code count} values. */
    void each(Device.Kernel kernel, long count, long... arguments) {
        stream.launch(kernel, blocks(count), 1, arguments);
    }

    /** Launches a kernel over all timesteps of an axis, {@code width} values a row. */
    void eachInTime(Device.Kernel kernel, Axis axis, long width, long... arguments) {
        stream.launch(kernel, blocks(axis.rows() * width), Math.min(axis.steps(), 64), arguments);
    }

    private int blocks(long count) {
        long most = 16L * multiprocessors;
        return (int) Math.min(most, (count + Device.Kernel.THREADS - 1) / Device.Kernel.THREADS);
    }

    /**
     * Launches a recurrent kernel, whose last arguments are those of the barrier.
     *
     * @param barriers how often its blocks wait for each other
     */
    void launchInTime(Device.Kernel kernel, int tiles, long barriers, long... arguments) {
        long[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = barrier;
        all[arguments.length + 1] = arrived;
        if (barriers > 0) {
            int blocks = Math.min(tiles, kernel.resident());
            stream.launchTogether(kernel, blocks, all);
            arrived += blocks * barriers;
        } else {
            stream.launch(kernel, tiles, 1, all);
        }
    }

    /** Copies a state tensor as it is after the piece. */
    void stateAfter(int number, int tensor) {
        Program.StateTensor state = program.states.get(number);
        Axis axis = axes[state.axis()];
        each(
                program.kernels.statesAfter,
                (long) rows * state.units(),
                state(number),
                state.pitch(),
                slots(),
                state.versions(),
                axis.states(),
                axis.order(),
                axis.lengths(),
                state.units(),
                rows,
                at(tensor));
    }
}
