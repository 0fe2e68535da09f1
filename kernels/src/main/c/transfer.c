/* Values and states between the arrays of a batch, the pages of a slab and a program. */
#include "layers.h"

#include <string.h>

/* One row of a tensor between its padded groups and an array without padding. */
static void load_row(const Tensor *tensor, const float *from, int row) {
  float *to = row_of(tensor, row);
  for (int group = 0; group < tensor->groups; group++) {
    memcpy(to + group * tensor->stride, from + (size_t)group * tensor->features, tensor->features * sizeof(float));
  }
}

static void store_row(const Program *program, const Tensor *tensor, int row, float *to) {
  const float *from = row_of(tensor, row);
  for (int group = 0; group < tensor->groups; group++) {
    program->arithmetic->copy_canonical(
        from + group * tensor->stride, to + (size_t)group * tensor->features, tensor->features);
  }
}

static float *slot_of(const SlabRows *slab, int slot) {
  return slab->pages[slot / slab->per_page] + (size_t)(slot % slab->per_page) * slab->width;
}

/* Where the rows' values begin in those of a whole batch, in rows of the tensor. */
static size_t start_of(const Program *program, const Packing *packing) {
  return packing ? packing->starts[0] : program->from;
}

static void load_tensor(const Program *program, const Tensor *tensor, const float *values) {
  const size_t width = (size_t)tensor->groups * tensor->features;
  const Packing *packing = packing_of(program, tensor);
  if (!packing || packing->steps == 1) {
    /* Rows stand as in the batch. */
    const float *from = values + start_of(program, packing) * width;
    if (tensor->stride == (size_t)tensor->features) {
      memcpy(tensor->memory.values, from, tensor->rows * width * sizeof(float));
      return;
    }
    for (int row = 0; row < tensor->rows; row++) load_row(tensor, from + row * width, row);
    return;
  }
  for (int n = 0; n < program->rows; n++) {
    const float *from = values + packing->starts[packing->order[n]] * width;
    for (int t = 0; t < packing->lengths[n]; t++) load_row(tensor, from + t * width, packing->first[t] + n);
  }
}

static void store_tensor(const Program *program, const Tensor *tensor, float *values) {
  const size_t width = (size_t)tensor->groups * tensor->features;
  const Packing *packing = packing_of(program, tensor);
  if (!packing || packing->steps == 1) {
    float *to = values + start_of(program, packing) * width;
    if (tensor->stride == (size_t)tensor->features) {
      program->arithmetic->copy_canonical(tensor->memory.values, to, tensor->rows * width);
      return;
    }
    for (int row = 0; row < tensor->rows; row++) store_row(program, tensor, row, to + row * width);
    return;
  }
  for (int n = 0; n < program->rows; n++) {
    float *to = values + packing->starts[packing->order[n]] * width;
    for (int t = 0; t < packing->lengths[n]; t++) store_row(program, tensor, packing->first[t] + n, to + t * width);
  }
}

static void load_states(const Program *program, const Layer *layer, const Packing *packing, const SlabRows *slab) {
  for (int n = 0; n < program->rows; n++) {
    const float *state = slot_of(slab, program->slots[packing->order[n]]) + layer->state;
    for (int k = 0; k < layer->cells; k++) {
      const CellRun *run = &layer->runs[k];
      const int units = run->cell.units;
      memcpy(run->before.values + (size_t)n * run->cell.stride, state, units * sizeof(float));
      if (run->cell.states > 1) {
        memcpy(run->c.values + (size_t)n * run->cell.stride, state + units, units * sizeof(float));
      }
      state += run->cell.states * units;
    }
  }
}

static void store_states(const Program *program, const Layer *layer, const Packing *packing, const SlabRows *slab) {
  for (int n = 0; n < program->rows; n++) {
    float *state = slot_of(slab, program->slots[packing->order[n]]) + layer->state;
    for (int k = 0; k < layer->cells; k++) {
      const CellRun *run = &layer->runs[k];
      const int units = run->cell.units;
      program->arithmetic->copy_canonical(last_hidden(run, packing, program->rows, n), state, units);
      if (run->cell.states > 1) {
        program->arithmetic->copy_canonical(run->c.values + (size_t)n * run->cell.stride, state + units, units);
      }
      state += run->cell.states * units;
    }
  }
}

void program_load(Program *program, const float *const *inputs, const SlabRows *slab) {
  for (int k = 0; k < program->inputs; k++) load_tensor(program, &program->tensor[k], inputs[k]);
  for (int k = 0; k < program->layers; k++) {
    const Layer *layer = &program->layer[k];
    if (layer->kind == RECURRENT) {
      load_states(program, layer, packing_of(program, &program->tensor[layer->input[0]]), slab);
    }
  }
}

void program_store(Program *program, float *const *outputs, const SlabRows *slab) {
  for (int k = 0; k < program->outputs; k++) {
    store_tensor(program, &program->tensor[program->output[k]], outputs[k]);
  }
  for (int k = 0; k < program->layers; k++) {
    const Layer *layer = &program->layer[k];
    if (layer->kind == RECURRENT) {
      store_states(program, layer, packing_of(program, &program->tensor[layer->input[0]]), slab);
    }
  }
}
