// tanh, sigmoid, exp, ... in float32, each a fixed sequence of operations that round to nearest even: the bits of
// io.streamcell.kernels.functions.ExactFunctions and Activations. Compiled with --fmad=false, nothing is fused that is
// not written as __fmaf_rn.
#pragma once
#include "device.cuh"

__device__ __forceinline__ int bits(float x) { return __float_as_int(x); }
__device__ __forceinline__ float from_bits(unsigned i) { return __int_as_float(static_cast<int>(i)); }
__device__ __forceinline__ float magnitude(float x) { return from_bits(bits(x) & 0x7fffffff); }
__device__ __forceinline__ float not_a_number() { return from_bits(0x7fc00000); }
__device__ __forceinline__ float infinity() { return from_bits(0x7f800000); }

// States and scores hold a NaN as 7fc00000.
__device__ __forceinline__ float canonical(float x) { return x != x ? not_a_number() : x; }

// A NaN passes through both.
__device__ __forceinline__ float least(float x, float limit) { return x > limit ? limit : x; }
__device__ __forceinline__ float greatest(float x, float limit) { return x < limit ? limit : x; }

constexpr float ROUND = 0x1.8p23f; // adding it rounds to an integer, which its low bits then hold
constexpr float LOG2E = 0x1.715476p+0f;
constexpr float LOG2E_LOW = 0x1.4ae0cp-26f;

// 2^r - 1 for r in [-1/2, 1/2].
__device__ __forceinline__ float power_less_one(float r) {
    float g = __fmaf_rn(0x1.42e314p-13f, r, 0x1.5eecfep-10f);
    g = __fmaf_rn(g, r, 0x1.3b2bcp-7f);
    g = __fmaf_rn(g, r, 0x1.c6afbp-5f);
    g = __fmaf_rn(g, r, 0x1.ebfbdep-3f);
    g = __fmaf_rn(g, r, 0x1.62e43p-1f);
    return g * r;
}

// 2^n, where `rounded` is n + ROUND.
__device__ __forceinline__ float power(float rounded) {
    return from_bits((static_cast<unsigned>(bits(rounded)) << 23) + 0x3f800000u);
}

// a / b, rounded to nearest, where neither they nor the quotient come near the ends of the range: what a division does
// but for its test for those ends, a branch that keeps others from being computed beside it (Markstein 1990, "Computation
// of elementary functions on the IBM RISC System/6000 processor").
__device__ __forceinline__ float quotient(float a, float b) {
    float r = nearly_reciprocal(b);
    r = __fmaf_rn(r, __fmaf_rn(-b, r, 1), r);
    float q = a * r;
    q = __fmaf_rn(r, __fmaf_rn(-b, q, a), q);
    return __fmaf_rn(r, __fmaf_rn(-b, q, a), q);
}

__device__ __forceinline__ float exact_tanh(float x) {
    float a = least(magnitude(x), 10);
    float m = __fmaf_rn(a, -2 * LOG2E, ROUND);
    float g = power_less_one(__fmaf_rn(a, -2 * LOG2E, -(m - ROUND)));
    float s = power(m);
    float d = __fmaf_rn(s, g, s - 1);
    float y = magnitude(d) < 0x1p-25f ? d * -0.5f : quotient(d, -2 - d); // -2 - d is -2 there
    return from_bits((bits(y) & 0x7fffffff) | (bits(x) & 0x80000000));
}

__device__ __forceinline__ float exact_sigmoid(float x) {
    float a = least(greatest(x, -87), 87);
    float m = __fmaf_rn(a, -LOG2E, ROUND);
    float r = __fmaf_rn(a, -LOG2E, -(m - ROUND));
    float g = power_less_one(__fmaf_rn(a, -LOG2E_LOW, r));
    float s = power(m);
    return quotient(1, 1 + __fmaf_rn(s, g, s));
}

__device__ __forceinline__ float exact_exp(float x) {
    float a = least(greatest(x, -104), 89);
    float m = __fmaf_rn(a, LOG2E, ROUND);
    float r = __fmaf_rn(a, LOG2E, -(m - ROUND));
    float g = power_less_one(__fmaf_rn(a, LOG2E_LOW, r));
    // In two steps, so that the result may be subnormal.
    int n = bits(m) - 0x4b400000;
    int high = n >> 1;
    int low = n - high;
    return ((g + 1) * from_bits(static_cast<unsigned>(high + 127) << 23)) *
           from_bits(static_cast<unsigned>(low + 127) << 23);
}

// e^x - 1 for x <= 0.
__device__ __forceinline__ float exact_expm1(float x) {
    float a = greatest(x, -30);
    float m = __fmaf_rn(a, LOG2E, ROUND);
    float r = __fmaf_rn(a, LOG2E, -(m - ROUND));
    float g = power_less_one(__fmaf_rn(a, LOG2E_LOW, r));
    float s = power(m);
    return __fmaf_rn(s, g, s - 1);
}

