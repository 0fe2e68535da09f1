package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HostSlabTest {
    private static StateLayout layout(int units, Carry carry) {
        Network network = new RandomNetworks(1).single(new RandomNetworks(1).lstm(1, units));
        return StateLayout.of(network, carry);
    }

    @Test
    void slotsKeepTheirOwnRowsAcrossPages() {
        // 2000 floats a row: 128 rows a page of 2^18 floats.
        try (HostSlab slab = new HostSlab(layout(1000, Carry.ALWAYS), 300)) {
            float[] state = new float[2000];
            for (int slot = 0; slot < 300; slot++) {
                Arrays.fill(state, slot);
                slab.write(slot, state);
            }
            for (int slot = 0; slot < 300; slot++) {
                slab.read(slot, state);
                assertThat(state).containsOnly(slot);
            }
            assertThat(slab.page(127)).isSameAs(slab.page(0)).isNotSameAs(slab.page(128));
            assertThat(slab.offset(129)).isEqualTo(2000);
            assertThat(slab.slots()).isEqualTo(300);
        }
    }

    @Test
    void resetMakesTheWholeRowInitial() {
        try (HostSlab slab = new HostSlab(layout(2, Carry.ALWAYS), 2)) {
            float[] state = {1, 2, 3, 4};
            slab.write(0, state);
            slab.write(1, state);
            slab.reset(0);
            slab.read(0, state);
            assertThat(state).containsOnly(0);
            slab.read(1, state);
            assertThat(state).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void startOfAChunkMakesWhatIsNotCarriedInitial() {
        try (HostSlab slab = new HostSlab(layout(2, Carry.NEVER), 1)) {
            Arrays.fill(slab.page(0), 5);
            slab.startChunk(0);
            assertThat(slab.page(0)).containsOnly(0);
        }
        try (HostSlab slab = new HostSlab(layout(2, Carry.ALWAYS), 1)) {
            Arrays.fill(slab.page(0), 5);
            slab.startChunk(0);
            assertThat(slab.page(0)).containsOnly(5);
        }
    }

    @Test
    void nanIsHeldWithOneBitPattern() {
        try (HostSlab slab = new HostSlab(layout(1, Carry.ALWAYS), 1)) {
            float[] state = {Float.intBitsToFloat(0xff800001), -0f};
            slab.write(0, state);
            slab.read(0, state);
            assertThat(Float.floatToRawIntBits(state[0])).isEqualTo(0x7fc00000);
            assertThat(Float.floatToRawIntBits(state[1])).isEqualTo(0x80000000);
        }
    }

    @Test
    void slabWithoutSlotsIsRefused() {
        assertThatThrownBy(() -> new HostSlab(layout(1, Carry.ALWAYS), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a slab must have a slot, got 0");
    }
}
