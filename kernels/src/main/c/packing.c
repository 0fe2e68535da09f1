/* The order of a batch's rows, and room for their values. */
#include "layers.h"

#include <stdlib.h>
#include <string.h>

/* Weights, or values of all layers, that stay in the second-level cache. */
enum { RESIDENT_FLOATS = 1 << 17 };
/* Rows below which weights are read again too often, from the second-level cache or from beyond it. */
enum { FEWEST_AT_ONCE = 24, FEWEST_FAR = 96 };

int *program_rows(Program *program, int from, int rows) {
  program->batch_row = from;
  program->all_rows = rows;
  program->one = false;
  if (rows <= program->row_room) return program->slots;
  const size_t room = 2 * (size_t)rows;
  program->row_room = 0;
  free(program->slots);
  program->slots = malloc(room * sizeof(int));
  bool done = program->slots != NULL;
  for (int axis = 0; axis < program->axes; axis++) {
    Packing *packing = &program->packings[axis];
    free(packing->starts);
    free(packing->order);
    free(packing->lengths);
    packing->starts = malloc((room + 1) * sizeof(int));
    packing->order = malloc(room * sizeof(int));
    packing->lengths = malloc(room * sizeof(int));
    done = done && packing->starts && packing->order && packing->lengths;
  }
  if (!done) return NULL;
  program->row_room = (int)room;
  return program->slots;
}

int *program_starts(Program *program, int axis) { return program->packings[axis].starts; }

static bool room_for_steps(Packing *packing, int steps) {
  if (steps <= packing->step_room) return true;
  const int room = 2 * steps;
  free(packing->counts);
  free(packing->active);
  free(packing->first);
  packing->counts = malloc((room + 1) * sizeof(int));
  packing->active = malloc(room * sizeof(int));
  packing->first = malloc((room + 1) * sizeof(int));
  packing->step_room = packing->counts && packing->active && packing->first ? room : 0;
  return packing->step_room > 0;
}

/* Rows of one length stay as they are. */
static void keep_order(Packing *packing, int rows) {
  for (int row = 0; row < rows; row++) packing->order[row] = row;
  for (int row = 0; row < rows; row++) packing->lengths[row] = packing->steps;
  for (int t = 0; t < packing->steps; t++) {
    packing->active[t] = rows;
    packing->first[t] = t * rows;
  }
  packing->first[packing->steps] = packing->steps * rows;
}

/* Sorts by counting; rows of one length stay in their order. */
static bool pack(Packing *packing, int rows) {
  const int *starts = packing->block;
  int steps = 0, least = INT32_MAX;
  for (int row = 0; row < rows; row++) {
    const int length = starts[row + 1] - starts[row];
    steps = length > steps ? length : steps;
    least = length < least ? length : least;
  }
  if (!room_for_steps(packing, steps)) return false;
  packing->steps = steps;
  if (least == steps) {
    keep_order(packing, rows);
    return true;
  }
  memset(packing->counts, 0, (steps + 1) * sizeof(int));
  for (int row = 0; row < rows; row++) packing->counts[starts[row + 1] - starts[row]]++;
  int longer = 0;
  for (int n = steps; n > 0; n--) {
    const int count = packing->counts[n];
    packing->counts[n] = longer;
    longer += count;
    packing->active[n - 1] = longer;
  }
  for (int row = 0; row < rows; row++) {
    const int length = starts[row + 1] - starts[row];
    const int place = packing->counts[length]++;
    packing->order[place] = row;
    packing->lengths[place] = length;
  }
  packing->first[0] = 0;
  for (int t = 0; t < steps; t++) packing->first[t + 1] = packing->first[t] + packing->active[t];
  return true;
}

static bool room_for_cell(CellRun *run, int rows, int total) {
  const size_t stride = run->cell.stride;
  const size_t states = rows * stride;
  if (run->cell.kind == CELL_COMPOSED) {
    return grow(&run->c, rows * run->cell.composed->before[run->cell.states])
           && grow(&run->sequence, run->in_turn ? 2 * states : total * stride);
  }
  if (!grow(&run->before, states)) return false;
  if (run->cell.states > 1 && !grow(&run->c, states)) return false;
  return grow(&run->sequence, run->in_turn ? 2 * states : total * stride);
}

/* Floats that a call takes in and gives, and what is kept between layers, for all rows. */
static size_t values_of(const Program *program) {
  size_t floats = 0;
  for (int k = 0; k < program->tensors; k++) {
    const Tensor *tensor = &program->tensor[k];
    const int *starts = tensor->axis < 0 ? NULL : program->packings[tensor->axis].starts;
    const size_t height = starts ? (size_t)(starts[program->all_rows] - starts[0]) : (size_t)program->all_rows;
    floats += height * tensor->groups * tensor->stride;
  }
  return floats;
}

int program_rows_at_once(const Program *program) {
  const int fewest = program->weights > RESIDENT_FLOATS ? FEWEST_FAR : FEWEST_AT_ONCE;
  const size_t blocks = values_of(program) / RESIDENT_FLOATS + 1;
  const int rows = (int)((program->all_rows + blocks - 1) / blocks);
  return (rows + fewest - 1) / fewest * fewest;
}

bool program_pack_one(Program *program) {
  if (program->one) return true;
  int *slot = program_rows(program, 0, 1);
  if (!slot) return false;
  *slot = 0;
  for (int axis = 0; axis < program->axes; axis++) {
    int *starts = program_starts(program, axis);
    starts[0] = 0;
    starts[1] = 1;
  }
  program->one = program_pack(program, 0, 1);
  return program->one;
}

bool program_pack(Program *program, int first, int rows) {
  program->from = program->batch_row + first;
  program->rows = rows;
  program->slot = program->slots + first;
  for (int axis = 0; axis < program->axes; axis++) {
    program->packings[axis].block = program->packings[axis].starts + first;
    if (!pack(&program->packings[axis], program->rows)) return false;
  }
  for (int k = 0; k < program->tensors; k++) {
    Tensor *tensor = &program->tensor[k];
    const Packing *packing = packing_of(program, tensor);
    tensor->rows = packing ? packing->first[packing->steps] : program->rows;
    if (!grow(&tensor->memory, (size_t)tensor->rows * tensor->groups * tensor->stride)) return false;
  }
  for (int k = 0; k < program->layers; k++) {
    Layer *layer = &program->layer[k];
    const Tensor *input = &program->tensor[layer->input[0]];
    if (layer->kind == DENSE && layer->activation == GLU) {
      if (!grow(&layer->wide, (size_t)input->rows * input->groups * layer->product.stride)) return false;
    }
    for (int n = 0; layer->kind == RECURRENT && n < layer->cells; n++) {
      CellRun *run = &layer->runs[n];
      if (!room_for_cell(run, program->rows, input->rows)) return false;
      const Packing *packing = packing_of(program, input);
      if (run->cell.kind != CELL_COMPOSED && packing->steps > 1 && packing->active[packing->steps - 1] < FEW_ROWS) {
        const size_t plane = (size_t)known_rows(&run->cell) * run->cell.stride;
        if (!grow(&run->known, 4 * plane) || !grow(&run->known_candidate, plane)) return false;
      }
    }
  }
  return true;
}