__device__ __forceinline__ float exact_log(float x) {
    if (x != x || x < 0) {
        return not_a_number();
    }
    if (x == 0) {
        return -infinity();
    }
    if (x == infinity()) {
        return x;
    }
    bool subnormal = x < 0x1p-126f;
    float y = subnormal ? x * 0x1p23f : x;
    float o = subnormal ? -23.0f : 0.0f;
    int i = bits(y) - 0x3f3504f3;
    float n = static_cast<float>(i >> 23) + o;
    float f = from_bits((i & 0x7fffff) + 0x3f3504f3) - 1;
    float q = f * f;
    float p = __fmaf_rn(-0x1.38b2c2p-4f, f, 0x1.056f48p-3f);
    p = __fmaf_rn(p, f, -0x1.0d8ef6p-3f);
    p = __fmaf_rn(p, f, 0x1.22d82p-3f);
    p = __fmaf_rn(p, f, -0x1.547124p-3f);
    p = __fmaf_rn(p, f, 0x1.99a014p-3f);
    p = __fmaf_rn(p, f, -0x1.00022ap-2f);
    p = __fmaf_rn(p, f, 0x1.555554p-2f);
    float w = (q * f) * p;
    w = __fmaf_rn(n, -0x1.bd0106p-13f, w);
    w = __fmaf_rn(-0.5f, q, w);
    return __fmaf_rn(n, 0x1.63p-1f, w + f);
}

// log(1 + e^x).
__device__ __forceinline__ float exact_softplus(float x) {
    float u = exact_exp(-magnitude(x));
    float w = 1 + u;
    return (x < 0 ? 0 : x) + (exact_log(w) + (u - (w - 1)) / w);
}

__device__ __forceinline__ float exact_erf(float x) {
    float a = least(greatest(x, -3.95f), 3.95f);
    float t = a * a;
    float p = __fmaf_rn(0x1.1060aap-19f, t, 0x1.29d718p-12f);
    p = __fmaf_rn(p, t, 0x1.efde6cp-9f);
    p = __fmaf_rn(p, t, 0x1.b087c2p-5f);
    p = __fmaf_rn(p, t, 0x1.872004p-3f);
    p = __fmaf_rn(p, t, 0x1.20dd76p0f);
    float q = __fmaf_rn(0x1.3d5efep-15f, t, 0x1.31438p-10f);
    q = __fmaf_rn(q, t, 0x1.ebb37cp-7f);
    q = __fmaf_rn(q, t, 0x1.d443ecp-4f);
    q = __fmaf_rn(q, t, 0x1.0152a6p-1f);
    q = __fmaf_rn(q, t, 1);
    return least(greatest((a * p) / q, -1), 1);
}

__device__ __forceinline__ float exact_gelu(float x) { return (0.5f * x) * (1 + exact_erf(x * 0x1.6a09e6p-1f)); }

// tanh and sigmoid within 1e-6, for products that are rounded more than that.
__device__ __forceinline__ float fast_sigmoid(float x) { return nearly_reciprocal(1 + nearly_exp2(x * -LOG2E)); }
__device__ __forceinline__ float fast_tanh(float x) {
    return __fmaf_rn(-2, nearly_reciprocal(1 + nearly_exp2(x * (2 * LOG2E))), 1);
}

// The names of io.streamcell.models.Activation, but for those that need a whole row.
enum Activation {
    LINEAR,
    RELU,
    RELU6,
    LEAKY_RELU,
    ELU,
    SELU,
    CELU,
    GELU,
    SILU,
    SIGMOID,
    HARD_SIGMOID,
    HARD_SILU,
    HARD_TANH,
    TANH,
    SOFTPLUS,
    SOFTSIGN,
    EXPONENTIAL,
    MISH,
    LOG_SIGMOID,
    SQUAREPLUS,
    SOFT_SHRINK,
    HARD_SHRINK,
    TANH_SHRINK,
    SPARSE_PLUS,
    SPARSE_SIGMOID
};

__device__ __forceinline__ float relu6(float x) { return x < 0 ? 0 : x > 6 ? 6 : x; }

// FAST where tensor cores multiply.
template <Activation A, bool FAST = false> __device__ __forceinline__ float activated(float x) {
    if (FAST && A == TANH) {
        return fast_tanh(x);
    }
    if (FAST && A == SIGMOID) {
        return fast_sigmoid(x);
    }
    switch (A) {
    case LINEAR: return x;
    case RELU: return x < 0 ? 0 : x;
    case RELU6: return relu6(x);
    case LEAKY_RELU: return x < 0 ? 0.2f * x : x;
    case ELU:
    case CELU: return x > 0 ? x : exact_expm1(x);
    case SELU: return 1.0507009873554805f * (x > 0 ? x : 1.6732632423543772f * exact_expm1(x));
    case GELU: return exact_gelu(x);
    case SILU: return x * exact_sigmoid(x);
    case SIGMOID: return exact_sigmoid(x);
    case HARD_SIGMOID: return relu6(x + 3) / 6;
    case HARD_SILU: return x * (relu6(x + 3) / 6);
    case HARD_TANH: return x < -1 ? -1 : x > 1 ? 1 : x;
    case TANH: return exact_tanh(x);
    case SOFTPLUS: return exact_softplus(x);
    case SOFTSIGN: return x / (magnitude(x) + 1);
    case EXPONENTIAL: return exact_exp(x);
    case MISH: return x * exact_tanh(exact_softplus(x));
    case LOG_SIGMOID: return -exact_softplus(-x);
    case SQUAREPLUS: return (x + __fsqrt_rn(x * x + 4)) / 2;
    case SOFT_SHRINK: return magnitude(x) <= 0.5f ? 0 : x > 0 ? x - 0.5f : x + 0.5f;
    case HARD_SHRINK: return magnitude(x) <= 0.5f ? 0 : x;
    case TANH_SHRINK: return x - exact_tanh(x);
    case SPARSE_PLUS: return x <= -1 ? 0 : x < 1 ? (0.25f * (x + 1)) * (x + 1) : x;
    case SPARSE_SIGMOID: return x <= -1 ? 0 : x >= 1 ? 1 : 0.5f * (x + 1);
    }
    return x;
}
