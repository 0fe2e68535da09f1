package io.streamcell.kernels.cuda;

import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.Parity;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Cell;
import io.streamcell.models.Network;
import java.util.List;
import java.util.Random;

/**
 * A little of every kernel, for NVIDIA's compute-sanitizer, which makes them slow. {@code
 * GpuSanitize [CAPABILITY]}: of an older kind, as in {@link GpuCheck}.
 */
public final class GpuSanitize {
    private GpuSanitize() {}

    public static void main(String[] arguments) {
        Device device = GpuCheck.device(arguments.length > 0 ? arguments[0] : "");
        KernelProvider provider = new CudaProvider(device);
        int compared = 0;
        for (long seed = 0; seed < 40 && compared < 6; seed++) {
            Network network = new RandomNetworks(seed).any();
            if (network.nodes().stream().allMatch(node -> Layers.refusal(node.layer()).isEmpty())) {
                Parity.compare(provider, network, new Random(seed), 5, 4, 0);
                compared++;
            }
        }
        RandomNetworks networks = new RandomNetworks(9);
        for (Cell cell :
                List.of(
                        networks.lstm(20, 40),
                        networks.gru(7, 17, true),
                        networks.gru(16, 33, false))) {
            Parity.compare(provider, networks.single(cell), new Random(1), 150, 3, 0);
            compared++;
        }
        TensorChecks.check(provider, "tf32", 12, 20, 150, 4e-3f);
        TensorChecks.check(provider, "bf16", 12, 20, 150, 3e-2f);
        System.out.printf(
                "gpu sanitize: %d networks and both tensor precisions ran on %s%n",
                compared, device.properties());
        System.exit(0);
    }
}
