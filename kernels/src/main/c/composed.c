/* Builds cells that are a list of operations. */
#include "layers.h"

#include <stdlib.h>
#include <string.h>

/* Floats of registers in a block, which stay in the second-level cache; rows of a block, a multiple of all tiles'. */
enum { BLOCK_FLOATS = 1 << 15, TILES_OF_ROWS = 24 };

static struct Composed *last_composed(const Program *program) {
  const Layer *layer = &program->layer[program->layers - 1];
  return layer->runs[layer->cells_added - 1].cell.composed;
}

static int *copied_ints(int count, const int *numbers) {
  int *copy = malloc((count + 1) * sizeof *copy);
  if (copy) memcpy(copy, numbers, count * sizeof *copy);
  return copy;
}

bool program_composed(
    Program *program, int registers, const int *widths, int states, const int *next, int output, int units) {
  Layer *layer = &program->layer[program->layers - 1];
  CellRun *run = &layer->runs[layer->cells_added++];
  struct Composed *composed = calloc(1, sizeof *composed);
  run->cell = (Cell){
      .kind = CELL_COMPOSED,
      .features = widths[0],
      .units = units,
      .stride = (int)padded(program, units),
      .states = states,
      .composed = composed};
  run->in_turn = layer->cells_added == layer->cells && !layer->return_sequences;
  if (!composed) return false;
  composed->registers = registers;
  composed->states = states;
  composed->output = output;
  composed->widths = copied_ints(registers, widths);
  composed->next = copied_ints(states, next);
  composed->reg = calloc(registers, sizeof *composed->reg);
  composed->constants = calloc(registers, sizeof *composed->constants);
  composed->before = calloc(states + 1, sizeof *composed->before);
  if (!composed->widths || !composed->next || !composed->reg || !composed->constants || !composed->before) return false;
  composed->given = 1 + states;
  for (int k = 0; k < states; k++) composed->before[k + 1] = composed->before[k] + padded(program, widths[1 + k]);
  for (int k = states + 1; k < registers; k++) composed->floats += padded(program, widths[k]);
  int rows = BLOCK_FLOATS / (int)(composed->floats + 1) / TILES_OF_ROWS * TILES_OF_ROWS;
  rows = rows < TILES_OF_ROWS ? TILES_OF_ROWS : rows;
  composed->block_rows = rows > MOST_BLOCK_ROWS ? MOST_BLOCK_ROWS : rows;
  if (!grow(&run->scratch, composed->floats * (composed->block_rows + 1))) return false;
  composed->free = run->scratch.values;
  return true;
}

/*
 * Room for another operation, which gives `gates` registers. They are placed so that a row's gates lie one after another;
 * a row more than a block has stays free, so that the registers of one row do not all lie in the same sets of the
 * first-level cache.
 */
static Op *new_op(const Program *program, struct Composed *composed, int gates) {
  if (composed->ops == composed->op_room) {
    const int room = 2 * composed->op_room + 8;
    Op *more = realloc(composed->op, room * sizeof *more);
    if (!more) return NULL;
    composed->op = more;
    composed->op_room = room;
  }
  const int first = composed->given, width = composed->widths[first];
  const size_t stride = padded(program, width);
  for (int gate = 0; gate < gates; gate++) {
    composed->reg[first + gate] = (Register){composed->free + gate * stride, gates * stride};
  }
  composed->free += (composed->block_rows + 1) * gates * stride;
  composed->given += gates;
  Op *op = &composed->op[composed->ops++];
  *op = (Op){.first = first, .gates = gates, .width = width, .stride = stride};
  return op;
}

bool program_affine(Program *program, int gates, int width, int start, const float *bias) {
  Op *op = new_op(program, last_composed(program), gates);
  if (!op) return false;
  op->kind = OP_AFFINE;
  op->x = start;
  op->values = allocate((size_t)gates * width);
  if (!op->values) return false;
  memcpy(op->values, bias, (size_t)gates * width * sizeof(float));
  return true;
}

/* [rows][gates*width] with each gate padded to whole vectors. */
static float *spread(const Program *program, int rows, int gates, int width, const float *values) {
  const size_t stride = padded(program, width);
  float *wide = allocate(rows * gates * stride);
  for (int k = 0; wide && k < rows * gates; k++) {
    memcpy(wide + k * stride, values + (size_t)k * width, width * sizeof(float));
  }
  return wide;
}

