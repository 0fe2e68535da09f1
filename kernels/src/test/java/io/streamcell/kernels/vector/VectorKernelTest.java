package io.streamcell.kernels.vector;

import io.streamcell.kernels.KernelContract;

class VectorKernelTest extends KernelContract {
    VectorKernelTest() {
        super(new VectorProvider());
    }
}
