package io.streamcell.kernels;

/**
 * Rows of recurrent state, one slot per resident stream, as the network's {@link
 * io.streamcell.models.StateLayout} lays them out. Owned by one operator and used by its thread.
 */
public interface StateSlab extends AutoCloseable {
    int slots();

    /** Writes the network's initial state into a slot. */
    void reset(int slot);

    /**
     * Writes the initial state of the layers that start every chunk afresh; called before each
     * chunk.
     */
    void startChunk(int slot);

    /**
     * Copies the carried part of a slot's state out.
     *
     * @param state {@code [carriedWidth]}
     */
    void read(int slot, float[] state);

    /**
     * Copies the carried parts of some slots' states out.
     *
     * @param count of the slots
     * @param states {@code [count, carriedWidth]}
     */
    void read(int[] slots, int count, float[] states);

    /**
     * Copies the carried part of a slot's state in; the rest is made initial.
     *
     * @param state {@code [carriedWidth]}; a NaN of any payload is held as 7fc00000
     */
    void write(int slot, float[] state);

    @Override
    void close();
}
