/*
 * What a program is made of. Rows of a batch are ordered by length, longest first, and laid out timestep by timestep, so
 * that a timestep's rows lie side by side and only become fewer.
 */
#ifndef STREAMCELL_LAYERS_H
#define STREAMCELL_LAYERS_H

#include "composed.h"
#include "program.h"

/* Memory that only grows; what it held is lost when it does. */
typedef struct {
  float *values;
  size_t floats;
} Buffer;

/* Aligned to a cache line, zeroed; NULL where memory is out. */
float *allocate(size_t floats);

/* Makes room; false where memory is out. */
bool grow(Buffer *buffer, size_t floats);

/* The values of one tensor: [rows][groups][stride]. Timed ones are in packed order, others as in the batch. */
typedef struct {
  int axis, groups, features;
  size_t stride;
  int rows;
  Buffer memory;
} Tensor;

static inline float *row_of(const Tensor *tensor, int row) {
  return tensor->memory.values + (size_t)row * tensor->groups * tensor->stride;
}

/*
 * The order of rows on one time axis: row r has the timesteps from block[r] to block[r + 1] of the batch; order[n] is
 * the row that comes n-th, lengths[n] its timesteps. Timestep t holds the first active[t] of them, from first[t] on.
 */
typedef struct {
  int steps;
  int *starts;      /* of all rows of the call */
  const int *block; /* of those that are computed at once */
  int *order, *lengths;
  int *counts, *active, *first;
  int step_room;
} Packing;

typedef struct {
  Cell cell;
  Buffer before;   /* h before the first timestep, [rows][stride] */
  Buffer c;        /* LSTM's; of a composed cell all states, [states][rows][stride] */
  Buffer sequence; /* h at every timestep, or of two timesteps in turn */
  Buffer scratch;
  Buffer known, known_candidate;
  bool in_turn;
  bool backwards; /* which way the next timestep takes the panels */
  float *hidden; /* the sequence that was written: own, or the output tensor's */
} CellRun;

typedef enum {
  RECURRENT,
  DENSE,
  EMBEDDING,
  BATCH_NORMALIZATION,
  LAYER_NORMALIZATION,
  ACTIVATE,
  ADD,
  CONCATENATE,
  COPY
} LayerKind;

typedef struct {
  LayerKind kind;
  int inputs, outputs;
  int *input, *output;
  /* recurrent */
  int cells, cells_added;
  CellRun *runs;
  bool return_sequences;
  int state;
  /* the others */
  Product product;
  Activation activation;
  Buffer wide; /* dense with glu */
  float *values, *more_values;
  int vocabulary, columns; /* embedding */
  float epsilon;
} Layer;

struct Program {
  const Arithmetic *arithmetic;
  int axes, tensors, inputs, outputs, layers, layer_room;
  int batch_row, all_rows, row_room; /* of the call */
  int *slots;
  int from, rows; /* of the batch, that are computed at once */
  const int *slot;
  size_t weights; /* floats */
  bool one; /* whether what is packed is one row of one timestep, by program_pack_one */
  Packing *packings;
  Tensor *tensor;
  int *output;
  Layer *layer;
};

static inline size_t padded(const Program *program, int floats) {
  const size_t lanes = program->arithmetic->lanes;
  return (floats + lanes - 1) / lanes * lanes;
}

static inline const Packing *packing_of(const Program *program, const Tensor *tensor) {
  return tensor->axis < 0 ? NULL : &program->packings[tensor->axis];
}

/*
 * Packs a product. x's gates are columns first_x*units.. of wx [nx, columns_x], h's likewise; bias is
 * [gates][units].
 */
bool pack_product(
    Program *program, Product *product, const float *wx, int columns_x, int first_x, const float *wh, int columns_h,
    int first_h, const float *bias);
void free_product(Product *product);
void free_composed(struct Composed *composed);

/* Where the last timestep of the n-th row stands. */
static inline int last_of(const Packing *packing, int n) { return packing->first[packing->lengths[n] - 1] + n; }

/* h of a cell after the last timestep of the n-th row. */
static inline const float *last_hidden(const CellRun *run, const Packing *packing, int rows, int n) {
  const size_t stride = run->cell.stride;
  if (!run->in_turn) return run->hidden + last_of(packing, n) * stride;
  return run->hidden + ((size_t)((packing->lengths[n] - 1) & 1) * rows + n) * stride;
}

/* A state tensor of a composed cell, of the n-th row. */
static inline float *state_of(const Program *program, const CellRun *run, int state, int n) {
  const size_t *before = run->cell.composed->before;
  return run->c.values + program->rows * before[state] + n * (before[state + 1] - before[state]);
}

/* Floats of an input product that is computed for many timesteps at once. */
enum { KNOWN_FLOATS = 1 << 16 };

/* Timesteps' rows whose input product is computed at once, at most. */
static inline int known_rows(const Cell *cell) {
  const int rows = KNOWN_FLOATS / (4 * cell->stride);
  return rows < FEW_ROWS ? FEW_ROWS : rows;
}

#endif
