package io.streamcell.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelContract;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Network;
import org.junit.jupiter.api.Test;

class VectorKernelTest extends KernelContract {
    VectorKernelTest() {
        super(new VectorProvider());
    }

    @Test
    void batchAllocatesNothingOnceScratchMemoryHasGrown() {
        for (long seed = 0; seed < 10; seed++) {
            Network network = new RandomNetworks(seed).any();
            assertThat(allocatedPerBatch(network, 9, 4)).as("seed %d", seed).isLessThan(16);
        }
    }
}
