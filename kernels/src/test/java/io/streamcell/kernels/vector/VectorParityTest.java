package io.streamcell.kernels.vector;

import io.streamcell.kernels.ParityContract;

class VectorParityTest extends ParityContract {
    VectorParityTest() {
        super(new VectorProvider());
    }
}
