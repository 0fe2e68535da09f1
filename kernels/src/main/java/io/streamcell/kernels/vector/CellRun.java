package io.streamcell.kernels.vector;

/** One cell over the sequences of a batch, with the states of the batch's rows. */
interface CellRun {
    /** Makes room for the states of so many rows. */
    void fit(int rows);

    /** Copies a row's states in, and says where the next cell's begin. */
    int load(int row, float[] page, int from);

    /**
     * Runs the cell.
     *
     * @param x {@code [total, xStride]}
     * @param sequence the output at every timestep, {@code [total, stride]}; written
     */
    void run(Packing packing, float[] x, int xStride, float[] sequence);

    /**
     * Copies a row's states out, every NaN made the canonical one, and says where the next cell's
     * begin.
     *
     * @param sequence that {@link #run} wrote
     * @param last the row's last timestep in it
     */
    int store(float[] sequence, int last, int row, float[] page, int to);

    /** Width of an output row with its padding. */
    int stride();
}
