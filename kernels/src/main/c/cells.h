/*
 * One timestep of a cell: the product of x and h for all gates, then the functions. Panel after panel and a few rows at
 * a time, so that gates are still in the first-level cache when their functions are computed; all units at once where
 * one needs another's gates.
 */
#ifndef STREAMCELL_CELLS_H
#define STREAMCELL_CELLS_H

#include "activations.h"
#include "operations.h"
#include "product.h"

/* Rows whose gates are computed before their functions. */
enum { BLOCK_ROWS = 16 * ROWS_4 };
/* Gates of so many floats are computed for all units before the functions, where that must be. */
enum { WHOLE_FLOATS = 4096 };

/*
 * Gates after the product, in groups of `width` floats: a row's in a panel, or a panel's of one row. Gate g of group n is
 * at z + n*z_step + g*width; the units' h, c and next at n*step.
 */
typedef struct {
  int groups, width;
  float *z;
  size_t z_step, step;
  const float *h;
  float *c, *next;
} Gates;

/* c' = fused(f, c, i*g), h' = o*tanh(c') with Keras's own functions, for some groups abreast. */
INLINE void lstm_abreast(const int groups, const Gates *gates, int group, int k) {
  const float *z = gates->z + group * gates->z_step + k;
  float *c = gates->c + group * gates->step + k;
  float *next = gates->next + group * gates->step + k;
  const int width = gates->width;
  floats i[ABREAST], f[ABREAST], g[ABREAST], o[ABREAST];
#pragma GCC unroll 4
  for (int n = 0; n < groups; n++) i[n] = sigmoid_of(load(z + n * gates->z_step));
#pragma GCC unroll 4
  for (int n = 0; n < groups; n++) g[n] = tanh_of(load(z + n * gates->z_step + 2 * width));
#pragma GCC unroll 4
  for (int n = 0; n < groups; n++) f[n] = sigmoid_of(load(z + n * gates->z_step + width));
#pragma GCC unroll 4
  for (int n = 0; n < groups; n++) {
    f[n] = fused(f[n], load(c + n * gates->step), mul(i[n], g[n]));
    store(c + n * gates->step, f[n]);
  }
#pragma GCC unroll 4
  for (int n = 0; n < groups; n++) o[n] = sigmoid_of(load(z + n * gates->z_step + 3 * width));
#pragma GCC unroll 4
  for (int n = 0; n < groups; n++) store(next + n * gates->step, mul(o[n], tanh_of(f[n])));
}

/* z, r sigmoid; n = tanh(fused(r, inner, n)); h' = fused(z, h - n, n). */
INLINE void gru_abreast(const int groups, const Gates *gates, int group, int k) {
  const float *at = gates->z + group * gates->z_step + k;
  const float *h = gates->h + group * gates->step + k;
  float *next = gates->next + group * gates->step + k;
  const int width = gates->width;
  floats z[ABREAST], r[ABREAST], n[ABREAST];
#pragma GCC unroll 4
  for (int m = 0; m < groups; m++) r[m] = sigmoid_of(load(at + m * gates->z_step + width));
#pragma GCC unroll 4
  for (int m = 0; m < groups; m++) {
    n[m] = fused(r[m], load(at + m * gates->z_step + 3 * width), load(at + m * gates->z_step + 2 * width));
  }
#pragma GCC unroll 4
  for (int m = 0; m < groups; m++) z[m] = sigmoid_of(load(at + m * gates->z_step));
#pragma GCC unroll 4
  for (int m = 0; m < groups; m++) n[m] = tanh_of(n[m]);
#pragma GCC unroll 4
  for (int m = 0; m < groups; m++) {
    store(next + m * gates->step, fused(z[m], sub(load(h + m * gates->step), n[m]), n[m]));
  }
}

/* All groups, some abreast, then the rest. */
#define GROUPS_OF(NAME, ABREAST_OF)                                   \
  static void NAME(const Gates *gates) {                              \
    for (int k = 0; k < gates->width; k += LANES) {                   \
      int group = 0;                                                  \
      for (; group + 4 <= gates->groups; group += 4) ABREAST_OF(4, gates, group, k); \
      switch (gates->groups - group) {                                \
        case 3: ABREAST_OF(3, gates, group, k); break;                \
        case 2: ABREAST_OF(2, gates, group, k); break;                \
        case 1: ABREAST_OF(1, gates, group, k); break;                \
        default: break;                                               \
      }                                                               \
    }                                                                 \
  }

GROUPS_OF(lstm_of_keras, lstm_abreast)
GROUPS_OF(gru_of_keras, gru_abreast)

static void activate_gate(const Cell *cell, Activation activation, const Gates *gates, int gate) {
  activate(activation, gates->z + gate * gates->width, gates->groups, cell->units, gates->width, gates->z_step);
}

