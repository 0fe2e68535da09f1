/* One timestep of a composed cell: a block of rows at a time, operation by operation. */
#ifndef STREAMCELL_OPERATIONS_H
#define STREAMCELL_OPERATIONS_H

#include "activations.h"
#include "composed.h"
#include "product.h"

INLINE size_t whole(int floats) { return ((size_t)floats + LANES - 1) / LANES * LANES; }

/* to = EXPRESSION of a, b, c, the values of registers x, y, z; all at once where rows lie one after another. */
#define EACH_VALUE(EXPRESSION)                                                            \
  do {                                                                                    \
    const Register p = reg[op->x], q = reg[op->y], r = reg[op->z], to = reg[op->first];   \
    const size_t width = whole(widths[op->first]);                                        \
    const bool together = p.stride == width && q.stride == width && r.stride == width && to.stride == width; \
    const int times = together ? 1 : rows;                                                \
    const size_t count = together ? width * rows : width;                                 \
    for (int row = 0; row < times; row++) {                                               \
      const float *px = p.values + row * p.stride, *py = q.values + row * q.stride, *pz = r.values + row * r.stride; \
      float *out = to.values + row * to.stride;                                           \
      for (size_t k = 0; k < count; k += LANES) {                                         \
        const floats a = load(px + k), b = load(py + k), c = load(pz + k);                \
        (void)b;                                                                          \
        (void)c;                                                                          \
        store(out + k, EXPRESSION);                                                       \
      }                                                                                   \
    }                                                                                     \
  } while (0)

static void copy_rows(Register from, int rows, int width, float *to, size_t to_stride) {
  for (int row = 0; row < rows; row++) {
    memcpy(to + row * to_stride, from.values + row * from.stride, width * sizeof(float));
  }
}

static void run_sum(const Sum *sum, const Register *reg, int rows, const float *start, size_t start_stride, float *z) {
  const Product *product = &sum->product;
  Tile t = {
      .x = reg[sum->x].values + sum->x_from,
      .x_stride = reg[sum->x].stride,
      .nx = product->nx,
      .h = sum->h < 0 ? reg[sum->x].values : reg[sum->h].values + sum->h_from,
      .h_stride = sum->h < 0 ? 0 : reg[sum->h].stride,
      .nh = product->nh,
      .start = start,
      .start_stride = start_stride,
      .z_stride = product->stride};
  const int whole_panels = product->stride / LANES / product->blocks;
  for (int panel = 0; panel < product->panels; panel++) {
    t.z = z + sums_before(product, panel);
    if (rows == 1 && panel + 2 <= whole_panels) {
      multiply_pair(product, panel, &t);
      panel++;
    } else {
      multiply_panel(product, panel, panel_after(product, panel, false), rows, &t);
    }
  }
}

/* A row's gates lie one after another. */
static void run_affine(const Op *op, const Register *reg, int rows) {
  const Register to = reg[op->first];
  const size_t width = whole(op->width);
  const float *start = NULL;
  size_t start_stride = 0;
  if (op->x >= 0) {
    for (int gate = 0; gate < op->gates; gate++) copy_rows(reg[op->x + gate], rows, op->width, to.values + gate * width, to.stride);
    start = to.values;
    start_stride = to.stride;
  }
  for (int k = 0; k < op->count; k++) {
    run_sum(&op->sums[k], reg, rows, start ? start : op->sums[k].product.bias, start_stride, to.values);
    start = to.values;
    start_stride = to.stride;
  }
}

static void run_apply(const Op *op, const Register *reg, const int *widths, int rows) {
  const Register to = reg[op->first];
  const floats alpha = all(op->alpha), beta = all(op->beta);
  switch (op->function) {
    case ACTIVATION:
      if (!op->in_place) copy_rows(reg[op->x], rows, widths[op->x], to.values, to.stride);
      activate(op->activation, to.values, rows, widths[op->x], whole(widths[op->x]), to.stride);
      break;
    case SCALE: EACH_VALUE(fused(a, alpha, beta)); break;
    case CLIP: EACH_VALUE(choose(less(a, alpha), alpha, choose(less(beta, a), beta, a))); break;
    case LEAKY: EACH_VALUE(choose(less(a, all(0)), mul(alpha, a), a)); break;
    case ABOVE: EACH_VALUE(choose(less(alpha, a), a, all(0))); break;
    case ELU_OF: EACH_VALUE(choose(less(all(0), a), a, mul(alpha, expm1_of(a)))); break;
    case COMPLEMENT: EACH_VALUE(sub(all(1), a)); break;
  }
}

