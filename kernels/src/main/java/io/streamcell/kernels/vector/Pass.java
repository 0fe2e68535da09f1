package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;

/** One node of a network, bound to its tensors, over a whole batch. */
interface Pass {
    /** Computes the node's outputs; its tensors have been made to fit the batch. */
    void run(HostSlab slab, Batch batch);
}
