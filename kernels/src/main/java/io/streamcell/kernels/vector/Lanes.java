package io.streamcell.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How wide a vector is here. The species is a constant, since only then does the JIT compiler turn
 * vectors into registers; {@code -XX:MaxVectorSize} makes it smaller.
 */
final class Lanes {
    /** The widest vectors of this machine. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Floats in a vector. */
    static final int LENGTH = SPECIES.length();

    private Lanes() {}

    /** The next multiple of a vector's length. */
    static int padded(int floats) {
        return Math.multiplyExact((floats + LENGTH - 1) / LENGTH, LENGTH);
    }

    /** An array of at least {@code needed} floats: this one, or a new one with room to grow. */
    static float[] grown(float[] values, long needed) {
        if (values.length >= needed) {
            return values;
        }
        return new float[(int) Math.min(Integer.MAX_VALUE - 8L, needed + needed / 2)];
    }

    /** Copies values, and makes every NaN the canonical one. */
    static void copyCanonical(float[] from, int at, float[] to, int start, int count) {
        FloatVector nan = FloatVector.broadcast(SPECIES, Float.NaN);
        int whole = count / LENGTH * LENGTH;
        for (int k = 0; k < whole; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, at + k);
            x.blend(nan, x.compare(VectorOperators.NE, x)).intoArray(to, start + k);
        }
        for (int k = whole; k < count; k++) {
            float x = from[at + k];
            to[start + k] = Float.isNaN(x) ? Float.NaN : x;
        }
    }
}
