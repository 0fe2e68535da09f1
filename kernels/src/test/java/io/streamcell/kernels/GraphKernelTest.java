package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Activation;
import io.streamcell.models.Convolution;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Resampling;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What masks, turns round, pools, slices and convolves, around the kernels of every provider. */
class GraphKernelTest {
    static Stream<KernelProvider> providers() {
        return KernelProviders.all().stream().filter(p -> p.unavailable().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("providers")
    void randomGraphsGiveTheBitsOfTheReferenceChunkAfterChunk(KernelProvider provider) {
        for (long seed = 0; seed < 80; seed++) {
            Random random = new Random(seed);
            Network network = new RandomGraphs(seed).network();
            try (Streams own = new Streams(provider, network, 9);
                    Streams reference = new Streams(new ReferenceProvider(), network, 9)) {
                for (int chunk = 0; chunk < 3; chunk++) {
                    List<Streams.Row> rows = rows(own, random, 9);
                    List<Streams.Result> expected = reference.advance(rows);
                    List<Streams.Result> found = own.advance(rows);
                    for (int k = 0; k < rows.size(); k++) {
                        assertThat(found.get(k).outputs())
                                .as("seed %d, chunk %d", seed, chunk)
                                .isDeepEqualTo(expected.get(k).outputs());
                        int slot = rows.get(k).slot();
                        assertThat(own.state(slot)).isEqualTo(reference.state(slot));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void bitsOfARowDependOnThatRowAlone(KernelProvider provider) {
        for (long seed = 100; seed < 140; seed++) {
            Random random = new Random(seed);
            Network network = new RandomGraphs(seed).network();
            try (Streams together = new Streams(provider, network, 9);
                    Streams alone = new Streams(provider, network, 9)) {
                List<Streams.Row> rows = rows(together, random, 9);
                List<Streams.Result> results = together.advance(rows);
                for (int k = 0; k < rows.size(); k++) {
                    assertThat(results.get(k).outputs())
                            .as("seed %d", seed)
                            .isDeepEqualTo(alone.advance(List.of(rows.get(k))).get(0).outputs());
                    int slot = rows.get(k).slot();
                    assertThat(together.state(slot)).isEqualTo(alone.state(slot));
                }
            }
        }
    }

    private static List<Streams.Row> rows(Streams streams, Random random, int count) {
        List<Streams.Row> rows = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            rows.add(streams.row(random, slot, 6, 1));
        }
        Collections.shuffle(rows, random);
        return rows;
    }

    @ParameterizedTest
    @MethodSource("providers")
    void maskedTimestepsLeaveTheStateAndRepeatTheOutput(KernelProvider provider) {
        RandomNetworks networks = new RandomNetworks(3);
        NetworkBuilder builder = new NetworkBuilder("masked");
        int x = builder.timedInput("x", List.of(3));
        int mask = builder.add(new MaskLayer.Differs("mask", "Masking", 0), List.of(x)).get(0);
        Recurrent.Mode mode = new Recurrent.Mode(null, false, true, false, false, null);
        Recurrent layer =
                new Recurrent("rnn", "LSTM", List.of(networks.lstm(3, 5)), true, false, true, mode);
        Network network = builder.build(List.of("h"), builder.add(layer, List.of(x, mask)), false);
        try (Streams streams = new Streams(provider, network, 2)) {
            float[] values = {1, 2, 3, -1, 4, 2};
            float[] spread = {0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, -1, 4, 2, 0, 0, 0};
            int[] plain = advance(streams, 0, values, 2);
            int[] masked = advance(streams, 1, spread, 6);

            assertThat(streams.state(1)).isEqualTo(streams.state(0));
            assertThat(Arrays.copyOfRange(masked, 0, 5)).containsOnly(0);
            for (int repeated : new int[] {1, 2, 3}) {
                assertThat(Arrays.copyOfRange(masked, 5 * repeated, 5 * repeated + 5))
                        .isEqualTo(Arrays.copyOfRange(plain, 0, 5));
            }
            assertThat(Arrays.copyOfRange(masked, 20, 25))
                    .isEqualTo(Arrays.copyOfRange(plain, 5, 10))
                    .isEqualTo(Arrays.copyOfRange(masked, 25, 30));
        }
    }

    private static int[] advance(Streams streams, int slot, float[] values, int timesteps) {
        Streams.Row row = new Streams.Row(slot, new int[] {timesteps}, new float[][] {values});
        return streams.advance(List.of(row)).get(0).outputs()[0];
    }

    @Test
    void aLayerThatIsCalledTwiceGoesOnFromItsFirstCall() {
        RandomNetworks networks = new RandomNetworks(5);
        Recurrent layer =
                new Recurrent("rnn", "GRU", List.of(networks.gru(2, 2, true)), true, false, true);
        NetworkBuilder twice = new NetworkBuilder("twice");
        int x = twice.timedInput("x", List.of(2));
        int y = twice.add(layer, List.of(x)).get(0);
        int z = twice.add(layer, List.of(x)).get(0);
        Network network = twice.build(List.of("y", "z"), List.of(y, z), true);
        NetworkBuilder once = new NetworkBuilder("once");
        Network single =
                once.build(
                        List.of("y"),
                        once.add(layer, List.of(once.timedInput("x", List.of(2)))),
                        false);
        float[] values = {1, -2, 3, 0.5f};
        for (KernelProvider provider : providers().toList()) {
            try (Streams both = new Streams(provider, network, 1);
                    Streams one = new Streams(provider, single, 1)) {
                Streams.Row row = new Streams.Row(0, new int[] {2}, new float[][] {values});
                int[][] outputs = both.advance(List.of(row)).get(0).outputs();
                assertThat(outputs[0]).isEqualTo(advance(one, 0, values, 2));
                assertThat(outputs[1]).isEqualTo(advance(one, 0, values, 2));
                assertThat(both.state(0)).isEqualTo(one.state(0));
            }
        }
    }

    @Test
    void aConvolutionThatKeepsItsLastInputsGivesTheBitsOfTheWholeSequence() {
        float[] weights = {0.5f, -1, 2, 0.25f, 1, -0.75f};
        NetworkBuilder builder = new NetworkBuilder("convolution");
        int x = builder.timedInput("x", List.of(1));
        Convolution layer =
                new Convolution(
                        "conv",
                        "Conv1D",
                        1,
                        3,
                        2,
                        new Resampling.Windows(5, 1, 4),
                        true,
                        1,
                        Activation.LINEAR,
                        Weights.matrix(3, 2, weights),
                        Weights.vector(new float[] {0.1f, -0.1f}),
                        false);
        Network network = builder.build(List.of("y"), builder.add(layer, List.of(x)), false);
        float[] values = {1, 2, 3, 4, 5, 6, 7};
        try (Streams whole = new Streams(new ReferenceProvider(), network, 1);
                Streams cut =
                        new Streams(new ReferenceProvider(), network.carryingConvolutions(), 1)) {
            int[] expected = advance(whole, 0, values, 7);
            int[] first = advance(cut, 0, Arrays.copyOfRange(values, 0, 2), 2);
            int[] second = advance(cut, 0, Arrays.copyOfRange(values, 2, 7), 5);

            assertThat(first).isEqualTo(Arrays.copyOfRange(expected, 0, 4));
            assertThat(second).isEqualTo(Arrays.copyOfRange(expected, 4, 14));
            assertThat(cut.signature().needsWholeChunks()).isFalse();
            assertThat(cut.signature().layout().carriedWidth()).isEqualTo(4);
        }
    }

    @Test
    void aStreamBeginsWithTheNetworksInitialState() {
        RandomNetworks networks = new RandomNetworks(7);
        Recurrent.Mode mode =
                new Recurrent.Mode(
                        null, false, false, false, false, Weights.vector(new float[] {1, 2, 3}));
        Recurrent layer =
                new Recurrent(
                        "rnn", "GRU", List.of(networks.gru(1, 3, true)), true, false, true, mode);
        NetworkBuilder builder = new NetworkBuilder("initial");
        int x = builder.timedInput("x", List.of(1));
        Network network = builder.build(List.of("y"), builder.add(layer, List.of(x)), false);
        for (KernelProvider provider : providers().toList()) {
            try (Streams streams = new Streams(provider, network, 1)) {
                assertThat(streams.state(0))
                        .containsExactly(
                                Float.floatToIntBits(1),
                                Float.floatToIntBits(2),
                                Float.floatToIntBits(3));
            }
        }
    }
}
