package io.streamcell.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.Parity;
import io.streamcell.kernels.RandomGraphs;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Cell;
import io.streamcell.models.Network;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernels' own source, emulated on the CPU, gives the bits of the plain definition. */
class EmulatedParityTest {
    @BeforeAll
    static void assume() {
        assumeThat(EmulatedDevice.unavailable()).isEmpty();
    }

    private final KernelProvider provider = new CudaProvider(new EmulatedDevice(75));

    @Test
    void randomNetworksGiveTheBitsOfTheReference() {
        long compared =
                LongStream.range(0, 100)
                        .parallel()
                        .filter(
                                seed -> {
                                    Network network = new RandomNetworks(seed).any();
                                    if (!hasKernels(network)) {
                                        return false;
                                    }
                                    int rows = 1 + (int) (seed % 9);
                                    compare(network, new Random(seed), rows, 6, 3);
                                    return true;
                                })
                        .count();
        assertThat(compared).isGreaterThan(20);
    }

    @Test
    void functionsGiveTheBitsOfTheVectors() throws IOException {
        assertThat(FunctionChecks.check(new EmulatedDevice(75))).isGreaterThan(11_000);
    }

    @Test
    void cellsOfAwkwardSizesGiveTheBitsOfTheReference() {
        int[][] sizes = {{1, 1}, {7, 17}, {17, 3}, {64, 33}, {3, 65}};
        for (int[] size : sizes) {
            RandomNetworks networks = new RandomNetworks(size[0] * 1000L + size[1]);
            List<Cell> cells =
                    List.of(
                            networks.lstm(size[0], size[1]),
                            networks.gru(size[0], size[1], true),
                            networks.gru(size[0], size[1], false),
                            networks.cell(size[0], size[1]));
            for (Cell cell : cells) {
                Network network = networks.single(cell);
                if (hasKernels(network)) {
                    compare(network, new Random(size[1]), 5, 3, 0);
                }
            }
        }
    }

    @Test
    void layersWithoutAKernelAreComputedOnTheCpuWhereThatIsConfigured() {
        KernelOptions fallback = new KernelOptions(KernelOptions.EXACT, 1, true);
        LongStream.range(0, 20)
                .parallel()
                .forEach(
                        seed -> {
                            Network network = new RandomGraphs(seed).network();
                            Parity.compare(provider, fallback, network, new Random(seed), 6, 5, 0);
                        });
    }

    @Test
    void batchesOfManyTilesGiveTheBitsOfTheReference() {
        RandomNetworks networks = new RandomNetworks(5);
        compare(networks.single(networks.lstm(7, 35)), new Random(1), 300, 3, 0);
    }

    @Test
    void tensorCoresComeNearAndGiveAStreamTheSameBitsInEveryBatch() {
        for (int capability : new int[] {80, 90}) {
            KernelProvider device = new CudaProvider(new EmulatedDevice(capability));
            TensorChecks.check(device, "tf32", 12, 20, 150, 4e-3f);
            TensorChecks.check(device, "bf16", 12, 20, 150, 3e-2f);
        }
    }

    private static boolean hasKernels(Network network) {
        return network.nodes().stream().allMatch(node -> Layers.refusal(node.layer()).isEmpty());
    }

    private void compare(Network network, Random random, int rows, int longest, int extremes) {
        Parity.compare(provider, network, random, rows, longest, extremes);
    }
}
