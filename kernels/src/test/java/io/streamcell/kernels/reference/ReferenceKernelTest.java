package io.streamcell.kernels.reference;

import io.streamcell.kernels.KernelContract;

class ReferenceKernelTest extends KernelContract {
    ReferenceKernelTest() {
        super(new ReferenceProvider());
    }
}
