package io.streamcell.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.Streams;
import io.streamcell.models.Network;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Nd4jKernelTest {
    @BeforeEach
    void assume() {
        Nd4jHere.assume();
    }

    @Test
    void randomNetworksGiveTheValuesOfTheReference() {
        int compared = 0;
        for (long seed = 0; seed < 60; seed++) {
            Network network = new RandomNetworks(seed).any();
            compared += Agreement.check(network, seed, 1 + (int) (seed % 7), 6) ? 1 : 0;
        }
        assertThat(compared).isGreaterThan(25);
    }

    @Test
    void cellsOfAwkwardSizesGiveTheValuesOfTheReference() {
        int[] sizes = {1, 3, 17, 64};
        for (int features : sizes) {
            for (int units : sizes) {
                RandomNetworks networks = new RandomNetworks(features * 100L + units);
                Agreement.check(networks.single(networks.lstm(features, units)), units, 5, 3);
                Agreement.check(networks.single(networks.gru(features, units, true)), units, 5, 3);
                Agreement.check(networks.single(networks.gru(features, units, false)), units, 5, 3);
                Agreement.check(networks.single(networks.cell(features, units)), units, 5, 3);
            }
        }
    }

    @Test
    void chunksGiveTheValuesOfTheWhole() {
        RandomNetworks networks = new RandomNetworks(3);
        Network network = networks.single(networks.lstm(5, 7));
        try (Streams streams = new Streams(new Nd4jProvider(), network, 2)) {
            Streams.Row row = streams.row(new Random(3), 0, 1, 0);
            float[] values = new float[9 * 5];
            for (int k = 0; k < values.length; k++) {
                values[k] = (float) Math.sin(k);
            }
            Streams.Row whole = new Streams.Row(row.slot(), new int[] {9}, new float[][] {values});
            streams.advance(List.of(whole));
            for (int[] part : new int[][] {{0, 4}, {4, 5}, {5, 9}}) {
                Streams.Row chunk = whole.part(part[0], part[1]);
                streams.advance(List.of(new Streams.Row(1, chunk.timesteps(), chunk.inputs())));
            }
            assertThat(Agreement.farthest(streams.state(1), streams.state(0)))
                    .isLessThanOrEqualTo(Agreement.MOST);
        }
    }

    @Test
    void nanStaysInItsRowAndIsStoredWithOneBitPattern() {
        RandomNetworks networks = new RandomNetworks(1);
        Network network = networks.single(networks.gru(2, 3, true));
        try (Streams streams = new Streams(new Nd4jProvider(), network, 2)) {
            float[] nan = {Float.intBitsToFloat(0xffc12345), Float.NaN};
            Streams.Row bad = new Streams.Row(0, new int[] {1}, new float[][] {nan});
            Streams.Row good = new Streams.Row(1, new int[] {1}, new float[][] {{1, 2}});
            List<Streams.Result> results = streams.advance(List.of(bad, good));
            assertThat(results.get(0).outputs()[0]).containsOnly(0x7fc00000);
            assertThat(streams.state(0)).containsOnly(0x7fc00000);
            assertThat(results.get(1).outputs()[0]).doesNotContain(0x7fc00000);
        }
    }

    @Test
    void slotNamedTwiceIsRefused() {
        RandomNetworks networks = new RandomNetworks(1);
        try (Streams streams =
                new Streams(new Nd4jProvider(), networks.single(networks.lstm(4, 3)), 3)) {
            Streams.Row row = streams.row(new Random(1), 2, 3, 0);
            assertThatThrownBy(() -> streams.advance(List.of(row, row)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a slot must be named once in a batch, got 2 twice");
        }
    }

    @Test
    void batchWithoutRowsChangesNothing() {
        RandomNetworks networks = new RandomNetworks(1);
        try (Streams streams =
                new Streams(new Nd4jProvider(), networks.single(networks.lstm(4, 3)), 1)) {
            assertThat(streams.advance(List.of())).isEmpty();
        }
    }
}
