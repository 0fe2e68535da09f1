package io.streamcell.kernels.cuda;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Carry;
import io.streamcell.models.Cell;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Times an LSTM on a GPU: its kernels alone, calls with their copies, and the native kernels of the
 * same machine's CPU. Prints a JSON object a line, which {@code benchmarks/gpu/table} sets beside
 * those of cuDNN.
 */
public final class GpuBenchmark {
    private static final int ROUNDS = 7;

    private final Device device;

    private GpuBenchmark(Device device) {
        this.device = device;
    }

    /** A size that is measured. */
    private record Case(int features, int units, int rows, int timesteps) {
        double flops() {
            return 2.0 * rows * timesteps * (features + units) * 4 * units;
        }
    }

    private static final List<Case> CASES =
            List.of(
                    new Case(8, 32, 4096, 1),
                    new Case(8, 32, 65536, 1),
                    new Case(64, 128, 64, 1),
                    new Case(64, 128, 256, 1),
                    new Case(64, 128, 1024, 1),
                    new Case(64, 128, 4096, 1),
                    new Case(64, 128, 16384, 1),
                    new Case(64, 128, 65536, 1),
                    new Case(64, 128, 4096, 10),
                    new Case(64, 128, 4096, 100),
                    new Case(128, 512, 64, 1),
                    new Case(128, 512, 1024, 1),
                    new Case(128, 512, 4096, 1),
                    new Case(128, 512, 16384, 1),
                    new Case(128, 512, 4096, 100));

    public static void main(String[] arguments) {
        Optional<String> reason = new CudaProvider().unavailable();
        if (reason.isPresent()) {
            System.err.println("gpu benchmark: " + reason.get());
            System.exit(2);
        }
        GpuBenchmark benchmark = new GpuBenchmark(new CudaDevice(0));
        System.out.printf(
                Locale.ROOT,
                "{\"device\":\"%s\",\"peak_tflops\":%.2f}%n",
                benchmark.device.properties(),
                benchmark.peak() * 1e-12);
        Map<List<Integer>, List<Case>> sizes = new LinkedHashMap<>();
        for (Case each : CASES) {
            sizes.computeIfAbsent(List.of(each.features(), each.units()), size -> new ArrayList<>())
                    .add(each);
        }
        KernelProvider cpu = KernelProviders.choose("native").provider();
        int threads = Runtime.getRuntime().availableProcessors();
        for (List<Case> cases : sizes.values()) {
            for (String precision : KernelOptions.PRECISIONS) {
                benchmark.kernels(cases, precision);
            }
            List<Case> small =
                    cases.stream()
                            .filter(each -> (long) each.rows() * each.timesteps() <= 1 << 17)
                            .toList();
            calls(small, new CudaProvider(), "cuda", 1);
            calls(small, cpu, "native, 1 thread", 1);
            calls(small, cpu, "native, %d threads".formatted(threads), threads);
        }
        System.exit(0);
    }

    private static Network network(Case each) {
        Cell lstm = KerasCells.of(each.features(), each.units()).get(0);
        return new RandomNetworks(1).single(lstm);
    }

    private static Batch batch(NetworkSignature signature, Case each) {
        Batch batch = new Batch(signature);
        Random random = new Random(1);
        for (int row = 0; row < each.rows(); row++) {
            batch.add(row, each.timesteps());
        }
        float[] values = batch.input(0);
        for (int k = 0; k < each.rows() * each.timesteps() * each.features(); k++) {
            values[k] = (float) random.nextGaussian();
        }
        return batch;
    }

    /** Launches alone: inputs and states lie on the device, and outputs stay there. */
    private void kernels(List<Case> cases, String precision) {
        Network network = network(cases.get(0));
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        try (Program program =
                ProgramBuilder.build(
                        device, network, signature.layout(), Precision.of(precision))) {
            for (Case each : cases) {
                try (CudaSlab slab = new CudaSlab(signature.layout(), program, each.rows());
                        Lane lane = new Lane(program, network)) {
                    reset(slab);
                    slab.flush();
                    lane.begin(slab, batch(signature, each), 0, each.rows());
                    lane.finish();
                    double seconds = seconds(lane::launch, lane::await);
                    report(each, "cuda kernels", precision, seconds);
                }
            }
        }
    }

    /** Calls as a job makes them: inputs come from the heap, outputs go there. */
    private static void calls(List<Case> cases, KernelProvider provider, String name, int threads) {
        Network network = network(cases.get(0));
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        KernelOptions options = new KernelOptions(KernelOptions.EXACT, threads);
        try (NetworkKernel kernel =
                KernelProviders.compile(provider, network, signature.layout(), options)) {
            for (Case each : cases) {
                try (StateSlab slab = kernel.newSlab(each.rows())) {
                    reset(slab);
                    Batch batch = batch(signature, each);
                    double seconds = seconds(() -> kernel.advance(slab, batch), () -> {});
                    report(each, name + ", with copies", KernelOptions.EXACT, seconds);
                }
            }
        }
    }

    private static void reset(StateSlab slab) {
        for (int slot = 0; slot < slab.slots(); slot++) {
            slab.reset(slot);
        }
    }

    private static void report(Case each, String what, String precision, double seconds) {
        System.out.printf(
                Locale.ROOT,
                "{\"features\":%d,\"units\":%d,\"rows\":%d,\"timesteps\":%d,\"what\":\"%s\",\"precision\":\"%s\",\"us\":%.2f,\"tflops\":%.3f}%n",
                each.features(),
                each.units(),
                each.rows(),
                each.timesteps(),
                what,
                precision,
                seconds * 1e6,
                each.flops() / seconds * 1e-12);
    }

    /** The median of several rounds of about a fiftieth of a second. */
    private static double seconds(Runnable work, Runnable wait) {
        work.run();
        wait.run();
        long began = System.nanoTime();
        work.run();
        wait.run();
        int turns = (int) Math.max(1, Math.min(500, 20_000_000 / (System.nanoTime() - began + 1)));
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            began = System.nanoTime();
            for (int k = 0; k < turns; k++) {
                work.run();
            }
            wait.run();
            rounds[round] = (System.nanoTime() - began) * 1e-9 / turns;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    /** Multiply-adds in registers alone, in FLOP/s. */
    private double peak() {
        String source =
                """
                extern "C" __global__ void __launch_bounds__(256) peak(float *y, long long turns) {
                    float sums[16], b = y[0], c = y[1], all = 0;
                    for (int i = 0; i < 16; i++) {
                        sums[i] = threadIdx.x + i;
                    }
                    for (long long k = 0; k < turns; k++) {
                #pragma unroll
                        for (int i = 0; i < 16; i++) {
                            sums[i] = __fmaf_rn(sums[i], b, c);
                        }
                    }
                    for (int i = 0; i < 16; i++) {
                        all += sums[i];
                    }
                    if (all == 1.25f) {
                        y[2] = all;
                    }
                }
                """;
        int turns = 8192;
        try (Device.Module module = device.compile(source);
                Device.Stream stream = device.newStream();
                Memory memory = new Memory(device)) {
            memory.reserve(16);
            stream.clear(memory.address(), 16);
            Device.Kernel kernel = module.kernel("peak", 0);
            double seconds =
                    seconds(
                            () ->
                                    stream.launch(
                                            kernel, kernel.resident(), 1, memory.address(), turns),
                            stream::await);
            return 2.0 * 16 * turns * 256 * kernel.resident() / seconds;
        }
    }
}