static void lstm(const Cell *cell, const Gates *gates) {
  const int width = gates->width;
  activate_gate(cell, cell->recurrent_activation, gates, 0);
  activate_gate(cell, cell->recurrent_activation, gates, 1);
  activate_gate(cell, cell->activation, gates, 2);
  activate_gate(cell, cell->recurrent_activation, gates, 3);
  for (int group = 0; group < gates->groups; group++) {
    float *z = gates->z + group * gates->z_step;
    float *c = gates->c + group * gates->step;
    for (int k = 0; k < width; k += LANES) {
      floats next = fused(load(z + width + k), load(c + k), mul(load(z + k), load(z + 2 * width + k)));
      store(c + k, next);
      store(z + 2 * width + k, next);
    }
  }
  activate_gate(cell, cell->activation, gates, 2);
  for (int group = 0; group < gates->groups; group++) {
    const float *z = gates->z + group * gates->z_step;
    for (int k = 0; k < width; k += LANES) {
      store(gates->next + group * gates->step + k, mul(load(z + 3 * width + k), load(z + 2 * width + k)));
    }
  }
}

/* h' = fused(z, h - n, n), where n is at `candidates`, `n_step` apart. */
static void mix(const Gates *gates, const float *candidates, size_t n_step) {
  for (int group = 0; group < gates->groups; group++) {
    for (int k = 0; k < gates->width; k += LANES) {
      floats n = load(candidates + group * n_step + k);
      floats kept = sub(load(gates->h + group * gates->step + k), n);
      store(gates->next + group * gates->step + k, fused(load(gates->z + group * gates->z_step + k), kept, n));
    }
  }
}

static void gru(const Cell *cell, const Gates *gates) {
  const int width = gates->width;
  activate_gate(cell, cell->recurrent_activation, gates, 0);
  activate_gate(cell, cell->recurrent_activation, gates, 1);
  for (int group = 0; group < gates->groups; group++) {
    float *z = gates->z + group * gates->z_step;
    for (int k = 0; k < width; k += LANES) {
      store(z + 2 * width + k, fused(load(z + width + k), load(z + 3 * width + k), load(z + 2 * width + k)));
    }
  }
  activate_gate(cell, cell->activation, gates, 2);
  mix(gates, gates->z + 2 * width, gates->z_step);
}

static void simple_rnn(const Cell *cell, const Gates *gates) {
  activate_gate(cell, cell->activation, gates, 0);
  for (int group = 0; group < gates->groups; group++) {
    for (int k = 0; k < gates->width; k += LANES) {
      store(gates->next + group * gates->step + k, load(gates->z + group * gates->z_step + k));
    }
  }
}

static void functions(const Cell *cell, const Gates *gates) {
  const bool of_keras = cell->activation == TANH && cell->recurrent_activation == SIGMOID;
  if (cell->kind == CELL_LSTM) {
    if (of_keras) {
      lstm_of_keras(gates);
    } else {
      lstm(cell, gates);
    }
  } else if (cell->kind == CELL_GRU) {
    if (of_keras) {
      gru_of_keras(gates);
    } else {
      gru(cell, gates);
    }
  } else {
    simple_rnn(cell, gates);
  }
}

static size_t gates_width(const Cell *cell) { return (size_t)cell->product.gates * cell->stride; }

/* What the rows from `row` on are multiplied from; h, or what stands for it, is theirs. */
static Tile tile_of(const Product *product, const Step *step, int row, const float *h, const float *known) {
  Tile t = {
      .x = step->x + row * step->x_stride,
      .x_stride = step->x_stride,
      .nx = product->nx,
      .h = h,
      .h_stride = product->stride,
      .nh = product->nh,
      .start = product->bias};
  if (known) {
    t.nx = 0;
    t.start_stride = (size_t)product->gates * product->stride;
    t.start = known + row * t.start_stride;
  }
  return t;
}

/* Gates of some rows in a panel, or of all units of one row in groups of a panel's width. */
static Gates gates_of(const Cell *cell, const Step *step, int row, int unit, float *z) {
  const size_t at = row * (size_t)cell->stride + unit;
  return (Gates){.z = z, .h = step->h + at, .c = step->c ? step->c + at : NULL, .next = step->next + at};
}

static void step_panel(const Cell *cell, const Step *step, int panel, float *scratch) {
  const Product *product = &cell->product;
  const int width = blocks_of(product, panel) * LANES;
  const size_t z_stride = (size_t)product->gates * width;
  for (int row = 0; row < step->rows; row += BLOCK_ROWS) {
    const int rows = step->rows - row < BLOCK_ROWS ? step->rows - row : BLOCK_ROWS;
    Tile t = tile_of(product, step, row, step->h + row * (size_t)cell->stride, step->known);
    t.z = scratch;
    t.z_stride = z_stride;
    multiply_panel(product, panel, panel_after(product, panel, step->backwards), rows, &t);
    Gates gates = gates_of(cell, step, row, panel * product->blocks * LANES, scratch);
    gates.groups = rows;
    gates.width = width;
    gates.z_step = z_stride;
    gates.step = cell->stride;
    functions(cell, &gates);
  }
}

