package io.streamcell.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many floats are computed at once: what the processor prefers, or {@code
 * -Dstreamcell.vector.bits}.
 */
final class Lanes {
    /** A constant, which the compiler needs to keep vectors in registers. */
    static final VectorSpecies<Float> SPECIES = species();

    static final int COUNT = SPECIES.length();

    private Lanes() {}

    private static VectorSpecies<Float> species() {
        int bits = Integer.getInteger("streamcell.vector.bits", 0);
        return bits == 0
                ? FloatVector.SPECIES_PREFERRED
                : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    }

    /** The least multiple of the lanes that holds {@code count}. */
    static int padded(int count) {
        return (count + COUNT - 1) / COUNT * COUNT;
    }
}
