/*
 * tanh, sigmoid, exp, ... and Keras's activations on vectors: the operations of the Java class ExactFunctions in the
 * same order, so the same bits. A NaN gives a NaN of any payload.
 */
#ifndef STREAMCELL_FUNCTIONS_H
#define STREAMCELL_FUNCTIONS_H

#include "lanes.h"

#define ROUND 0x1.8p23f
#define LOG2E 0x1.715476p+0f
#define LOG2E_LOW 0x1.4ae0cp-26f
#define SIGN INT32_MIN

/* The lesser, the greater; a NaN passes through. */
INLINE floats least(floats x, float limit) { return lesser(all(limit), x); }
INLINE floats greatest(floats x, float limit) { return greater(all(limit), x); }
INLINE floats absolute(floats x) { return as_floats(and_ints(bits(x), all_ints(~SIGN))); }
INLINE floats negative(floats x) { return as_floats(sub_ints(bits(x), all_ints(SIGN))); }

/* 2^r - 1. */
INLINE floats power_less_one(floats r) {
  floats g = fused(all(0x1.42e314p-13f), r, all(0x1.5eecfep-10f));
  g = fused(g, r, all(0x1.3b2bcp-7f));
  g = fused(g, r, all(0x1.c6afbp-5f));
  g = fused(g, r, all(0x1.ebfbdep-3f));
  g = fused(g, r, all(0x1.62e43p-1f));
  return mul(g, r);
}

/* 2^n, where rounded is n + ROUND. */
INLINE floats power(floats rounded) {
  return as_floats(add_ints(shift_left(bits(rounded), 23), all_ints(0x3f800000)));
}

/* Of a*scale: the nearest integer plus ROUND, and the rest. */
INLINE floats rest(floats a, float scale, floats rounded) {
  return fused_less(a, all(scale), sub(rounded, all(ROUND)));
}

INLINE floats tanh_of(floats x) {
  floats a = least(absolute(x), 10);
  floats m = fused(a, all(-2 * LOG2E), all(ROUND));
  floats g = power_less_one(rest(a, -2 * LOG2E, m));
  floats s = power(m);
  floats d = fused(s, g, sub(s, all(1)));
  return with_sign(quotient(d, sub(all(-2), d)), x);
}

INLINE floats sigmoid_of(floats x) {
  floats a = least(greatest(x, -87), 87);
  floats m = fused(a, all(-LOG2E), all(ROUND));
  floats g = power_less_one(fused(a, all(-LOG2E_LOW), rest(a, -LOG2E, m)));
  floats s = power(m);
  return quotient(all(1), add(all(1), fused(s, g, s)));
}

INLINE floats exp_of(floats x) {
  floats a = least(greatest(x, -104), 89);
  floats m = fused(a, all(LOG2E), all(ROUND));
  floats g = power_less_one(fused(a, all(LOG2E_LOW), rest(a, LOG2E, m)));
  /* In two steps, so that the result may be subnormal. */
  ints n = sub_ints(bits(m), all_ints(0x4b400000));
  ints high = shift_right(n, 1);
  ints low = sub_ints(n, high);
  floats y = mul(add(g, all(1)), as_floats(shift_left(add_ints(high, all_ints(127)), 23)));
  return mul(y, as_floats(shift_left(add_ints(low, all_ints(127)), 23)));
}

/* e^x - 1 for x <= 0. */
INLINE floats expm1_of(floats x) {
  floats a = greatest(x, -30);
  floats m = fused(a, all(LOG2E), all(ROUND));
  floats g = power_less_one(fused(a, all(LOG2E_LOW), rest(a, LOG2E, m)));
  floats s = power(m);
  return fused(s, g, sub(s, all(1)));
}

INLINE floats log_of(floats x) {
  mask subnormal = less(x, all(0x1p-126f));
  floats y = choose(subnormal, mul(x, all(0x1p23f)), x);
  floats o = choose(subnormal, all(-23), all(0));
  ints i = sub_ints(bits(y), all_ints(0x3f3504f3));
  floats n = add(from_ints(shift_right(i, 23)), o);
  floats f = sub(as_floats(add_ints(and_ints(i, all_ints(0x7fffff)), all_ints(0x3f3504f3))), all(1));
  floats q = mul(f, f);
  floats p = fused(all(-0x1.38b2c2p-4f), f, all(0x1.056f48p-3f));
  p = fused(p, f, all(-0x1.0d8ef6p-3f));
  p = fused(p, f, all(0x1.22d82p-3f));
  p = fused(p, f, all(-0x1.547124p-3f));
  p = fused(p, f, all(0x1.99a014p-3f));
  p = fused(p, f, all(-0x1.00022ap-2f));
  p = fused(p, f, all(0x1.555554p-2f));
  floats w = mul(mul(q, f), p);
  w = fused(n, all(-0x1.bd0106p-13f), w);
  w = fused(all(-0.5f), q, w);
  w = fused(n, all(0x1.63p-1f), add(w, f));
  w = choose(less(x, all(0)), all(__builtin_nanf("")), w);
  w = choose(is_nan(x), x, w);
  w = choose(at_most(all(__builtin_inff()), x), x, w);
  return choose(at_most(absolute(x), all(0)), all(-__builtin_inff()), w);
}

