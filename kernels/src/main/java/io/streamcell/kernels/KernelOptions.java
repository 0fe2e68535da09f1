package io.streamcell.kernels;

import java.util.List;

/**
 * How a network is compiled.
 *
 * @param precision {@link #EXACT}, or another that the provider has
 * @param threads that one call may use
 * @param fallback whether layers that a provider has no kernel for, {@link
 *     KernelProvider#wholeNetworks}, are computed on the CPU instead of being refused
 */
public record KernelOptions(String precision, int threads, boolean fallback) {
    /** The version of the arithmetic; it changes when any score's bits do. */
    public static final int ARITHMETIC = 1;

    /** float32 in one order of operations, the same bits with every provider. */
    public static final String EXACT = "exact";

    /**
     * All precisions. Besides {@link #EXACT}, products of operands rounded to tf32 or bfloat16, on
     * tensor cores: the same bits for the same stream on one kind of device.
     */
    public static final List<String> PRECISIONS = List.of(EXACT, "tf32", "bf16");

    public KernelOptions {
        if (!PRECISIONS.contains(precision)) {
            throw new IllegalArgumentException(
                    "kernel.precision must be one of %s, got %s"
                            .formatted(String.join(", ", PRECISIONS), precision));
        }
        if (threads < 1) {
            throw new IllegalArgumentException("kernel.threads must be at least 1, got " + threads);
        }
    }

    /** Without a fallback. */
    public KernelOptions(String precision, int threads) {
        this(precision, threads, false);
    }

    public static KernelOptions exact() {
        return new KernelOptions(EXACT, 1);
    }
}
