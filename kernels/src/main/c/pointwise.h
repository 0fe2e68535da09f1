/*
 * Operations value by value. Some vectors of a row pass through a whole run of operations, so that a value goes from one
 * to the next in a register.
 */
#ifndef STREAMCELL_POINTWISE_H
#define STREAMCELL_POINTWISE_H

#include "activations.h"
#include "composed.h"

/* Vectors side by side, so that the processor has work while it waits for a quotient. */
enum { ABREAST = 4 };

INLINE floats clip(floats x, floats low, floats high) { return choose(less(x, low), low, choose(less(high, x), high, x)); }

/* Whether a clock's time, a whole number, is a multiple of periods; no time is taken as 0. */
INLINE mask is_due(float time, floats periods) {
  const floats count = all(time >= 0 && time < 0x1p24f ? (float)(int)time : 0);
  return at_most(absolute(fused_less(truncated(quotient(count, periods)), periods, count)), all(0));
}

/* last = EXPRESSION of a, b, c, the values of registers x, y, z. */
#define EACH_VALUE(EXPRESSION)                                                                          \
  do {                                                                                                  \
    _Pragma("GCC unroll 4") for (int n = 0; n < rows * vectors; n++) {                                  \
      const floats a = last[n], b = load(place(y, vectors, k, n)), c = load(place(z, vectors, k, n));   \
      (void)b;                                                                                          \
      (void)c;                                                                                          \
      last[n] = EXPRESSION;                                                                             \
    }                                                                                                   \
  } while (0)

INLINE Register from_row(Register of, int row) { return (Register){of.values + row * of.stride, of.stride}; }

/* The n-th of the vectors that pass through a run: row after row, from the k-th value of each on. */
INLINE float *place(Register of, const int vectors, size_t k, const int n) {
  return of.values + n / vectors * of.stride + k + n % vectors * LANES;
}

/* A run of operations on `vectors` vectors of each of `rows` rows, ABREAST at most. */
INLINE void run_abreast(const int rows, const int vectors, const Op *op, const Register *reg, int row, size_t k) {
  floats last[ABREAST] = {0};
  for (const Op *end = op + op->count; op != end; op++) {
    const Register x = from_row(reg[op->x], row), y = from_row(reg[op->y], row), z = from_row(reg[op->z], row);
    const Register to = from_row(reg[op->first], row);
    if (!op->continues) {
#pragma GCC unroll 4
      for (int n = 0; n < rows * vectors; n++) last[n] = load(place(x, vectors, k, n));
    }
    switch (op->kind) {
      case OP_TANH: EACH_VALUE(tanh_of(a)); break;
      case OP_SIGMOID: EACH_VALUE(sigmoid_of(a)); break;
      case OP_SCALE: EACH_VALUE(fused(a, all(op->alpha), all(op->beta))); break;
      case OP_CLIP: EACH_VALUE(clip(a, all(op->alpha), all(op->beta))); break;
      case OP_LEAKY: EACH_VALUE(choose(less(a, all(0)), mul(all(op->alpha), a), a)); break;
      case OP_ABOVE: EACH_VALUE(choose(less(all(op->alpha), a), a, all(0))); break;
      case OP_ELU: EACH_VALUE(choose(less(all(0), a), a, mul(all(op->alpha), expm1_of(a)))); break;
      case OP_COMPLEMENT: EACH_VALUE(sub(all(1), a)); break;
      case OP_ADD: EACH_VALUE(add(a, b)); break;
      case OP_SUBTRACT: EACH_VALUE(sub(a, b)); break;
      case OP_MULTIPLY: EACH_VALUE(mul(a, b)); break;
      case OP_FUSED: EACH_VALUE(fused(a, b, c)); break;
      case OP_ADD_PRODUCT: EACH_VALUE(fused(b, c, a)); break;
      case OP_CLOCKED:
        EACH_VALUE(choose(is_due(z.values[n / vectors * z.stride], load(op->values + k + n % vectors * LANES)), a, b));
        break;
      default: break;
    }
#pragma GCC unroll 4
    for (int n = 0; n < rows * vectors; n++) store(place(to, vectors, k, n), last[n]);
  }
}

static void run_pointwise(const Op *op, const Register *reg, int rows) {
  const size_t width = op->stride;
  int row = 0;
  if (width == LANES) {
    for (; row + 4 <= rows; row += 4) run_abreast(4, 1, op, reg, row, 0);
  } else if (width == 2 * LANES) {
    for (; row + 2 <= rows; row += 2) run_abreast(2, 2, op, reg, row, 0);
  }
  for (; row < rows; row++) {
    size_t k = 0;
    for (; k + 4 * LANES <= width; k += 4 * LANES) run_abreast(1, 4, op, reg, row, k);
    if (k + 2 * LANES <= width) {
      run_abreast(1, 2, op, reg, row, k);
      k += 2 * LANES;
    }
    if (k < width) run_abreast(1, 1, op, reg, row, k);
  }
}

#endif
