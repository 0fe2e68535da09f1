package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.kernels.functions.ExactFunctions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ExactFunctions} over arrays, in place, with the same operations in the same order, so to
 * the same bits. {@code from} to {@code to} are whole vectors. The bodies are written out because a
 * vector that crosses a call may be boxed, and each but relu is longer than the 325 bytes up to
 * which the JIT compiler inlines: where it inlined several into one method, it boxed.
 */
@SuppressWarnings("FloatingPointLiteralPrecision")
final class VectorFunctions {
    private static final float ROUND = 0x1.8p23f;
    private static final float LOG2E = 0x1.715476p+0f;
    private static final float LOG2E_LOW = 0x1.4ae0cp-26f;
    private static final int ONE = 0x3f800000;
    private static final int SIGN = 0x80000000;

    private VectorFunctions() {}

    static void relu(float[] values, int from, int to) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            x.blend(zero, x.compare(VectorOperators.LT, zero)).intoArray(values, k);
        }
    }

    static void tanh(float[] values, int from, int to) {
        FloatVector limit = FloatVector.broadcast(SPECIES, 10);
        FloatVector scale = FloatVector.broadcast(SPECIES, -2 * LOG2E);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2);
        FloatVector g0 = FloatVector.broadcast(SPECIES, 0x1.62e43p-1f);
        FloatVector g1 = FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f);
        FloatVector g2 = FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f);
        FloatVector g3 = FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            FloatVector a = x.abs();
            a = a.blend(limit, a.compare(VectorOperators.GT, limit));
            FloatVector m = a.fma(scale, round);
            FloatVector r = a.fma(scale, m.sub(round).neg());
            FloatVector g = FloatVector.broadcast(SPECIES, 0x1.42e314p-13f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.5eecfep-10f));
            g = g.fma(r, g3);
            g = g.fma(r, g2);
            g = g.fma(r, g1);
            g = g.fma(r, g0).mul(r);
            IntVector bits = m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector s = bits.add(ONE).reinterpretAsFloats();
            FloatVector d = s.fma(g, s.sub(one));
            FloatVector y = d.div(minusTwo.sub(d));
            IntVector sign = x.reinterpretAsInts().and(SIGN);
            y.reinterpretAsInts().and(~SIGN).or(sign).reinterpretAsFloats().intoArray(values, k);
        }
    }

    static void sigmoid(float[] values, int from, int to) {
        sigmoid(values, from, to, false);
    }

    /** {@code x * sigmoid(x)}. */
    static void silu(float[] values, int from, int to) {
        sigmoid(values, from, to, true);
    }

    private static void sigmoid(float[] values, int from, int to, boolean timesX) {
        FloatVector low = FloatVector.broadcast(SPECIES, -87);
        FloatVector high = FloatVector.broadcast(SPECIES, 87);
        FloatVector scale = FloatVector.broadcast(SPECIES, -LOG2E);
        FloatVector scaleLow = FloatVector.broadcast(SPECIES, -LOG2E_LOW);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            FloatVector a = x.blend(low, x.compare(VectorOperators.LT, low));
            a = a.blend(high, a.compare(VectorOperators.GT, high));
            FloatVector m = a.fma(scale, round);
            FloatVector r = a.fma(scaleLow, a.fma(scale, m.sub(round).neg()));
            FloatVector g = FloatVector.broadcast(SPECIES, 0x1.42e314p-13f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.5eecfep-10f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.62e43p-1f)).mul(r);
            IntVector bits = m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector s = bits.add(ONE).reinterpretAsFloats();
            FloatVector y = one.div(one.add(s.fma(g, s)));
            (timesX ? x.mul(y) : y).intoArray(values, k);
        }
    }

    static void exp(float[] values, int from, int to) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, -104);
        FloatVector highest = FloatVector.broadcast(SPECIES, 89);
        FloatVector scale = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector scaleLow = FloatVector.broadcast(SPECIES, LOG2E_LOW);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            FloatVector a = x.blend(lowest, x.compare(VectorOperators.LT, lowest));
            a = a.blend(highest, a.compare(VectorOperators.GT, highest));
            FloatVector m = a.fma(scale, round);
            FloatVector r = a.fma(scaleLow, a.fma(scale, m.sub(round).neg()));
            FloatVector g = FloatVector.broadcast(SPECIES, 0x1.42e314p-13f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.5eecfep-10f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.62e43p-1f)).mul(r);
            // In two steps, so that the result may be subnormal.
            IntVector n = m.reinterpretAsInts().sub(0x4b400000);
            IntVector half = n.lanewise(VectorOperators.ASHR, 1);
            IntVector first = half.add(127).lanewise(VectorOperators.LSHL, 23);
            IntVector second = n.sub(half).add(127).lanewise(VectorOperators.LSHL, 23);
            FloatVector scaled = g.add(1).mul(first.reinterpretAsFloats());
            scaled.mul(second.reinterpretAsFloats()).intoArray(values, k);
        }
    }

    /** {@code x > 0 ? x : expm1(x)}. */
    static void elu(float[] values, int from, int to) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, -30);
        FloatVector scale = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector scaleLow = FloatVector.broadcast(SPECIES, LOG2E_LOW);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector g0 = FloatVector.broadcast(SPECIES, 0x1.62e43p-1f);
        FloatVector g1 = FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f);
        FloatVector g2 = FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f);
        FloatVector g3 = FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f);
        FloatVector g4 = FloatVector.broadcast(SPECIES, 0x1.5eecfep-10f);
        FloatVector g5 = FloatVector.broadcast(SPECIES, 0x1.42e314p-13f);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            FloatVector a = x.blend(lowest, x.compare(VectorOperators.LT, lowest));
            FloatVector m = a.fma(scale, round);
            FloatVector r = a.fma(scaleLow, a.fma(scale, m.sub(round).neg()));
            FloatVector g = g5.fma(r, g4);
            g = g.fma(r, g3);
            g = g.fma(r, g2);
            g = g.fma(r, g1);
            g = g.fma(r, g0).mul(r);
            IntVector bits = m.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector s = bits.add(ONE).reinterpretAsFloats();
            FloatVector y = s.fma(g, s.sub(one));
            y.blend(x, x.compare(VectorOperators.GT, zero)).intoArray(values, k);
        }
    }

    /**
     * {@code log(1 + e^x)}: exp of -|x| as in {@link #exp}, then log of w = 1 + u, which is in [1,
     * 2] or a NaN, so that none of the logarithm's special cases is met.
     */
    static void softplus(float[] values, int from, int to) {
        FloatVector lowest = FloatVector.broadcast(SPECIES, -104);
        FloatVector scale = FloatVector.broadcast(SPECIES, LOG2E);
        FloatVector scaleLow = FloatVector.broadcast(SPECIES, LOG2E_LOW);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            FloatVector a = x.abs().neg();
            a = a.blend(lowest, a.compare(VectorOperators.LT, lowest));
            FloatVector m = a.fma(scale, round);
            FloatVector r = a.fma(scaleLow, a.fma(scale, m.sub(round).neg()));
            FloatVector g = FloatVector.broadcast(SPECIES, 0x1.42e314p-13f);
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.5eecfep-10f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.3b2bcp-7f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.c6afbp-5f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.ebfbdep-3f));
            g = g.fma(r, FloatVector.broadcast(SPECIES, 0x1.62e43p-1f)).mul(r);
            IntVector n = m.reinterpretAsInts().sub(0x4b400000);
            IntVector half = n.lanewise(VectorOperators.ASHR, 1);
            IntVector first = half.add(127).lanewise(VectorOperators.LSHL, 23);
            IntVector second = n.sub(half).add(127).lanewise(VectorOperators.LSHL, 23);
            FloatVector u = g.add(1).mul(first.reinterpretAsFloats());
            u = u.mul(second.reinterpretAsFloats());

            FloatVector w = u.add(1);
            IntVector i = w.reinterpretAsInts().sub(0x3f3504f3);
            // An integer of few bits as a float: put below 1.5 * 2^23, which is then taken away.
            IntVector exponent = i.lanewise(VectorOperators.ASHR, 23).add(0x4b400000);
            FloatVector e = exponent.reinterpretAsFloats().sub(round);
            FloatVector f = i.and(0x7fffff).add(0x3f3504f3).reinterpretAsFloats().sub(1);
            FloatVector q = f.mul(f);
            FloatVector p = FloatVector.broadcast(SPECIES, -0x1.38b2c2p-4f);
            p = p.fma(f, FloatVector.broadcast(SPECIES, 0x1.056f48p-3f));
            p = p.fma(f, FloatVector.broadcast(SPECIES, -0x1.0d8ef6p-3f));
            p = p.fma(f, FloatVector.broadcast(SPECIES, 0x1.22d82p-3f));
            p = p.fma(f, FloatVector.broadcast(SPECIES, -0x1.547124p-3f));
            p = p.fma(f, FloatVector.broadcast(SPECIES, 0x1.99a014p-3f));
            p = p.fma(f, FloatVector.broadcast(SPECIES, -0x1.00022ap-2f));
            p = p.fma(f, FloatVector.broadcast(SPECIES, 0x1.555554p-2f));
            FloatVector l = q.mul(f).mul(p);
            l = e.fma(FloatVector.broadcast(SPECIES, -0x1.bd0106p-13f), l);
            l = FloatVector.broadcast(SPECIES, -0.5f).fma(q, l);
            l = e.fma(FloatVector.broadcast(SPECIES, 0x1.63p-1f), l.add(f));

            FloatVector rest = u.sub(w.sub(1)).div(w);
            FloatVector above = x.blend(zero, x.compare(VectorOperators.LT, zero));
            above.add(l.add(rest)).intoArray(values, k);
        }
    }

    /** {@code (0.5*x) * (1 + erf(x / sqrt(2)))}. */
    static void gelu(float[] values, int from, int to) {
        FloatVector low = FloatVector.broadcast(SPECIES, -3.95f);
        FloatVector high = FloatVector.broadcast(SPECIES, 3.95f);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector minusOne = FloatVector.broadcast(SPECIES, -1);
        for (int k = from; k < to; k += LENGTH) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, k);
            FloatVector a = x.mul(0x1.6a09e6p-1f);
            a = a.blend(low, a.compare(VectorOperators.LT, low));
            a = a.blend(high, a.compare(VectorOperators.GT, high));
            FloatVector t = a.mul(a);
            FloatVector p = FloatVector.broadcast(SPECIES, 0x1.1060aap-19f);
            p = p.fma(t, FloatVector.broadcast(SPECIES, 0x1.29d718p-12f));
            p = p.fma(t, FloatVector.broadcast(SPECIES, 0x1.efde6cp-9f));
            p = p.fma(t, FloatVector.broadcast(SPECIES, 0x1.b087c2p-5f));
            p = p.fma(t, FloatVector.broadcast(SPECIES, 0x1.872004p-3f));
            p = p.fma(t, FloatVector.broadcast(SPECIES, 0x1.20dd76p0f));
            FloatVector q = FloatVector.broadcast(SPECIES, 0x1.3d5efep-15f);
            q = q.fma(t, FloatVector.broadcast(SPECIES, 0x1.31438p-10f));
            q = q.fma(t, FloatVector.broadcast(SPECIES, 0x1.ebb37cp-7f));
            q = q.fma(t, FloatVector.broadcast(SPECIES, 0x1.d443ecp-4f));
            q = q.fma(t, FloatVector.broadcast(SPECIES, 0x1.0152a6p-1f));
            q = q.fma(t, one);
            FloatVector y = a.mul(p).div(q);
            y = y.blend(minusOne, y.compare(VectorOperators.LT, minusOne));
            y = y.blend(one, y.compare(VectorOperators.GT, one));
            x.mul(0.5f).mul(y.add(1)).intoArray(values, k);
        }
    }
}
