/*
 * One timestep of a cell: the product of x and h for all gates, then the functions. Panel by panel where there are many
 * rows, so that gates stay in the first-level cache; all units at once where there are few.
 */
#ifndef STREAMCELL_CELLS_H
#define STREAMCELL_CELLS_H

#include "activations.h"
#include "product.h"

/* Gates of so many floats are computed for all units before the functions. */
enum { WHOLE_FLOATS = 4096 };

/*
 * The gates of some rows after the product: gate g at z + g*plane, rows of `width` floats, which are the units from
 * `unit` on.
 */
typedef struct {
  float *z;
  size_t plane;
  int rows, width, unit;
} Gates;

/* c' = fused(f, c, i*g), h' = o*tanh(c') with Keras's own functions: one pass. */
static void lstm_of_keras(const Step *step, size_t stride, const Gates *gates) {
  for (int row = 0; row < gates->rows; row++) {
    const float *z = gates->z + (size_t)row * gates->width;
    float *c = step->c + row * stride + gates->unit;
    float *next = step->next + row * stride + gates->unit;
    for (int k = 0; k < gates->width; k += LANES) {
      floats i = sigmoid_of(load(z + k));
      floats f = sigmoid_of(load(z + gates->plane + k));
      floats g = tanh_of(load(z + 2 * gates->plane + k));
      floats o = sigmoid_of(load(z + 3 * gates->plane + k));
      floats cell = fused(f, load(c + k), mul(i, g));
      store(c + k, cell);
      store(next + k, mul(o, tanh_of(cell)));
    }
  }
}

static void lstm(const Cell *cell, const Step *step, const Gates *gates) {
  const size_t stride = cell->stride;
  if (cell->activation == TANH && cell->recurrent_activation == SIGMOID) {
    lstm_of_keras(step, stride, gates);
    return;
  }
  const int rows = gates->rows, width = gates->width;
  float *i = gates->z, *f = i + gates->plane, *g = f + gates->plane, *o = g + gates->plane;
  activate(cell->recurrent_activation, i, rows, cell->units, width);
  activate(cell->recurrent_activation, f, rows, cell->units, width);
  activate(cell->activation, g, rows, cell->units, width);
  activate(cell->recurrent_activation, o, rows, cell->units, width);
  for (int row = 0; row < rows; row++) {
    float *c = step->c + row * stride + gates->unit;
    for (int k = 0; k < width; k += LANES) {
      const size_t at = (size_t)row * width + k;
      floats next = fused(load(f + at), load(c + k), mul(load(i + at), load(g + at)));
      store(c + k, next);
      store(g + at, next);
    }
  }
  activate(cell->activation, g, rows, cell->units, width);
  for (int row = 0; row < rows; row++) {
    for (int k = 0; k < width; k += LANES) {
      const size_t at = (size_t)row * width + k;
      store(step->next + row * stride + gates->unit + k, mul(load(o + at), load(g + at)));
    }
  }
}

/* h' = fused(z, h - n, n). */
static void mix(const Cell *cell, const Step *step, const Gates *gates, const float *n) {
  for (int row = 0; row < gates->rows; row++) {
    for (int k = 0; k < gates->width; k += LANES) {
      const size_t at = (size_t)row * gates->width + k;
      const size_t unit = row * (size_t)cell->stride + gates->unit + k;
      floats candidate = load(n + at);
      floats kept = sub(load(step->h + unit), candidate);
      store(step->next + unit, fused(load(gates->z + at), kept, candidate));
    }
  }
}

static void gru(const Cell *cell, const Step *step, const Gates *gates) {
  const int rows = gates->rows, width = gates->width;
  float *z = gates->z, *r = z + gates->plane, *n = r + gates->plane, *inner = n + gates->plane;
  activate(cell->recurrent_activation, z, rows, cell->units, width);
  activate(cell->recurrent_activation, r, rows, cell->units, width);
  for (size_t at = 0; at < (size_t)rows * width; at += LANES) {
    store(n + at, fused(load(r + at), load(inner + at), load(n + at)));
  }
  activate(cell->activation, n, rows, cell->units, width);
  mix(cell, step, gates, n);
}

static void simple_rnn(const Cell *cell, const Step *step, const Gates *gates) {
  activate(cell->activation, gates->z, gates->rows, cell->units, gates->width);
  for (int row = 0; row < gates->rows; row++) {
    for (int k = 0; k < gates->width; k += LANES) {
      store(step->next + row * (size_t)cell->stride + gates->unit + k,
            load(gates->z + (size_t)row * gates->width + k));
    }
  }
}

static void functions(const Cell *cell, const Step *step, const Gates *gates) {
  if (cell->kind == CELL_LSTM) {
    lstm(cell, step, gates);
  } else if (cell->kind == CELL_GRU) {
    gru(cell, step, gates);
  } else {
    simple_rnn(cell, step, gates);
  }
}

