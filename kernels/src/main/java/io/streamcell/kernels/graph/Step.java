package io.streamcell.kernels.graph;

import io.streamcell.kernels.HostSlab;

/** A part of a network, bound to its tensors, over the rows of a batch. */
interface Step extends AutoCloseable {
    /** Computes the part's outputs; its tensors have been made to fit the rows. */
    void run(Rows rows, HostSlab slab);

    @Override
    default void close() {
        // Most hold nothing but memory in the heap.
    }
}
