/* Walks a program over the rows of a batch, layer by layer. */
#include "layers.h"

#include <string.h>

/* Computes the product of x for the timesteps from t on whose rows have room; says which timestep comes next. */
static int know(const Program *program, CellRun *run, const Packing *packing, int t, const float *x, size_t x_stride) {
  const Cell *cell = &run->cell;
  const int most = known_rows(cell);
  int end = t + 1;
  while (end < packing->steps && packing->first[end + 1] - packing->first[t] <= most) end++;
  const int rows = packing->first[end] - packing->first[t];
  const float *from = x + packing->first[t] * x_stride;
  program->arithmetic->multiply(&cell->product, rows, from, x_stride, run->known.values);
  if (cell->kind == CELL_GRU_RESET_BEFORE) {
    program->arithmetic->multiply(&cell->candidate, rows, from, x_stride, run->known_candidate.values);
  }
  return end;
}

/* One cell over the whole sequence. */
static void run_cell(const Program *program, CellRun *run, const Packing *packing, const float *x, size_t x_stride) {
  const Cell *cell = &run->cell;
  const size_t stride = cell->stride;
  const float *before = run->before.values;
  int known_from = 0, known_to = 0;
  for (int t = 0; t < packing->steps; t++) {
    const int rows = packing->active[t];
    if (rows < FEW_ROWS && cell->kind != CELL_COMPOSED && t >= known_to && t + 1 < packing->steps) {
      known_from = t;
      known_to = know(program, run, packing, t, x, x_stride);
    }
    float *next = run->hidden + (run->in_turn ? (size_t)(t & 1) * program->rows : (size_t)packing->first[t]) * stride;
    Step step = {
        .rows = rows,
        .x = x + packing->first[t] * x_stride,
        .x_stride = x_stride,
        .h = before,
        .c = run->c.values,
        .plane_rows = program->rows,
        .next = next,
        .backwards = run->backwards};
    run->backwards = !run->backwards;
    if (t < known_to) {
      const size_t at = (packing->first[t] - packing->first[known_from]) * stride;
      step.known = run->known.values + cell->product.gates * at;
      step.known_candidate = run->known_candidate.values + at;
    }
    program->arithmetic->step(cell, &step, run->scratch.values);
    before = next;
  }
}

static void run_recurrent(Program *program, Layer *layer) {
  const Tensor *input = &program->tensor[layer->input[0]];
  const Packing *packing = packing_of(program, input);
  const float *x = input->memory.values;
  size_t x_stride = input->stride;
  for (int k = 0; k < layer->cells; k++) {
    CellRun *run = &layer->runs[k];
    const bool last = k == layer->cells - 1;
    run->hidden = last && layer->return_sequences ? program->tensor[layer->output[0]].memory.values : run->sequence.values;
    run_cell(program, run, packing, x, x_stride);
    x = run->hidden;
    x_stride = run->cell.stride;
  }
  const CellRun *top = &layer->runs[layer->cells - 1];
  for (int n = 0; n < program->rows; n++) {
    const int row = packing->order[n];
    if (!layer->return_sequences) {
      memcpy(row_of(&program->tensor[layer->output[0]], row), last_hidden(top, packing, program->rows, n),
             top->cell.units * sizeof(float));
    }
    for (int k = 0, output = 1; output < layer->outputs; k++) {
      const CellRun *run = &layer->runs[k];
      if (run->cell.kind == CELL_COMPOSED) {
        for (int state = 0; state < run->cell.states; state++) {
          memcpy(row_of(&program->tensor[layer->output[output++]], row), state_of(program, run, state, n),
                 run->cell.composed->widths[1 + state] * sizeof(float));
        }
        continue;
      }
      const size_t bytes = run->cell.units * sizeof(float);
      memcpy(row_of(&program->tensor[layer->output[output++]], row), last_hidden(run, packing, program->rows, n), bytes);
      if (run->cell.states > 1) {
        memcpy(row_of(&program->tensor[layer->output[output++]], row), run->c.values + (size_t)n * run->cell.stride, bytes);
      }
    }
  }
}

static void run_dense(const Program *program, Layer *layer, const Tensor *input, Tensor *output) {
  const int rows = input->rows * input->groups;
  const bool halved = layer->activation == GLU;
  float *z = halved ? layer->wide.values : output->memory.values;
  program->arithmetic->multiply(&layer->product, rows, input->memory.values, input->stride, z);
  if (halved) {
    program->arithmetic->gate(z, rows, layer->product.stride, output->memory.values, output->features, output->stride);
  } else {
    program->arithmetic->activate(
        layer->activation, z, rows, layer->product.units, layer->product.stride, layer->product.stride);
  }
}

static bool is_token(const Layer *embedding, float value) {
  return value > -1 && value < (float)embedding->vocabulary;
}

