package io.streamcell.kernels;

/**
 * How a network is compiled.
 *
 * @param precision {@code exact} is the only one so far
 * @param threads that one call may use
 */
public record KernelOptions(String precision, int threads) {
    /** The version of the arithmetic; it changes when any score's bits do. */
    public static final int ARITHMETIC = 1;

    public KernelOptions {
        if (!precision.equals("exact")) {
            throw new IllegalArgumentException("kernel.precision must be exact, got " + precision);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("kernel.threads must be at least 1, got " + threads);
        }
    }

    public static KernelOptions exact() {
        return new KernelOptions("exact", 1);
    }
}
