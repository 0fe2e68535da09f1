package io.streamcell.kernels;

/**
 * A compiled network. Owns packed weights and scratch memory; used by one thread at a time. The
 * bits of a row's outputs and states depend on that row alone, never on the others of its batch;
 * only where {@link KernelProvider#customCells} is true, their last bits may.
 */
public interface NetworkKernel extends AutoCloseable {
    /**
     * A slab for this kernel's states, all of them unused.
     *
     * @param slots how many streams it can hold
     */
    StateSlab newSlab(int slots);

    /** {@link #advance(StateSlab, Batch, int, int)} for every row. */
    default void advance(StateSlab slab, Batch batch) {
        advance(slab, batch, 0, batch.rows());
    }

    /**
     * Advances rows of the batch by their timesteps: reads each row's state from its slot, writes
     * the outputs into the batch and the new state into the slot. Allocates nothing once its
     * scratch memory has grown to the batch.
     *
     * @param slab made by this kernel, or by another of the same network and provider
     * @param from the first row
     * @param to the row after the last
     * @throws IllegalArgumentException if a slot is named twice (a stream would skip its own past)
     */
    void advance(StateSlab slab, Batch batch, int from, int to);

    /**
     * Begins what {@link #advance(StateSlab, Batch, int, int)} does, and may return before it is
     * done, where something else than this thread computes. Until {@link #await} the batch must
     * stay as it is, and only slots that it does not name may be read or written.
     */
    default void begin(StateSlab slab, Batch batch, int from, int to) {
        advance(slab, batch, from, to);
    }

    /** Waits for what was begun: then outputs are in the batch and states in their slots. */
    default void await() {}

    /**
     * Whether what was begun is still being computed, so that {@link #await} would wait. False
     * where nothing was begun, where {@link #begin} computes, and where computing failed, which
     * {@code await} then tells.
     */
    default boolean underway() {
        return false;
    }

    @Override
    void close();
}
