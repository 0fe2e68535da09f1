/*
 * The arithmetic on the instruction set that this unit is compiled for; ISA is its name. Every value is computed by the
 * same operations in the same order whatever the tile, the block or the vector it stands in.
 */
#include "cells.h"
#include "transfer.h"

static void scale_rows(const float *x, int rows, size_t stride, const float *scale, const float *shift, float *to) {
  for (int row = 0; row < rows; row++, x += stride, to += stride) {
    for (size_t k = 0; k < stride; k += LANES) store(to + k, fused(load(x + k), load(scale + k), load(shift + k)));
  }
}

/* Sums go in index order, so some rows side by side. */
static void normalize_rows(
    const float *x, int rows, size_t stride, int features, const float *gamma, const float *beta, float epsilon, float *to) {
  enum { SIDE_BY_SIDE = 8 };
  for (int first = 0; first < rows; first += SIDE_BY_SIDE) {
    const int count = rows - first < SIDE_BY_SIDE ? rows - first : SIDE_BY_SIDE;
    const float *from = x + first * stride;
    float mean[SIDE_BY_SIDE] = {0}, squares[SIDE_BY_SIDE] = {0};
    for (int k = 0; k < features; k++) {
      for (int r = 0; r < count; r++) mean[r] += from[r * stride + k];
    }
    for (int r = 0; r < count; r++) mean[r] /= (float)features;
    for (int k = 0; k < features; k++) {
      for (int r = 0; r < count; r++) {
        const float d = from[r * stride + k] - mean[r];
        squares[r] = __builtin_fmaf(d, d, squares[r]);
      }
    }
    for (int r = 0; r < count; r++) {
      const floats deviation = all(__builtin_sqrtf(squares[r] / (float)features + epsilon));
      const float *row = from + r * stride;
      float *out = to + (first + r) * stride;
      for (size_t k = 0; k < stride; k += LANES) {
        floats d = quotient(sub(load(row + k), all(mean[r])), deviation);
        store(out + k, fused(d, load(gamma + k), load(beta + k)));
      }
    }
  }
}

static void add_all(const float *x, size_t count, float *sums) {
  for (size_t k = 0; k < count; k += LANES) store(sums + k, add(load(sums + k), load(x + k)));
}

#define TEXT_OF(x) #x
#define NAME_OF(x) TEXT_OF(x)
#define TABLE_OF(x) arithmetic_##x
#define TABLE(x) TABLE_OF(x)

const Arithmetic TABLE(ISA) = {
    .name = NAME_OF(ISA),
    .lanes = LANES,
    .scratch = scratch_floats,
    .step = step_cell,
    .multiply = multiply,
    .activate = activate,
    .gate = gate,
    .scale = scale_rows,
    .normalize = normalize_rows,
    .add = add_all,
    .load = load_all,
    .store = store_all,
};
