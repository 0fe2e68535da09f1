package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Cell;
import io.streamcell.models.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every fast provider's kernels must give: the bits of the plain definition. */
public abstract class ParityContract {
    private final KernelProvider provider;

    protected ParityContract(KernelProvider provider) {
        this.provider = provider;
    }

    @Test
    void randomNetworksGiveTheBitsOfTheReference() {
        for (long seed = 0; seed < 150; seed++) {
            Network network = new RandomNetworks(seed).any();
            compare(network, new Random(seed), 1 + (int) (seed % 9), 9, 0);
        }
    }

    @Test
    void extremeInputsAndStatesGiveTheBitsOfTheReference() {
        for (long seed = 1000; seed < 1100; seed++) {
            Network network = new RandomNetworks(seed).any();
            compare(network, new Random(seed), 7, 5, 3);
        }
    }

    @Test
    void cellsOfAwkwardSizesGiveTheBitsOfTheReference() {
        int[] sizes = {1, 3, 7, 17, 64, 257};
        for (int features : sizes) {
            for (int units : sizes) {
                RandomNetworks networks = new RandomNetworks(features * 1000L + units);
                List<Cell> cells =
                        List.of(
                                networks.lstm(features, units),
                                networks.gru(features, units, true),
                                networks.gru(features, units, false),
                                networks.cell(features, units));
                for (Cell cell : cells) {
                    compare(networks.single(cell), new Random(units), 5, 3, 0);
                }
            }
        }
    }

    @Test
    void longAndWideBatchesGiveTheBitsOfTheReference() {
        RandomNetworks networks = new RandomNetworks(5);
        compare(networks.single(networks.lstm(7, 17)), new Random(1), 257, 40, 0);
        compare(networks.single(networks.gru(3, 7, true)), new Random(2), 3, 3000, 0);
    }

    private void compare(Network network, Random random, int rows, int longest, int extremes) {
        try (Streams expected = new Streams(new ReferenceProvider(), network, rows + 2);
                Streams actual = new Streams(provider, network, rows + 2)) {
            for (int slot = 0; slot < rows + 2; slot++) {
                float[] state = new float[expected.signature().layout().carriedWidth()];
                for (int k = 0; k < state.length; k++) {
                    boolean strange = random.nextInt(100) < extremes;
                    state[k] = strange ? Float.NaN : (float) random.nextGaussian() * 0.5f;
                }
                expected.state(slot, state);
                actual.state(slot, state);
            }
            for (int call = 0; call < 2; call++) {
                List<Integer> slots =
                        new ArrayList<>(IntStream.range(0, rows + 2).boxed().toList());
                Collections.shuffle(slots, random);
                List<Streams.Row> batch = new ArrayList<>();
                for (int row = 0; row < rows - call; row++) {
                    batch.add(expected.row(random, slots.get(row), longest, extremes));
                }
                List<Streams.Result> wanted = expected.advance(batch);
                List<Streams.Result> got = actual.advance(batch);
                for (int row = 0; row < batch.size(); row++) {
                    assertThat(got.get(row).outputs())
                            .as("row %d of %s", row, network.nodes())
                            .isDeepEqualTo(wanted.get(row).outputs());
                }
                for (int slot = 0; slot < rows + 2; slot++) {
                    assertThat(actual.state(slot))
                            .as("state of %s", network.nodes())
                            .isEqualTo(expected.state(slot));
                }
            }
        }
    }
}