/* log(1 + e^x). */
INLINE floats softplus_of(floats x) {
  floats u = exp_of(negative(absolute(x)));
  floats w = add(all(1), u);
  floats above = choose(less(x, all(0)), all(0), x);
  return add(above, add(log_of(w), quotient(sub(u, sub(w, all(1))), w)));
}

INLINE floats erf_of(floats x) {
  floats a = least(greatest(x, -3.95f), 3.95f);
  floats t = mul(a, a);
  floats p = fused(all(0x1.1060aap-19f), t, all(0x1.29d718p-12f));
  p = fused(p, t, all(0x1.efde6cp-9f));
  p = fused(p, t, all(0x1.b087c2p-5f));
  p = fused(p, t, all(0x1.872004p-3f));
  p = fused(p, t, all(0x1.20dd76p0f));
  floats q = fused(all(0x1.3d5efep-15f), t, all(0x1.31438p-10f));
  q = fused(q, t, all(0x1.ebb37cp-7f));
  q = fused(q, t, all(0x1.d443ecp-4f));
  q = fused(q, t, all(0x1.0152a6p-1f));
  q = fused(q, t, all(1));
  return least(greatest(quotient(mul(a, p), q), -1), 1);
}

INLINE floats gelu_of(floats x) {
  return mul(mul(all(0.5f), x), add(all(1), erf_of(mul(x, all(0x1.6a09e6p-1f)))));
}

INLINE floats relu_of(floats x) { return choose(less(x, all(0)), all(0), x); }
INLINE floats relu6_of(floats x) { return least(relu_of(x), 6); }
INLINE floats leaky_relu_of(floats x) { return choose(less(x, all(0)), mul(all(0.2f), x), x); }
INLINE floats elu_of(floats x) { return choose(less(all(0), x), x, expm1_of(x)); }
INLINE floats selu_of(floats x) {
  return mul(all(1.0507009873554805f),
             choose(less(all(0), x), x, mul(all(1.6732632423543772f), expm1_of(x))));
}
INLINE floats silu_of(floats x) { return mul(x, sigmoid_of(x)); }
INLINE floats hard_sigmoid_of(floats x) { return quotient(relu6_of(add(x, all(3))), all(6)); }
INLINE floats hard_silu_of(floats x) { return mul(x, hard_sigmoid_of(x)); }
INLINE floats hard_tanh_of(floats x) { return least(greatest(x, -1), 1); }
INLINE floats softsign_of(floats x) { return quotient(x, add(absolute(x), all(1))); }
INLINE floats mish_of(floats x) { return mul(x, tanh_of(softplus_of(x))); }
INLINE floats log_sigmoid_of(floats x) { return negative(softplus_of(negative(x))); }
INLINE floats squareplus_of(floats x) {
  return quotient(add(x, root(add(mul(x, x), all(4)))), all(2));
}
INLINE floats soft_shrink_of(floats x) {
  floats far = choose(less(all(0), x), sub(x, all(0.5f)), add(x, all(0.5f)));
  return choose(at_most(absolute(x), all(0.5f)), all(0), far);
}
INLINE floats hard_shrink_of(floats x) { return choose(at_most(absolute(x), all(0.5f)), all(0), x); }
INLINE floats tanh_shrink_of(floats x) { return sub(x, tanh_of(x)); }
INLINE floats sparse_plus_of(floats x) {
  floats y = add(x, all(1));
  floats inside = choose(less(x, all(1)), mul(mul(all(0.25f), y), y), x);
  return choose(at_most(x, all(-1)), all(0), inside);
}
INLINE floats sparse_sigmoid_of(floats x) {
  floats inside = choose(at_most(all(1), x), all(1), mul(all(0.5f), add(x, all(1))));
  return choose(at_most(x, all(-1)), all(0), inside);
}

#endif
