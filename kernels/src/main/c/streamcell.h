/*
 * The native kernels: a program holds a network with packed weights and scratch memory, and advances batches.
 *
 * jni.c         the door to Java; jni_layers.c: what builds a program
 * program.h     what a program does: build.c makes it, packing.c orders rows, run.c computes
 * arithmetic.c  what it computes with, compiled once for each instruction set: transfer.h copies rows in and out,
 *               product.h, activations.h, cells.h, operations.h, pointwise.h
 * composed.h    cells that are a list of operations: composed.c makes them
 */
#ifndef STREAMCELL_H
#define STREAMCELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of the Java enum io.streamcell.models.Activation. */
typedef enum {
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
  SPARSE_SIGMOID,
  SOFTMAX,
  LOG_SOFTMAX,
  SPARSEMAX,
  GLU,
  ACTIVATIONS
} Activation;

/* Whether an output needs the whole last dimension. */
static inline bool rowwise(Activation activation) {
  return activation >= SOFTMAX;
}

/* Sums that one panel's tile holds for a row at most. */
#define MOST_SUMS 4

/*
 * A matrix product z = bias + [x | h] W, each value one chain of fused multiply-adds over ascending k. Columns are
 * `gates` times `units`; units are padded to whole vectors (`stride`). A panel holds `blocks` vectors of units, of all
 * gates; the last may hold fewer. Panel p, at weights + p*panel, is [nx][gates_x*blocks][lanes], then
 * [nh][gates_h*blocks][lanes].
 *
 * Usually gates_x = gates_h = gates. GRU's candidate keeps x and h apart: gates_x = gates_h = 3, gates = 4, where x
 * feeds the sums 0, 1, 2 and h feeds 0, 1, 3.
 */
typedef struct {
  int nx, nh;
  int gates, gates_x, gates_h;
  int units, stride, blocks, panels;
  size_t panel;
  float *weights;
  float *bias; /* as the sums of a row: panel after panel, in each [gates][blocks][lanes] */
} Product;

typedef enum { CELL_LSTM, CELL_GRU, CELL_GRU_RESET_BEFORE, CELL_SIMPLE_RNN, CELL_COMPOSED } CellKind;

typedef struct {
  CellKind kind;
  int features, units, stride, states;
  Activation activation, recurrent_activation;
  Product product;   /* all gates; GRU_RESET_BEFORE: z and r */
  Product candidate; /* GRU_RESET_BEFORE alone: from x, then from r*h */
  struct Composed *composed; /* COMPOSED alone */
} Cell;

/* One timestep of a cell for some rows. Rows are `stride` floats apart, but x. */
typedef struct {
  int rows;
  const float *x;
  size_t x_stride;
  const float *h; /* before */
  float *c;       /* LSTM: before and after; COMPOSED: all states, tensor after tensor */
  size_t plane_rows; /* COMPOSED: rows of a state tensor */
  float *next;    /* h after; never h itself */
  /* The product of x where it is known, a row's sums as in a bias; x is not read then. */
  const float *known, *known_candidate;
  bool backwards; /* from the last panel to the first */
} Step;

typedef struct Program Program;

/* A slab: pages of 2^page_bits slots of `width` floats; a page that no slot of the batch is in may be NULL. */
typedef struct {
  float *const *pages;
  int page_bits, width;
} SlabRows;

/* The arithmetic on one instruction set. */
typedef struct {
  const char *name;
  int lanes;
  /* Floats of scratch memory that a cell's step needs. */
  size_t (*scratch)(const Cell *cell);
  void (*step)(const Cell *cell, const Step *step, float *scratch);
  /* z = bias + xW with h left out; a row's sums as in a bias. */
  void (*multiply)(const Product *product, int rows, const float *x, size_t x_stride, float *z);
  /* In place; rows of `width` floats, of which the first `features` count. Of GLU the first half is the result. */
  void (*activate)(Activation activation, float *values, int rows, int features, size_t width, size_t stride);
  /* The first half of each row times the sigmoid of the second. */
  void (*gate)(const float *values, int rows, size_t stride, float *to, int half, size_t to_stride);
  void (*scale)(const float *x, int rows, size_t stride, const float *scale, const float *shift, float *to);
  void (*normalize)(
      const float *x, int rows, size_t stride, int features, const float *gamma, const float *beta, float epsilon, float *to);
  void (*add)(const float *x, size_t count, float *sums);
  /* Copies inputs and states in, outputs and states out. */
  void (*load)(const Program *program, const float *const *inputs, const SlabRows *slab);
  void (*store)(const Program *program, float *const *outputs, const SlabRows *slab);
} Arithmetic;

extern const Arithmetic arithmetic_avx512, arithmetic_avx2, arithmetic_plain;

/* Rows below which a sequence's input product is computed for many timesteps at once. */
#define FEW_ROWS 6

#endif