bool program_terms(
    Program *program, int width, int x, int x_from, int x_rows, const float *x_weights, int h, int h_from, int h_rows,
    const float *h_weights) {
  struct Composed *composed = last_composed(program);
  Op *op = &composed->op[composed->ops - 1];
  Sum *more = realloc(op->sums, (op->count + 1) * sizeof *more);
  if (!more) return false;
  op->sums = more;
  Sum *sum = &op->sums[op->count++];
  const int columns = op->gates * (int)padded(program, width);
  *sum = (Sum){.x = x, .x_from = x_from, .h = h, .h_from = h_from, .part = width < op->width ? width : 0};
  sum->product = (Product){.nx = x_rows, .nh = h_rows, .gates = 1, .gates_x = 1, .gates_h = 1, .units = columns};
  float *wide_x = spread(program, x_rows, op->gates, width, x_weights);
  float *wide_h = spread(program, h_rows, op->gates, width, h_weights);
  float *bias = spread(program, 1, op->gates, width, op->values);
  const bool done =
      wide_x && wide_h && bias && pack_product(program, &sum->product, wide_x, columns, 0, wide_h, columns, 0, bias);
  free(wide_x);
  free(wide_h);
  free(bias);
  return done;
}

static bool add_constant(const Program *program, struct Composed *composed, const float *values) {
  const int number = composed->given++, width = composed->widths[number];
  float *constant = allocate(padded(program, width));
  if (!constant) return false;
  memcpy(constant, values, width * sizeof(float));
  composed->constants[number] = constant;
  composed->reg[number] = (Register){constant, 0};
  return true;
}

static bool value_by_value(OpKind kind) { return kind >= OP_TANH; }

/* Lets the last operation go on from what the one before it gave, as x, where both go value by value. */
static void join_run(struct Composed *composed) {
  Op *op = &composed->op[composed->ops - 1];
  op->count = 1;
  if (composed->ops == 1) return;
  const Op *before = op - 1;
  if (!value_by_value(before->kind) || before->stride != op->stride) return;
  Op *first = op - 1;
  while (first > composed->op && value_by_value(first[-1].kind) && first[-1].stride == op->stride) first--;
  first->count++;
  const int last = before->first, x = op->x, y = op->y;
  const bool turns = op->kind == OP_ADD || op->kind == OP_MULTIPLY || op->kind == OP_FUSED;
  if (turns && x != last && y == last) {
    op->x = y;
    op->y = x;
  } else if (op->kind == OP_FUSED && x != last && op->z == last) {
    op->kind = OP_ADD_PRODUCT;
    op->x = op->z;
    op->y = x;
    op->z = y;
  }
  op->continues = op->x == last;
}

bool program_operation(
    Program *program, const int *description, int reads, const int *read, float alpha, float beta, const float *values) {
  struct Composed *composed = last_composed(program);
  const OpKind kind = (OpKind)description[0];
  if (kind == OP_CONSTANT) return add_constant(program, composed, values);
  Op *op = new_op(program, composed, 1);
  if (!op) return false;
  op->kind = kind;
  composed->writes_output |= op->first == composed->output;
  op->activation = (Activation)description[1];
  op->number = description[2];
  op->alpha = alpha;
  op->beta = beta;
  op->x = read[0];
  op->y = reads > 1 ? read[1] : op->x;
  op->z = reads > 2 ? read[2] : op->x;
  if (kind == OP_CLOCKED) {
    op->values = allocate(op->stride);
    if (!op->values) return false;
    memcpy(op->values, values, op->width * sizeof(float));
    for (size_t k = op->width; k < op->stride; k++) op->values[k] = 1;
  }
  if (value_by_value(kind)) join_run(composed);
  return true;
}

void free_composed(struct Composed *composed) {
  if (!composed) return;
  for (int k = 0; k < composed->ops; k++) {
    Op *op = &composed->op[k];
    for (int n = 0; op->sums && n < op->count; n++) free_product(&op->sums[n].product);
    free(op->sums);
    free(op->values);
  }
  for (int k = 0; composed->constants && k < composed->registers; k++) free(composed->constants[k]);
  free(composed->constants);
  free(composed->op);
  free(composed->widths);
  free(composed->next);
  free(composed->before);
  free(composed->reg);
  free(composed);
}
