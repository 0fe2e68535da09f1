/*
 * Values and states between the arrays of a batch, the pages of a slab and a program. Rows are short, so they are copied
 * in place rather than by a call.
 */
#ifndef STREAMCELL_TRANSFER_H
#define STREAMCELL_TRANSFER_H

#include "lanes.h"
#include "layers.h"

/* `count` floats; what is beyond them in the last vector is not touched. */
INLINE void copy(const float *from, float *to, size_t count) {
  size_t k = 0;
  for (; k + LANES <= count; k += LANES) store(to + k, load(from + k));
  if (k < count) store_first(to + k, load_first(from + k, count - k), count - k);
}

INLINE floats canonical(floats x) { return choose(is_nan(x), all(__builtin_nanf("")), x); }

/* Every NaN becomes the canonical one. */
INLINE void copy_canonical(const float *from, float *to, size_t count) {
  size_t k = 0;
  for (; k + LANES <= count; k += LANES) store(to + k, canonical(load(from + k)));
  if (k < count) store_first(to + k, canonical(load_first(from + k, count - k)), count - k);
}

/* One row of a tensor between its padded groups and an array without padding. */
static void load_row(const Tensor *tensor, const float *from, int row) {
  float *to = row_of(tensor, row);
  for (int group = 0; group < tensor->groups; group++) {
    copy(from + (size_t)group * tensor->features, to + group * tensor->stride, tensor->features);
  }
}

static void store_row(const Tensor *tensor, int row, float *to) {
  const float *from = row_of(tensor, row);
  for (int group = 0; group < tensor->groups; group++) {
    copy_canonical(from + group * tensor->stride, to + (size_t)group * tensor->features, tensor->features);
  }
}

static float *slot_of(const SlabRows *slab, int slot) {
  return slab->pages[slot >> slab->page_bits] + (size_t)(slot & ((1 << slab->page_bits) - 1)) * slab->width;
}

/* Where the rows' values begin in those of a whole batch, in rows of the tensor. */
static size_t start_of(const Program *program, const Packing *packing) {
  return packing ? packing->block[0] : program->from;
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
    const float *from = values + packing->block[packing->order[n]] * width;
    for (int t = 0; t < packing->lengths[n]; t++) load_row(tensor, from + t * width, packing->first[t] + n);
  }
}

static void store_tensor(const Program *program, const Tensor *tensor, float *values) {
  const size_t width = (size_t)tensor->groups * tensor->features;
  const Packing *packing = packing_of(program, tensor);
  if (!packing || packing->steps == 1) {
    float *to = values + start_of(program, packing) * width;
    if (tensor->stride == (size_t)tensor->features) {
      copy_canonical(tensor->memory.values, to, tensor->rows * width);
      return;
    }
    for (int row = 0; row < tensor->rows; row++) store_row(tensor, row, to + row * width);
    return;
  }
  for (int n = 0; n < program->rows; n++) {
    float *to = values + packing->block[packing->order[n]] * width;
    for (int t = 0; t < packing->lengths[n]; t++) store_row(tensor, packing->first[t] + n, to + t * width);
  }
}

static void load_states(const Program *program, const Layer *layer, const Packing *packing, const SlabRows *slab) {
  for (int n = 0; n < program->rows; n++) {
    const float *state = slot_of(slab, program->slot[packing->order[n]]) + layer->state;
    for (int k = 0; k < layer->cells; k++) {
      const CellRun *run = &layer->runs[k];
      const int units = run->cell.units;
      if (run->cell.kind == CELL_COMPOSED) {
        for (int tensor = 0; tensor < run->cell.states; tensor++) {
          const int width = run->cell.composed->widths[1 + tensor];
          copy(state, state_of(program, run, tensor, n), width);
          state += width;
        }
        continue;
      }
      copy(state, run->before.values + (size_t)n * run->cell.stride, units);
      if (run->cell.states > 1) copy(state + units, run->c.values + (size_t)n * run->cell.stride, units);
      state += run->cell.states * units;
    }
  }
}

static void store_states(const Program *program, const Layer *layer, const Packing *packing, const SlabRows *slab) {
  for (int n = 0; n < program->rows; n++) {
    float *state = slot_of(slab, program->slot[packing->order[n]]) + layer->state;
    for (int k = 0; k < layer->cells; k++) {
      const CellRun *run = &layer->runs[k];
      const int units = run->cell.units;
      if (run->cell.kind == CELL_COMPOSED) {
        for (int tensor = 0; tensor < run->cell.states; tensor++) {
          const int width = run->cell.composed->widths[1 + tensor];
          copy_canonical(state_of(program, run, tensor, n), state, width);
          state += width;
        }
        continue;
      }
      copy_canonical(last_hidden(run, packing, program->rows, n), state, units);
      if (run->cell.states > 1) {
        copy_canonical(run->c.values + (size_t)n * run->cell.stride, state + units, units);
      }
      state += run->cell.states * units;
    }
  }
}

static void load_all(const Program *program, const float *const *inputs, const SlabRows *slab) {
  for (int k = 0; k < program->inputs; k++) load_tensor(program, &program->tensor[k], inputs[k]);
  for (int k = 0; k < program->layers; k++) {
    const Layer *layer = &program->layer[k];
    if (layer->kind == RECURRENT) {
      load_states(program, layer, packing_of(program, &program->tensor[layer->input[0]]), slab);
    }
  }
}

static void store_all(const Program *program, float *const *outputs, const SlabRows *slab) {
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

#endif
