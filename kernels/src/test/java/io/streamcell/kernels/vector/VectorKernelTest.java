package io.streamcell.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelContract;
import org.junit.jupiter.api.Test;

class VectorKernelTest extends KernelContract {
    VectorKernelTest() {
        super(new VectorProvider());
    }

    @Test
    void aCallAllocatesNothingOnceItsScratchMemoryHasGrown() {
        assertThat(bytesPerCall()).isLessThan(64);
    }
}
