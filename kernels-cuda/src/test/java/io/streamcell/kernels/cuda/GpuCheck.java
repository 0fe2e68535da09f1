package io.streamcell.kernels.cuda;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.Parity;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Cell;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Checks the kernels on a GPU: bits against the plain definition, tensor cores against the exact
 * kernels. {@code GpuCheck MODELS [SEEDS [emulated | CAPABILITY]]}: a folder of models, one in each
 * folder of it, how many random networks, and whether the GPU is to be emulated, or to compute with
 * the kernels of an older kind; exit status 1 if anything differs.
 */
public final class GpuCheck {
    private final Device device;
    private final KernelProvider provider;
    private final List<String> failures = new ArrayList<>();
    private int compared;
    private int refused;

    private GpuCheck(Device device) {
        this.device = device;
        this.provider = new CudaProvider(device);
    }

    public static void main(String[] arguments) throws Exception {
        String kind = arguments.length > 2 ? arguments[2] : "";
        boolean emulated = kind.equals("emulated");
        Optional<String> reason =
                emulated ? EmulatedDevice.unavailable() : new CudaProvider().unavailable();
        if (reason.isPresent()) {
            System.err.println("gpu check: " + reason.get());
            System.exit(2);
        }
        GpuCheck check = new GpuCheck(emulated ? new EmulatedDevice(90) : device(kind));
        int seeds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        check.run(Path.of(arguments[0]), seeds);
    }

    /** The first GPU; with a compute capability as if it were of that kind. */
    static Device device(String capability) {
        CudaDevice device = new CudaDevice(0);
        return capability.isEmpty()
                ? device
                : new OlderDevice(device, Integer.parseInt(capability));
    }

    private void run(Path models, int seeds) throws Exception {
        System.out.println(device.properties());
        functions();
        // Compiling takes the time, and can be done by many at once.
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        each(threads, "models", models(models, KernelOptions.exact()));
        KernelOptions fallback = new KernelOptions(KernelOptions.EXACT, 1, true);
        each(threads, "models, the rest on the CPU", models(models, fallback));
        List<Case> random = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            Network network = new RandomNetworks(seed).any();
            int rows = 1 + seed % 9;
            int number = seed;
            random.add(
                    new Case(
                            "seed " + seed,
                            () ->
                                    Parity.compare(
                                            provider, network, new Random(number), rows, 9, 3)));
        }
        each(threads, "random networks", random);
        each(threads, "cells", cells());
        threads.shutdown();
        tensorCores();
        System.out.printf(
                "gpu check: %d compared, %d refused, %d failed%n",
                compared, refused, failures.size());
        failures.forEach(System.out::println);
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    private record Case(String name, Runnable check) {}

    private List<Case> models(Path folder, KernelOptions options) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.filter(Files::isDirectory).sorted().toList()) {
                try (Stream<Path> files = Files.list(each)) {
                    Optional<Path> model =
                            files.filter(file -> file.getFileName().toString().startsWith("model"))
                                    .sorted()
                                    .findFirst();
                    model.ifPresent(
                            file ->
                                    cases.add(
                                            new Case(
                                                    each.getFileName().toString(),
                                                    () -> compare(file, options))));
                }
            }
        }
        return cases;
    }

    private void compare(Path model, KernelOptions options) {
        Network network;
        try {
            network = Models.read(model);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Parity.compare(provider, options, network, new Random(1), 5, 7, 0);
        Parity.compare(provider, options, network, new Random(2), 40, 1, 0);
    }

    private List<Case> cells() {
        List<Case> cases = new ArrayList<>();
        int[][] sizes = {
            {1, 1}, {3, 7}, {17, 17}, {64, 128}, {7, 257}, {257, 64}, {128, 512}, {33, 65}
        };
        for (int[] size : sizes) {
            for (int kind = 0; kind < 4; kind++) {
                RandomNetworks networks = new RandomNetworks(size[0] * 1000L + size[1]);
                Cell cell =
                        switch (kind) {
                            case 0 -> networks.lstm(size[0], size[1]);
                            case 1 -> networks.gru(size[0], size[1], true);
                            case 2 -> networks.gru(size[0], size[1], false);
                            default -> networks.cell(size[0], size[1]);
                        };
                Network network = networks.single(cell);
                String name = "%s(%d, %d)".formatted(cell.kind(), size[0], size[1]);
                int rows = size[1] > 256 ? 70 : 700;
                cases.add(
                        new Case(
                                name,
                                () -> {
                                    Parity.compare(provider, network, new Random(3), rows, 5, 1);
                                    Parity.compare(provider, network, new Random(4), 3, 60, 1);
                                }));
            }
        }
        return cases;
    }

    /** Runs cases beside each other; those that are refused are counted. */
    private void each(ExecutorService threads, String what, List<Case> cases) throws Exception {
        long began = System.nanoTime();
        List<Future<?>> futures = new ArrayList<>();
        for (Case each : cases) {
            futures.add(threads.submit(each.check()));
        }
        int good = 0;
        int refusedBefore = refused;
        List<String> reasons = new ArrayList<>();
        for (int k = 0; k < cases.size(); k++) {
            try {
                futures.get(k).get();
                good++;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                if (cause instanceof KernelException) {
                    refused++;
                    reasons.add(cases.get(k).name());
                } else {
                    String text = String.valueOf(cause).lines().limit(12).toList().toString();
                    failures.add(cases.get(k).name() + ": " + text);
                }
            }
        }
        compared += good;
        System.out.printf(
                "%s: %d of %d have the bits of the reference, %d refused, %.1f s %s%n",
                what,
                good,
                cases.size(),
                refused - refusedBefore,
                (System.nanoTime() - began) * 1e-9,
                what.equals("models") ? reasons : "");
    }

    private void functions() {
        try {
            int values = FunctionChecks.check(device);
            System.out.printf("functions: %d values have the bits of the vectors%n", values);
            compared++;
        } catch (AssertionError | IOException e) {
            failures.add("functions: " + e);
        }
    }

    private void tensorCores() {
        for (String precision : List.of("tf32", "bf16")) {
            float most = precision.equals("tf32") ? 4e-3f : 3e-2f;
            if (device.properties().capability() < Precision.of(precision).leastCapability()) {
                continue;
            }
            try {
                for (int[] size : new int[][] {{12, 20}, {64, 128}, {128, 512}}) {
                    float difference =
                            TensorChecks.check(provider, precision, size[0], size[1], 300, most);
                    System.out.printf(
                            "%s (%d, %d): same bits in every batch, at most %.2e from exact%n",
                            precision, size[0], size[1], difference);
                    compared++;
                }
            } catch (AssertionError e) {
                failures.add(precision + ": " + e);
            }
        }
    }
}
