/* A cell as a list of operations on registers, as the Java class ComposedCell describes it. */
#ifndef STREAMCELL_COMPOSED_H
#define STREAMCELL_COMPOSED_H

#include "streamcell.h"

/* In the order of the Java enum ComposedBuilder.Kind, but for the last. */
typedef enum {
  OP_AFFINE,
  OP_CONSTANT,
  OP_ACTIVATE,
  OP_TICK,
  /* Value by value from here on. */
  OP_TANH,
  OP_SIGMOID,
  OP_SCALE,
  OP_CLIP,
  OP_LEAKY,
  OP_ABOVE,
  OP_ELU,
  OP_COMPLEMENT,
  OP_ADD,
  OP_SUBTRACT,
  OP_MULTIPLY,
  OP_FUSED,
  OP_CLOCKED, /* x where z, a clock, is a multiple of the unit's period, else y */
  OP_ADD_PRODUCT /* x + y*z, rounded once */
} OpKind;

/* Rows of a block at most. */
enum { MOST_BLOCK_ROWS = 96 };

/* Registers x and h, from a place in a row on, times weights; h may be left out. A row's sums are [gates][stride]. */
typedef struct {
  int x, x_from, h, h_from;
  int part; /* how many of the first sums are fed, where not all are */
  Product product;
} Sum;

typedef struct {
  OpKind kind;
  int first;      /* the register that it gives, or the first of them */
  int x, y, z;    /* registers that it reads; of an affine x is the first of those that it starts from, or -1 */
  int gates, width;
  size_t stride;  /* width in whole vectors */
  int count;      /* sums of an affine; from the first of a run of operations value by value, its length */
  bool continues; /* whether x is what the operation before it in the run gives */
  Sum *sums;
  float *values;  /* the bias of an affine, [gates][width], or periods */
  Activation activation;
  float alpha, beta;
  int number;     /* a limit */
} Op;

/* Row r of a register begins at values + r*stride; a constant's stride is 0. */
typedef struct {
  float *values;
  size_t stride;
} Register;

struct Composed {
  int registers, states, ops, op_room;
  int given;     /* registers that have been given so far */
  int *widths;  /* of registers; the input row is the first, then come the states */
  int *next;    /* the registers that are the states after the timestep */
  int output;
  bool writes_output; /* whether an operation may give the output where it is wanted: a gate stands between others */
  int block_rows;
  size_t floats; /* of all registers of a row that operations give */
  float *free;   /* scratch memory that no register lies in yet */
  size_t *before; /* floats of a row's states before each, in whole vectors; at last of all */
  Op *op;
  float **constants; /* by register, or NULL */
  Register *reg; /* those that operations give are placed once, the others for each block */
};

#endif
