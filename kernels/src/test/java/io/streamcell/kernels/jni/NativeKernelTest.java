package io.streamcell.kernels.jni;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.Allocation;
import io.streamcell.kernels.KernelContract;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Network;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeKernelTest extends KernelContract {
    NativeKernelTest() {
        super(new NativeProvider());
    }

    @BeforeAll
    static void onlyWhereTheLibraryWasBuilt() {
        NativeHere.assume();
    }

    @Test
    void batchAllocatesNothingInTheHeapOnceScratchMemoryHasGrown() {
        for (long seed = 0; seed < 10; seed++) {
            Network network = new RandomNetworks(seed).any();
            assertThat(Allocation.perBatch(new NativeProvider(), network, 9, 4))
                    .as("seed %d", seed)
                    .isLessThan(16);
        }
    }
}
