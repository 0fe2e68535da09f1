/* One timestep of a composed cell: a block of rows at a time, operation by operation. */
#ifndef STREAMCELL_OPERATIONS_H
#define STREAMCELL_OPERATIONS_H

#include "pointwise.h"
#include "product.h"

INLINE size_t whole(int floats) { return ((size_t)floats + LANES - 1) / LANES * LANES; }

/* Whole vectors: rows are short, so they are copied in place rather than by a call. */
static void copy_rows(Register from, int rows, Register to, size_t width) {
  for (int row = 0; row < rows; row++) {
    for (size_t k = 0; k < width; k += LANES) store(to.values + row * to.stride + k, load(from.values + row * from.stride + k));
  }
}

/* Adds rows times weights up, from rows of sums on. */
static void run_sum(const Sum *sum, const Register *reg, int rows, const Register *start, const Register *to) {
  const Product *product = &sum->product;
  const Register x = reg[sum->x], h = reg[sum->h < 0 ? sum->x : sum->h];
  if (rows == 1) {
    multiply_row(product, x.values + sum->x_from, h.values + sum->h_from, start->values, to->values);
    return;
  }
  Tile t = {
      .x = x.values + sum->x_from,
      .x_stride = x.stride,
      .nx = product->nx,
      .h = h.values + sum->h_from,
      .h_stride = h.stride,
      .nh = product->nh,
      .start = start->values,
      .start_stride = start->stride,
      .z_stride = to->stride};
  for (int panel = 0; panel < product->panels; panel++) {
    t.z = to->values + sums_before(product, panel);
    multiply_panel(product, panel, panel_after(product, panel, false), rows, &t);
  }
}

/* The lanes of the last vector of a part that are fed. */
static mask fed_by(const Sum *sum) { return less(load(COUNTS), all((float)(sum->part - (whole(sum->part) - LANES)))); }

/* Feeds some of the first sums, a row of which may end within a vector; what is beyond them stays. */
static void run_part(const Sum *sum, const Register *reg, int rows, const Register *to) {
  const size_t last = whole(sum->part) - LANES;
  float *end = to->values + last;
  float beyond[MOST_BLOCK_ROWS][LANES];
  for (int row = 0; row < rows; row++) store(beyond[row], load(end + row * to->stride));
  run_sum(sum, reg, rows, to, to);
  const mask fed = fed_by(sum);
  for (int row = 0; row < rows; row++) {
    float *at = end + row * to->stride;
    store(at, choose(fed, load(at), load(beyond[row])));
  }
}

/* Whether a row's gates lie one after another in registers. */
static bool side_by_side(const Op *op, const Register *gate) {
  for (int k = 1; k < op->gates; k++) {
    if (gate[k].values != gate->values + k * op->stride || gate[k].stride != gate->stride) return false;
  }
  return true;
}

/* Feeds the first `columns` vectors of one row's sums, or part of the last of them. */
INLINE void feed_row(const int columns, const Sum *sum, const Register *reg, floats z[][MOST_SUMS]) {
  const Product *product = &sum->product;
  const float *wh = product->weights + (size_t)product->nx * columns * LANES;
  const floats before = z[0][columns - 1];
  add_row(1, columns, columns, false, z, reg[sum->x].values + sum->x_from, product->nx, product->weights, 0);
  if (sum->h >= 0) add_row(1, columns, columns, true, z, reg[sum->h].values + sum->h_from, product->nh, wh, 0);
  if (sum->part) z[0][columns - 1] = choose(fed_by(sum), z[0][columns - 1], before);
}

