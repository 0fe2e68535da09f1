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

/* Feeds some of the first sums, a row of which may end within a vector; what is beyond them stays. */
static void run_part(const Sum *sum, const Register *reg, int rows, const Register *to) {
  const size_t last = whole(sum->part) - LANES;
  float *end = to->values + last;
  float beyond[MOST_BLOCK_ROWS][LANES];
  for (int row = 0; row < rows; row++) store(beyond[row], load(end + row * to->stride));
  run_sum(sum, reg, rows, to, to);
  const mask fed = less(load(COUNTS), all((float)(sum->part - last)));
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

static void run_affine(const Op *op, const Register *reg, int rows) {
  const Register *to = &reg[op->first];
  Register start = {op->sums->product.bias, 0};
  if (op->x >= 0 && side_by_side(op, &reg[op->x])) {
    start = reg[op->x];
  } else if (op->x >= 0) {
    for (int gate = 0; gate < op->gates; gate++) copy_rows(reg[op->x + gate], rows, to[gate], op->stride);
    start = *to;
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
