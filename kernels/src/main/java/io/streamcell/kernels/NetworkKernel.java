package io.streamcell.kernels;

/**
 * A compiled network. Owns packed weights and scratch memory; used by one thread at a time. The
 * bits of a row's outputs and states depend on that row alone, never on the others of its batch.
 */
public interface NetworkKernel extends AutoCloseable {
    /**
     * A slab for this kernel's states, all of them unused.
     *
     * @param slots how many streams it can hold
     */
    StateSlab newSlab(int slots);

    /**
     * Advances every row of the batch by its timesteps: reads the row's state from its slot, writes
     * the outputs into the batch and the new state into the slot. Allocates nothing once its
     * scratch memory has grown to the batch.
     *
     * @param slab made by this kernel
     * @throws IllegalArgumentException if a slot is named twice (a stream would skip its own past)
     */
    void advance(StateSlab slab, Batch batch);

    @Override
    void close();
}
