package io.streamcell.benchmarks.kernels;

/**
 * A task made ready in one library: weights in the library's own format, inputs and outputs in
 * buffers and the layout that it likes best, so that a call copies nothing that it need not. Used
 * by one thread.
 */
interface Subject extends AutoCloseable {
    /**
     * Advances every row by the task's timesteps: reads the inputs and the state that the last call
     * left, gives h of every timestep and the new state.
     */
    void advance();

    /** The last call's outputs, row-major {@code [rows, timesteps, units]}; a copy. */
    float[] outputs();

    @Override
    void close();
}