/* One row of few sums: they stay in registers from term to term. */
INLINE void feed_all(const int vectors, const Op *op, const Register *reg, const float *start, float *to) {
  floats z[1][MOST_SUMS];
#pragma GCC unroll 4
  for (int n = 0; n < vectors; n++) z[0][n] = load(start + n * LANES);
  for (int k = 0; k < op->count; k++) {
    const Sum *sum = &op->sums[k];
    switch (sum->product.stride / LANES) {
      case 4: if (vectors >= 4) feed_row(4, sum, reg, z); break;
      case 3: if (vectors >= 3) feed_row(3, sum, reg, z); break;
      case 2: if (vectors >= 2) feed_row(2, sum, reg, z); break;
      default: feed_row(1, sum, reg, z); break;
    }
  }
#pragma GCC unroll 4
  for (int n = 0; n < vectors; n++) store(to + n * LANES, z[0][n]);
}

static void run_affine(const Op *op, const Register *reg, int rows) {
  const Register *to = &reg[op->first];
  Register start = {op->sums->product.bias, 0};
  if (op->x >= 0 && side_by_side(op, &reg[op->x])) {
    start = reg[op->x];
  } else if (op->x >= 0) {
    for (int gate = 0; gate < op->gates; gate++) copy_rows(reg[op->x + gate], rows, to[gate], op->stride);
    start = *to;
  }
  switch (rows == 1 ? op->gates * op->stride / LANES : 0) {
    case 4: feed_all(4, op, reg, start.values, to->values); return;
    case 3: feed_all(3, op, reg, start.values, to->values); return;
    case 2: feed_all(2, op, reg, start.values, to->values); return;
    case 1: feed_all(1, op, reg, start.values, to->values); return;
    default: break;
  }
  for (int k = 0; k < op->count; k++) {
    if (op->sums[k].part) {
      run_part(&op->sums[k], reg, rows, to);
    } else {
      run_sum(&op->sums[k], reg, rows, &start, to);
    }
    start = *to;
  }
}

static void run_op(const Op *op, const Register *reg, int rows) {
  const Register to = reg[op->first];
  switch (op->kind) {
    case OP_AFFINE: run_affine(op, reg, rows); break;
    case OP_ACTIVATE:
      copy_rows(reg[op->x], rows, to, op->stride);
      activate(op->activation, to.values, rows, op->width, op->stride, to.stride);
      break;
    case OP_TICK:
      for (int row = 0; row < rows; row++) {
        const float next = reg[op->x].values[row * reg[op->x].stride] + 1;
        to.values[row * to.stride] = next < (float)op->number ? next : 0;
      }
      break;
    default: run_pointwise(op, reg, rows); break;
  }
}

/* Where the input, the states and the output of a block lie; nothing writes to an input row. */
static void place_outside(const struct Composed *cell, const Step *step, int row, Register output) {
  Register *reg = cell->reg;
  if (cell->writes_output) reg[cell->output] = output;
  reg[0] = (Register){(float *)(uintptr_t)step->x + row * step->x_stride, step->x_stride};
  const size_t *before = cell->before;
  for (int k = 0; k < cell->states; k++) {
    const size_t stride = before[k + 1] - before[k];
    reg[1 + k] = (Register){step->c + step->plane_rows * before[k] + row * stride, stride};
  }
}

static void step_composed(const Cell *of, const Step *step) {
  const struct Composed *cell = of->composed;
  for (int row = 0; row < step->rows; row += cell->block_rows) {
    const int rows = step->rows - row < cell->block_rows ? step->rows - row : cell->block_rows;
    const Register output = {step->next + row * (size_t)of->stride, of->stride};
    place_outside(cell, step, row, output);
    for (int k = 0; k < cell->ops; k += cell->op[k].kind < OP_TANH ? 1 : cell->op[k].count) {
      run_op(&cell->op[k], cell->reg, rows);
    }
    if (!cell->writes_output) copy_rows(cell->reg[cell->output], rows, output, of->stride);
    for (int k = 0; k < cell->states; k++) {
      const Register to = cell->reg[1 + k];
      if (cell->next[k] != 1 + k) copy_rows(cell->reg[cell->next[k]], rows, to, to.stride);
    }
  }
}

#endif
