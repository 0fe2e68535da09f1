/* A cell as a list of operations on registers, as the Java class ComposedCell describes it. */
#ifndef STREAMCELL_COMPOSED_H
#define STREAMCELL_COMPOSED_H

#include "streamcell.h"

typedef enum {
  OP_AFFINE,
  OP_CONSTANT,
  OP_APPLY,
  OP_ADD,
  OP_SUBTRACT,
  OP_MULTIPLY,
  OP_FUSED,
  OP_CLOCKED,
  OP_TICK,
  OP_JOIN,
  OP_SLICE
} OpKind;

/* In the order of the Java enum ElementFunction.Kind. */
typedef enum { ACTIVATION, SCALE, CLIP, LEAKY, ABOVE, ELU_OF, COMPLEMENT } FunctionKind;

/* Registers x and h, from a place in a row on, times weights; h may be left out. A row's sums are [gates][stride]. */
typedef struct {
  int x, x_from, h, h_from;
  Product product;
} Sum;

typedef struct {
  OpKind kind;
  int first;     /* the register that it gives, or the first of them */
  int x, y, z;   /* registers that it reads; of an affine x is the first of those that it starts from, or -1 */
  int gates, width;
  int count;     /* sums of an affine, parts of a join */
  Sum *sums;
  int *parts;
  FunctionKind function;
  Activation activation;
  float alpha, beta;
  int number;    /* a period, a limit, or where a slice begins */
  bool in_place; /* whether the function's argument is needed no more */
  float *values; /* of a constant */
} Op;

/* Row r of a register begins at values + r*stride; a constant's stride is 0. */
typedef struct {
  float *values;
  size_t stride;
} Register;

struct Composed {
  int registers, states, ops, op_room;
  int *widths;  /* of registers; the input row is the first, then come the states */
  int *next;    /* the registers that are the states after the timestep */
  int output;
  int block_rows;
  size_t floats; /* of all registers of a row that operations give */
  size_t state_floats; /* of all states of a row, each padded */
  Op *op;
  Register *reg;
};

#endif
