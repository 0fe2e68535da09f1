package io.streamcell.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.Allocation;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Network;
import org.junit.jupiter.api.Test;

/**
 * In a JVM of its own: whether vectors stay in registers is up to what the JIT compiler inlines,
 * which it decides by all that the JVM has run before.
 */
class VectorAllocationTest {

    @Test
    void batchAllocatesNothingOnceScratchMemoryHasGrown() {
        for (long seed = 0; seed < 10; seed++) {
            Network network = new RandomNetworks(seed).any();
            assertThat(Allocation.perBatch(new VectorProvider(), network, 9, 4))
                    .as("seed %d", seed)
                    .isLessThan(16);
        }
    }
}
