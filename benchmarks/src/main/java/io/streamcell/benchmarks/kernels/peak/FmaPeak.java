package io.streamcell.benchmarks.kernels.peak;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many float operations a second one core does when it does nothing but fused multiply-adds in
 * registers, each counted as two. Twelve independent chains hide the latency (4 cycles on two
 * ports) and leave registers of AVX2 for the two operands, which every chain adds the product of
 * (C2 writes an FMA onto its addend, so nothing is moved); a method of its own, with no call in it,
 * lets C2 keep all of them in registers.
 */
public final class FmaPeak implements Runnable {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int LOOPS = 20_000;

    private float sink;

    /** Bits of the vectors that are measured. */
    public static int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    /** Billions of float operations in a {@link #run}. */
    public static double gigaflopsPerRun() {
        return 2e-9 * CHAINS * SPECIES.length() * LOOPS;
    }

    /** Computes for some tens of microseconds. */
    @Override
    public void run() {
        sink += chains(LOOPS, 0.999f, 0.001f);
        if (Float.isNaN(sink)) {
            throw new IllegalStateException("the chains must stay finite, got NaN");
        }
    }

    private static float chains(int loops, float factor, float term) {
        FloatVector m = FloatVector.broadcast(SPECIES, factor);
        FloatVector b = FloatVector.broadcast(SPECIES, term);
        FloatVector a0 = b.add(0f);
        FloatVector a1 = b.add(1f);
        FloatVector a2 = b.add(2f);
        FloatVector a3 = b.add(3f);
        FloatVector a4 = b.add(4f);
        FloatVector a5 = b.add(5f);
        FloatVector a6 = b.add(6f);
        FloatVector a7 = b.add(7f);
        FloatVector a8 = b.add(8f);
        FloatVector a9 = b.add(9f);
        FloatVector a10 = b.add(10f);
        FloatVector a11 = b.add(11f);
        for (int k = 0; k < loops; k++) {
            a0 = m.fma(b, a0);
            a1 = m.fma(b, a1);
            a2 = m.fma(b, a2);
            a3 = m.fma(b, a3);
            a4 = m.fma(b, a4);
            a5 = m.fma(b, a5);
            a6 = m.fma(b, a6);
            a7 = m.fma(b, a7);
            a8 = m.fma(b, a8);
            a9 = m.fma(b, a9);
            a10 = m.fma(b, a10);
            a11 = m.fma(b, a11);
        }
        FloatVector low = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
        FloatVector high = a6.add(a7).add(a8).add(a9).add(a10).add(a11);
        return low.add(high).lane(0);
    }
}