static bool run_embedding(const Layer *layer, const Tensor *input, Tensor *output) {
  float *to = output->memory.values;
  for (int group = 0; group < input->rows * input->groups; group++) {
    for (int k = 0; k < input->features; k++, to += output->stride) {
      const float token = input->memory.values[group * input->stride + k];
      if (!is_token(layer, token)) return false;
      memcpy(to, layer->values + (size_t)(int)token * layer->columns, layer->columns * sizeof(float));
    }
  }
  return true;
}

static void run_activate(const Program *program, Activation activation, const Tensor *input, Tensor *output) {
  const int groups = input->rows * input->groups;
  if (activation == GLU) {
    program->arithmetic->gate(
        input->memory.values, groups, input->stride, output->memory.values, output->features, output->stride);
    return;
  }
  memcpy(output->memory.values, input->memory.values, groups * input->stride * sizeof(float));
  program->arithmetic->activate(
      activation, output->memory.values, groups, input->features, input->stride, input->stride);
}

/* Copies the first values, adds the others'. */
static void combine(const Program *program, bool first, const float *values, size_t count, float *sums) {
  if (first) {
    memcpy(sums, values, count * sizeof(float));
  } else {
    program->arithmetic->add(values, count, sums);
  }
}

static void run_add(const Program *program, const Layer *layer, Tensor *output) {
  const size_t width = output->groups * output->stride;
  for (int k = 0; k < layer->inputs; k++) {
    const Tensor *input = &program->tensor[layer->input[k]];
    if (input->axis >= 0 || output->axis < 0) {
      combine(program, k == 0, input->memory.values, output->rows * width, output->memory.values);
      continue;
    }
    /* The same at each timestep of its row. */
    const Packing *packing = packing_of(program, output);
    for (int t = 0; t < packing->steps; t++) {
      for (int n = 0; n < packing->active[t]; n++) {
        combine(program, k == 0, row_of(input, packing->order[n]), width, row_of(output, packing->first[t] + n));
      }
    }
  }
}

static void run_concatenate(const Program *program, const Layer *layer, Tensor *output) {
  size_t column = 0;
  for (int k = 0; k < layer->inputs; k++) {
    const Tensor *input = &program->tensor[layer->input[k]];
    for (int group = 0; group < output->rows * output->groups; group++) {
      memcpy(output->memory.values + group * output->stride + column, input->memory.values + group * input->stride,
             input->features * sizeof(float));
    }
    column += input->features;
  }
}

static bool run_layer(Program *program, Layer *layer) {
  const Arithmetic *arithmetic = program->arithmetic;
  const Tensor *input = &program->tensor[layer->input[0]];
  Tensor *output = &program->tensor[layer->output[0]];
  const int groups = input->rows * input->groups;
  switch (layer->kind) {
    case RECURRENT: run_recurrent(program, layer); break;
    case DENSE: run_dense(program, layer, input, output); break;
    case EMBEDDING: return run_embedding(layer, input, output);
    case BATCH_NORMALIZATION:
      arithmetic->scale(
          input->memory.values, groups, input->stride, layer->values, layer->more_values, output->memory.values);
      break;
    case LAYER_NORMALIZATION:
      arithmetic->normalize(
          input->memory.values, groups, input->stride, input->features, layer->values, layer->more_values, layer->epsilon,
          output->memory.values);
      break;
    case ACTIVATE: run_activate(program, layer->activation, input, output); break;
    case ADD: run_add(program, layer, output); break;
    case CONCATENATE: run_concatenate(program, layer, output); break;
    case COPY: memcpy(output->memory.values, input->memory.values, groups * input->stride * sizeof(float)); break;
  }
  return true;
}

bool program_run(Program *program) {
  for (int k = 0; k < program->layers; k++) {
    if (!run_layer(program, &program->layer[k])) return false;
  }
  return true;
}

bool program_knows_tokens(const Program *program, const float *const *inputs) {
  for (int k = 0; k < program->layers; k++) {
    const Layer *layer = &program->layer[k];
    if (layer->kind != EMBEDDING || layer->input[0] >= program->inputs) continue;
    const Tensor *tensor = &program->tensor[layer->input[0]];
    const int *starts = tensor->axis < 0 ? NULL : program->packings[tensor->axis].starts;
    const size_t width = (size_t)tensor->groups * tensor->features;
    const size_t from = starts ? starts[0] : program->batch_row;
    const size_t to = starts ? (size_t)starts[program->all_rows] : from + program->all_rows;
    for (size_t n = from * width; n < to * width; n++) {
      if (!is_token(layer, inputs[layer->input[0]][n])) return false;
    }
  }
  return true;
}

void program_load(Program *program, const float *const *inputs, const SlabRows *slab) {
  program->arithmetic->load(program, inputs, slab);
}

void program_store(Program *program, float *const *outputs, const SlabRows *slab) {
  program->arithmetic->store(program, outputs, slab);
}
