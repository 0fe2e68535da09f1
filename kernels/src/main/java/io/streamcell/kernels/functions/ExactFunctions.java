package io.streamcell.kernels.functions;

/**
 * tanh, sigmoid, exp, ... in float32, each a fixed sequence of operations that round to nearest
 * even, so that every provider gives the same bits. tanh is within 1.5e-7, sigmoid within 9e-8, exp
 * within 1.3 ulp. A NaN gives a NaN of any payload; whoever stores it makes it canonical.
 *
 * <p>All exponentials share one core: y = a*log2(e) is split into its nearest integer n and a rest
 * r in [-1/2, 1/2], {@code 2^r - 1} is a polynomial of degree 6, and 2^n is made from n's bits.
 */
@SuppressWarnings("FloatingPointLiteralPrecision")
public final class ExactFunctions {
    /** 1.5 * 2^23: adding it rounds to an integer, which its low bits then hold. */
    private static final float ROUND = 0x1.8p23f;

    private static final float LOG2E = 0x1.715476p+0f;
    private static final float LOG2E_LOW = 0x1.4ae0cp-26f;

    private ExactFunctions() {}

    /** The lesser; a NaN passes through. */
    private static float least(float x, float limit) {
        return x > limit ? limit : x;
    }

    /** The greater; a NaN passes through. */
    private static float greatest(float x, float limit) {
        return x < limit ? limit : x;
    }

    /** 2^r - 1. */
    private static float powerLessOne(float r) {
        float g = Math.fma(0x1.42e314p-13f, r, 0x1.5eecfep-10f);
        g = Math.fma(g, r, 0x1.3b2bcp-7f);
        g = Math.fma(g, r, 0x1.c6afbp-5f);
        g = Math.fma(g, r, 0x1.ebfbdep-3f);
        g = Math.fma(g, r, 0x1.62e43p-1f);
        return g * r;
    }

    /** 2^n, where {@code rounded} is n + {@link #ROUND}. */
    private static float power(float rounded) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(rounded) << 23) + 0x3f800000);
    }

    public static float tanh(float x) {
        float a = least(Math.abs(x), 10);
        float m = Math.fma(a, -2 * LOG2E, ROUND);
        float r = Math.fma(a, -2 * LOG2E, -(m - ROUND));
        float g = powerLessOne(r);
        float s = power(m);
        float d = Math.fma(s, g, s - 1);
        float y = d / (-2 - d);
        return Float.intBitsToFloat(
                (Float.floatToRawIntBits(y) & 0x7fffffff)
                        | (Float.floatToRawIntBits(x) & 0x80000000));
    }

    public static float sigmoid(float x) {
        float a = least(greatest(x, -87), 87);
        float m = Math.fma(a, -LOG2E, ROUND);
        float r = Math.fma(a, -LOG2E, -(m - ROUND));
        float g = powerLessOne(Math.fma(a, -LOG2E_LOW, r));
        float s = power(m);
        return 1 / (1 + Math.fma(s, g, s));
    }

    public static float exp(float x) {
        float a = least(greatest(x, -104), 89);
        float m = Math.fma(a, LOG2E, ROUND);
        float r = Math.fma(a, LOG2E, -(m - ROUND));
        float g = powerLessOne(Math.fma(a, LOG2E_LOW, r));
        // In two steps, so that the result may be subnormal.
        int n = Float.floatToRawIntBits(m) - 0x4b400000;
        int high = n >> 1;
        int low = n - high;
        return (g + 1)
                * Float.intBitsToFloat((high + 127) << 23)
                * Float.intBitsToFloat((low + 127) << 23);
    }

    /** e^x - 1 for x <= 0. */
    public static float expm1(float x) {
        float a = greatest(x, -30);
        float m = Math.fma(a, LOG2E, ROUND);
        float r = Math.fma(a, LOG2E, -(m - ROUND));
        float g = powerLessOne(Math.fma(a, LOG2E_LOW, r));
        float s = power(m);
        return Math.fma(s, g, s - 1);
    }

    public static float log(float x) {
        if (Float.isNaN(x) || x < 0) {
            return Float.NaN;
        }
        if (x == 0) {
            return Float.NEGATIVE_INFINITY;
        }
        if (x == Float.POSITIVE_INFINITY) {
            return x;
        }
        boolean subnormal = x < Float.MIN_NORMAL;
        float y = subnormal ? x * 0x1p23f : x;
        float o = subnormal ? -23 : 0;
        int i = Float.floatToRawIntBits(y) - 0x3f3504f3;
        float n = (float) (i >> 23) + o;
        float f = Float.intBitsToFloat((i & 0x7fffff) + 0x3f3504f3) - 1;
        float q = f * f;
        float p = Math.fma(-0x1.38b2c2p-4f, f, 0x1.056f48p-3f);
        p = Math.fma(p, f, -0x1.0d8ef6p-3f);
        p = Math.fma(p, f, 0x1.22d82p-3f);
        p = Math.fma(p, f, -0x1.547124p-3f);
        p = Math.fma(p, f, 0x1.99a014p-3f);
        p = Math.fma(p, f, -0x1.00022ap-2f);
        p = Math.fma(p, f, 0x1.555554p-2f);
        float w = (q * f) * p;
        w = Math.fma(n, -0x1.bd0106p-13f, w);
        w = Math.fma(-0.5f, q, w);
        return Math.fma(n, 0x1.63p-1f, w + f);
    }

    /** log(1 + e^x). */
    public static float softplus(float x) {
        float u = exp(-Math.abs(x));
        float w = 1 + u;
        return (x < 0 ? 0 : x) + (log(w) + (u - (w - 1)) / w);
    }

    public static float erf(float x) {
        float a = least(greatest(x, -3.95f), 3.95f);
        float t = a * a;
        float p = Math.fma(0x1.1060aap-19f, t, 0x1.29d718p-12f);
        p = Math.fma(p, t, 0x1.efde6cp-9f);
        p = Math.fma(p, t, 0x1.b087c2p-5f);
        p = Math.fma(p, t, 0x1.872004p-3f);
        p = Math.fma(p, t, 0x1.20dd76p0f);
        float q = Math.fma(0x1.3d5efep-15f, t, 0x1.31438p-10f);
        q = Math.fma(q, t, 0x1.ebb37cp-7f);
        q = Math.fma(q, t, 0x1.d443ecp-4f);
        q = Math.fma(q, t, 0x1.0152a6p-1f);
        q = Math.fma(q, t, 1);
        return least(greatest((a * p) / q, -1), 1);
    }

    public static float gelu(float x) {
        return (0.5f * x) * (1 + erf(x * 0x1.6a09e6p-1f));
    }
}