/* No time is taken as 0. */
static bool is_due(float time, int period) {
  const int count = time >= 0 && time < 0x1p24f ? (int)time : 0;
  return count % period == 0;
}

static void run_op(const Op *op, const Register *reg, const int *widths, int rows) {
  const Register to = reg[op->first];
  switch (op->kind) {
    case OP_AFFINE: run_affine(op, reg, rows); break;
    case OP_CONSTANT: break;
    case OP_APPLY: run_apply(op, reg, widths, rows); break;
    case OP_ADD: EACH_VALUE(add(a, b)); break;
    case OP_SUBTRACT: EACH_VALUE(sub(a, b)); break;
    case OP_MULTIPLY: EACH_VALUE(mul(a, b)); break;
    case OP_FUSED: EACH_VALUE(fused(a, b, c)); break;
    case OP_CLOCKED:
      for (int row = 0; row < rows; row++) {
        const bool due = is_due(reg[op->x].values[row * reg[op->x].stride], op->number);
        const Register from = due ? reg[op->y] : reg[op->z];
        memcpy(to.values + row * to.stride, from.values + row * from.stride, widths[op->first] * sizeof(float));
      }
      break;
    case OP_TICK:
      for (int row = 0; row < rows; row++) {
        const float next = reg[op->x].values[row * reg[op->x].stride] + 1;
        to.values[row * to.stride] = next < (float)op->number ? next : 0;
      }
      break;
    case OP_JOIN: {
      size_t column = 0;
      for (int k = 0; k < op->count; k++) {
        copy_rows(reg[op->parts[k]], rows, widths[op->parts[k]], to.values + column, to.stride);
        column += widths[op->parts[k]];
      }
      break;
    }
    case OP_SLICE: {
      Register from = reg[op->x];
      from.values += op->number;
      copy_rows(from, rows, op->width, to.values, to.stride);
      break;
    }
  }
}

/* Where the registers of a block lie. */
static void place_registers(const struct Composed *cell, const Step *step, int row, float *scratch) {
  Register *reg = cell->reg;
  /* Nothing writes to an input row. */
  reg[0] = (Register){(float *)(uintptr_t)step->x + row * step->x_stride, step->x_stride};
  float *state = step->c;
  for (int k = 1; k <= cell->states; k++) {
    const size_t stride = whole(cell->widths[k]);
    reg[k] = (Register){state + row * stride, stride};
    state += step->plane_rows * stride;
  }
  for (int k = 0; k < cell->ops; k++) {
    const Op *op = &cell->op[k];
    const size_t stride = whole(op->width);
    if (op->kind == OP_AFFINE) {
      for (int gate = 0; gate < op->gates; gate++) {
        reg[op->first + gate] = (Register){scratch + gate * stride, op->gates * stride};
      }
      scratch += (size_t)cell->block_rows * op->gates * stride;
    } else if (op->kind == OP_CONSTANT) {
      reg[op->first] = (Register){op->values, 0};
    } else if (op->in_place) {
      reg[op->first] = reg[op->x];
    } else {
      reg[op->first] = (Register){scratch, stride};
      scratch += (size_t)cell->block_rows * stride;
    }
  }
}

static void step_composed(const Cell *of, const Step *step, float *scratch) {
  const struct Composed *cell = of->composed;
  for (int row = 0; row < step->rows; row += cell->block_rows) {
    const int rows = step->rows - row < cell->block_rows ? step->rows - row : cell->block_rows;
    place_registers(cell, step, row, scratch);
    for (int k = 0; k < cell->ops; k++) run_op(&cell->op[k], cell->reg, cell->widths, rows);
    copy_rows(cell->reg[cell->output], rows, of->units, step->next + row * (size_t)of->stride, of->stride);
    for (int k = 0; k < cell->states; k++) {
      const Register to = cell->reg[1 + k];
      if (cell->next[k] != 1 + k) copy_rows(cell->reg[cell->next[k]], rows, cell->widths[1 + k], to.values, to.stride);
    }
  }
}

#endif
