package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;

/** One node of a network, compiled. */
interface LayerKernel {
    /** Computes the node's outputs for the whole batch. */
    void run(Tensors tensors, HostSlab slab, Batch batch);
}
