package io.streamcell.kernels;

import io.streamcell.models.Cell;
import io.streamcell.models.Network;
import java.util.List;
import java.util.Random;
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
        Parity.compare(provider, network, random, rows, longest, extremes);
    }
}
