package io.streamcell.kernels.vector;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.kernels.functions.ExactFunctions;
import io.streamcell.models.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exact functions over arrays, in place: twins of {@link ExactFunctions}, operation by
 * operation. The loops are long and written out, since a helper that returns a vector costs an
 * object wherever it is not inlined.
 */
@SuppressWarnings("FloatingPointLiteralPrecision")
final class VectorFunctions {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final float ROUND = 0x1.8p23f;
    private static final float LOG2E = 0x1.715476p+0f;
    private static final float LOG2E_LOW = 0x1.4ae0cp-26f;

    private VectorFunctions() {}

    /** A function over {@code count} values; one that is rowwise takes them as one row. */
    static void apply(Activation activation, float[] values, int from, int count) {
        switch (activation) {
            case TANH -> tanh(values, from, count);
            case SIGMOID -> sigmoid(values, from, count);
            case EXPONENTIAL -> exp(values, from, count);
            case RELU -> relu(values, from, count);
            default -> Activations.apply(activation, values, from, count);
        }
    }

    static void tanh(float[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        FloatVector factor = FloatVector.broadcast(SPECIES, -2 * LOG2E);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        for (int at = from; at < end; at += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, at);
            FloatVector a = x.lanewise(VectorOperators.ABS);
            a = a.blend(10, a.compare(VectorOperators.GT, 10));
            FloatVector m = a.fma(factor, round);
            FloatVector r = a.fma(factor, m.sub(round).neg());
            FloatVector g = r.fma(0x1.42e314p-13f, 0x1.5eecfep-10f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.62e43p-1f));
            g = g.mul(r);
            FloatVector s =
                    m.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 23)
                            .add(0x3f800000)
                            .reinterpretAsFloats();
            FloatVector d = s.fma(g, s.sub(1));
            FloatVector y = d.div(d.neg().sub(2));
            y.reinterpretAsInts()
                    .and(0x7fffffff)
                    .or(x.reinterpretAsInts().and(0x80000000))
                    .reinterpretAsFloats()
                    .intoArray(values, at);
        }
        for (int at = end; at < from + count; at++) {
            values[at] = ExactFunctions.tanh(values[at]);
        }
    }

    static void sigmoid(float[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        FloatVector factor = FloatVector.broadcast(SPECIES, -LOG2E);
        FloatVector low = FloatVector.broadcast(SPECIES, -LOG2E_LOW);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        for (int at = from; at < end; at += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, values, at);
            a = a.blend(-87, a.compare(VectorOperators.LT, -87));
            a = a.blend(87, a.compare(VectorOperators.GT, 87));
            FloatVector m = a.fma(factor, round);
            FloatVector r = a.fma(factor, m.sub(round).neg());
            r = a.fma(low, r);
            FloatVector g = r.fma(0x1.42e314p-13f, 0x1.5eecfep-10f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.62e43p-1f));
            g = g.mul(r);
            FloatVector s =
                    m.reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 23)
                            .add(0x3f800000)
                            .reinterpretAsFloats();
            FloatVector.broadcast(SPECIES, 1).div(s.fma(g, s).add(1)).intoArray(values, at);
        }
        for (int at = end; at < from + count; at++) {
            values[at] = ExactFunctions.sigmoid(values[at]);
        }
    }

    static void exp(float[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        FloatVector factor = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector low = FloatVector.broadcast(SPECIES, LOG2E_LOW);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        for (int at = from; at < end; at += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, values, at);
            a = a.blend(-104, a.compare(VectorOperators.LT, -104));
            a = a.blend(89, a.compare(VectorOperators.GT, 89));
            FloatVector m = a.fma(factor, round);
            FloatVector r = a.fma(factor, m.sub(round).neg());
            r = a.fma(low, r);
            FloatVector g = r.fma(0x1.42e314p-13f, 0x1.5eecfep-10f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.62e43p-1f));
            g = g.mul(r);
            IntVector n = m.reinterpretAsInts().sub(0x4b400000);
            IntVector high = n.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = n.sub(high);
            FloatVector first =
                    high.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector second =
                    rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            g.add(1).mul(first).mul(second).intoArray(values, at);
        }
        for (int at = end; at < from + count; at++) {
            values[at] = ExactFunctions.exp(values[at]);
        }
    }

    private static void relu(float[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        for (int at = from; at < end; at += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, at);
            VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
            x.blend(0, negative).intoArray(values, at);
        }
        for (int at = end; at < from + count; at++) {
            values[at] = values[at] < 0 ? 0 : values[at];
        }
    }
}
