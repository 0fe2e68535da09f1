package io.streamcell.kernels;

/**
 * Whether the processor computes as the rule of exactness asks. A native library can set a thread
 * to flush subnormal numbers to zero, and scores would then differ in their last bits from those of
 * other machines.
 */
public final class FloatEnvironment {
    /** Half of it is subnormal. In an array, so that no compiler divides it beforehand. */
    private static final float[] LEAST = {Float.MIN_NORMAL};

    private FloatEnvironment() {}

    /**
     * Checks the thread that calls, which must be the one that computes.
     *
     * @throws KernelException if it flushes subnormal numbers to zero
     */
    public static void check() {
        check(LEAST[0] / 2, LEAST[0]);
    }

    /**
     * @param half what the processor makes of half the least normal number
     */
    static void check(float half, float normal) {
        if (half == 0 || half + half != normal) {
            throw new KernelException(
                    "float32 must hold subnormal numbers, got them flushed to zero: did a native library set the processor's mode?");
        }
    }
}