/* The rows of a step from `row` on. */
static Step part(const Cell *cell, const Step *step, int row, int rows) {
  Step p = *step;
  p.rows = rows;
  p.x += row * p.x_stride;
  p.h += row * (size_t)cell->stride;
  if (p.c) p.c += row * (size_t)cell->stride;
  p.next += row * (size_t)cell->stride;
  if (p.known) p.known += row * (size_t)cell->stride;
  if (p.known_candidate) p.known_candidate += row * (size_t)cell->stride;
  return p;
}

static Tile sources_of(const Product *product, const Step *step, const float *h, const float *known) {
  return (Tile){
      .x = step->x,
      .x_stride = step->x_stride,
      .nx = known ? 0 : product->nx,
      .h = h,
      .h_stride = product->stride,
      .nh = product->nh};
}

static Ends ends_of(const Product *product, const float *known, size_t known_plane, float *z, size_t plane, size_t stride) {
  if (known) return (Ends){known, known_plane, product->stride, z, plane, stride};
  return (Ends){product->bias, product->stride, 0, z, plane, stride};
}

/* The gates of all units, then their functions. */
static void step_whole(const Cell *cell, const Step *step, float *scratch) {
  const Product *product = &cell->product;
  const size_t plane = (size_t)step->rows * cell->stride;
  Tile sources = sources_of(product, step, step->h, step->known);
  Ends ends = ends_of(product, step->known, step->plane, scratch, plane, cell->stride);
  multiply_all(product, step->rows, &sources, &ends);
  Gates gates = {scratch, plane, step->rows, cell->stride, 0};
  if (cell->kind != CELL_GRU_RESET_BEFORE) {
    functions(cell, step, &gates);
    return;
  }
  float *r = scratch + plane, *n = r + plane;
  activate(cell->recurrent_activation, scratch, step->rows, cell->units, cell->stride);
  activate(cell->recurrent_activation, r, step->rows, cell->units, cell->stride);
  for (size_t at = 0; at < plane; at += LANES) store(r + at, mul(load(r + at), load(step->h + at)));
  sources = sources_of(&cell->candidate, step, r, step->known_candidate);
  ends = ends_of(&cell->candidate, step->known_candidate, 0, n, 0, cell->stride);
  multiply_all(&cell->candidate, step->rows, &sources, &ends);
  activate(cell->activation, n, step->rows, cell->units, cell->stride);
  mix(cell, step, &gates, n);
}

/* Panel after panel, the functions of its units at once while its gates are in the first-level cache. */
static void step_by_panel(const Cell *cell, const Step *step, float *scratch) {
  const Product *product = &cell->product;
  for (int panel = 0; panel < product->panels; panel++) {
    const int width = blocks_of(product, panel) * LANES;
    for (int row = 0; row < step->rows; row += BLOCK_ROWS) {
      const int rows = step->rows - row < BLOCK_ROWS ? step->rows - row : BLOCK_ROWS;
      Step p = part(cell, step, row, rows);
      const size_t plane = (size_t)rows * width;
      Tile sources = sources_of(product, &p, p.h, p.known);
      Ends ends = ends_of(product, p.known, p.plane, scratch, plane, width);
      multiply_panel(product, panel, rows, &sources, &ends);
      Gates gates = {scratch, plane, rows, width, panel * product->blocks * LANES};
      functions(cell, &p, &gates);
    }
  }
}

static int gates_of(const Cell *cell) { return cell->kind == CELL_GRU_RESET_BEFORE ? 3 : cell->product.gates; }

/* Rows whose gates are computed for all units at once. */
static int whole_rows(const Cell *cell) {
  const int rows = WHOLE_FLOATS / (gates_of(cell) * cell->stride);
  return rows < 1 ? 1 : rows;
}

static size_t scratch_floats(const Cell *cell) {
  const size_t whole = (size_t)gates_of(cell) * whole_rows(cell) * cell->stride;
  const size_t panel = (size_t)gates_of(cell) * BLOCK_ROWS * MOST_SUMS * LANES;
  return whole > panel ? whole : panel;
}

static void step_cell(const Cell *cell, const Step *step, float *scratch) {
  const bool whole = cell->kind == CELL_GRU_RESET_BEFORE || rowwise(cell->activation)
                     || rowwise(cell->recurrent_activation) || step->rows <= whole_rows(cell);
  const int most = whole ? whole_rows(cell) : resident_rows(cell->product.nx + cell->product.nh);
  for (int row = 0; row < step->rows; row += most) {
    const int rows = step->rows - row < most ? step->rows - row : most;
    Step p = part(cell, step, row, rows);
    if (whole) {
      step_whole(cell, &p, scratch);
    } else {
      step_by_panel(cell, &p, scratch);
    }
  }
}

#endif