/* Two whole panels of one row. */
static void step_pair(const Cell *cell, const Step *step, int panel, float *scratch) {
  const Product *product = &cell->product;
  Tile t = tile_of(product, step, 0, step->h, step->known);
  t.z = scratch;
  multiply_pair(product, panel, &t);
  Gates gates = gates_of(cell, step, 0, panel * product->blocks * LANES, scratch);
  gates.groups = 2;
  gates.width = product->blocks * LANES;
  gates.z_step = MOST_SUMS * LANES;
  gates.step = gates.width;
  functions(cell, &gates);
}

/* Every other time from the last panel to the first, so that weights are found in the cache that just passed. */
static void step_by_panels(const Cell *cell, const Step *step, float *scratch) {
  const Product *product = &cell->product;
  const bool pairs = step->rows == 1 && product->gates * product->blocks == MOST_SUMS;
  const int whole = product->stride / LANES / product->blocks;
  const int paired = pairs ? whole / 2 * 2 : 0;
  for (int n = 0; n < product->panels; n++) {
    const int panel = step->backwards ? product->panels - 1 - n : n;
    if (panel >= paired) {
      step_panel(cell, step, panel, scratch);
    } else if (panel % 2 == 0) {
      step_pair(cell, step, panel, scratch);
    }
  }
}

/* Rows of which all gates are computed before the functions. */
static int whole_rows(const Cell *cell) {
  const int rows = WHOLE_FLOATS / (int)gates_width(cell);
  return rows < 1 ? 1 : rows;
}

/* Of a row's gates that stand panel after panel, each gate as one piece. */
static void put_together(const Product *product, const float *panels, float *whole) {
  for (int panel = 0; panel < product->panels; panel++) {
    const size_t width = (size_t)blocks_of(product, panel) * LANES;
    const float *from = panels + sums_before(product, panel);
    float *to = whole + (size_t)panel * product->blocks * LANES;
    for (int gate = 0; gate < product->gates; gate++) {
      memcpy(to + (size_t)gate * product->stride, from + gate * width, width * sizeof(float));
    }
  }
}

/* GRU with the reset gate before the product: the candidate's needs r of all units. */
static void gru_reset_before(const Cell *cell, const Step *step, int row, const Gates *gates, float *scratch) {
  const size_t stride = cell->stride;
  float *r = scratch, *n = scratch + gates->groups * stride;
  activate_gate(cell, cell->recurrent_activation, gates, 0);
  activate_gate(cell, cell->recurrent_activation, gates, 1);
  for (int group = 0; group < gates->groups; group++) {
    const size_t at = group * stride;
    for (size_t k = 0; k < stride; k += LANES) {
      store(r + at + k, mul(load(gates->z + group * gates->z_step + stride + k), load(gates->h + at + k)));
    }
  }
  const Product *product = &cell->candidate;
  Tile t = tile_of(product, step, row, r, step->known_candidate);
  t.z_stride = stride;
  for (int panel = 0; panel < product->panels; panel++) {
    t.z = n + sums_before(product, panel);
    multiply_panel(product, panel, panel_after(product, panel, false), gates->groups, &t);
  }
  activate(cell->activation, n, gates->groups, cell->units, stride, stride);
  mix(gates, n, stride);
}

/* The gates of all units of some rows, then their functions. */
static void step_whole(const Cell *cell, const Step *step, float *scratch) {
  const Product *product = &cell->product;
  const size_t width = gates_width(cell);
  const int most = whole_rows(cell);
  float *whole = scratch + most * width, *rest = whole + most * width;
  for (int row = 0; row < step->rows; row += most) {
    const int rows = step->rows - row < most ? step->rows - row : most;
    Tile t = tile_of(product, step, row, step->h + row * (size_t)cell->stride, step->known);
    t.z_stride = width;
    for (int panel = 0; panel < product->panels; panel++) {
      t.z = scratch + sums_before(product, panel);
      multiply_panel(product, panel, panel_after(product, panel, false), rows, &t);
    }
    for (int n = 0; n < rows; n++) put_together(product, scratch + n * width, whole + n * width);
    Gates gates = gates_of(cell, step, row, 0, whole);
    gates.groups = rows;
    gates.width = cell->stride;
    gates.z_step = width;
    gates.step = cell->stride;
    if (cell->kind == CELL_GRU_RESET_BEFORE) {
      gru_reset_before(cell, step, row, &gates, rest);
    } else {
      functions(cell, &gates);
    }
  }
}

/* Whether a unit's functions need more than its own gates. */
static bool needs_whole(const Cell *cell) {
  return cell->kind == CELL_GRU_RESET_BEFORE || rowwise(cell->activation) || rowwise(cell->recurrent_activation);
}

static size_t scratch_floats(const Cell *cell) {
  if (needs_whole(cell)) return whole_rows(cell) * 2 * (gates_width(cell) + cell->stride);
  return (size_t)BLOCK_ROWS * MOST_SUMS * LANES;
}

static void step_cell(const Cell *cell, const Step *step, float *scratch) {
  if (cell->kind == CELL_COMPOSED) {
    step_composed(cell, step);
  } else if (needs_whole(cell)) {
    step_whole(cell, step, scratch);
  } else {
    step_by_panels(cell, step, scratch);
  }
}

#endif
