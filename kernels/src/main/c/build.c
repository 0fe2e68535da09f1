/* Builds programs: packs weights into panels, layer by layer, and frees them. */
#include "layers.h"

#include <stdlib.h>
#include <string.h>

float *allocate(size_t floats) {
  const size_t bytes = (floats * sizeof(float) + 63) / 64 * 64 + 64;
  float *memory = aligned_alloc(64, bytes);
  if (memory) memset(memory, 0, bytes);
  return memory;
}

bool grow(Buffer *buffer, size_t floats) {
  if (buffer->floats >= floats && buffer->values) return true;
  const size_t larger = floats + floats / 2 + 64;
  float *values = allocate(larger);
  if (!values) return false;
  free(buffer->values);
  *buffer = (Buffer){values, larger};
  return true;
}

static int *copied(int count, const int *numbers) {
  int *copy = malloc((count + 1) * sizeof *copy);
  if (copy) memcpy(copy, numbers, count * sizeof *copy);
  return copy;
}

/* `floats` values, with zeros up to whole vectors. */
static float *copied_floats(const Program *program, size_t floats, const float *values) {
  float *copy = allocate(floats + program->arithmetic->lanes);
  if (copy) memcpy(copy, values, floats * sizeof *copy);
  return copy;
}

Program *program_new(
    const Arithmetic *arithmetic, int axes, int tensors, const int *axis, const int *groups, const int *features) {
  Program *program = calloc(1, sizeof *program);
  if (!program) return NULL;
  program->arithmetic = arithmetic;
  program->axes = axes;
  program->packings = calloc(axes, sizeof *program->packings);
  program->tensor = calloc(tensors, sizeof *program->tensor);
  if (!program->packings || !program->tensor) {
    program_free(program);
    return NULL;
  }
  program->tensors = tensors;
  for (int k = 0; k < tensors; k++) {
    program->tensor[k] =
        (Tensor){.axis = axis[k], .groups = groups[k], .features = features[k], .stride = padded(program, features[k])};
  }
  return program;
}

bool program_ends(Program *program, int inputs, int outputs, const int *output) {
  program->inputs = inputs;
  program->outputs = outputs;
  program->output = copied(outputs, output);
  return program->output != NULL;
}

static Layer *new_layer(
    Program *program, LayerKind kind, int inputs, const int *input, int outputs, const int *output) {
  if (program->layers == program->layer_room) {
    const int room = 2 * program->layer_room + 8;
    Layer *more = realloc(program->layer, room * sizeof *more);
    if (!more) return NULL;
    program->layer = more;
    program->layer_room = room;
  }
  Layer *layer = &program->layer[program->layers];
  *layer = (Layer){
      .kind = kind,
      .inputs = inputs,
      .outputs = outputs,
      .input = copied(inputs, input),
      .output = copied(outputs, output)};
  program->layers++;
  return layer->input && layer->output ? layer : NULL;
}

/* Columns from `from` of a gate of the weights [depth, columns] into part of a panel [depth][slots][lanes]. */
static void pack_columns(
    const float *weights, int depth, int columns, int from, int count, float *panel, int slots, int slot, int lanes) {
  for (int k = 0; k < depth; k++) {
    memcpy(panel + ((size_t)k * slots + slot) * lanes, weights + (size_t)k * columns + from, count * sizeof(float));
  }
}

bool pack_product(
    Program *program, Product *product, const float *wx, int columns_x, int first_x, const float *wh, int columns_h,
    int first_h, const float *bias) {
  const int lanes = program->arithmetic->lanes;
  product->stride = (int)padded(program, product->units);
  product->blocks = MOST_SUMS / product->gates;
  const int vectors = product->stride / lanes;
  product->panels = (vectors + product->blocks - 1) / product->blocks;
  product->panel = ((size_t)product->nx * product->gates_x + (size_t)product->nh * product->gates_h) * product->blocks * lanes;
  product->weights = allocate(product->panel * product->panels);
  product->bias = allocate((size_t)product->gates * product->stride);
  if (!product->weights || !product->bias) return false;
  program->weights += product->panel * product->panels;
  for (int vector = 0; vector < vectors; vector++) {
    const int panel = vector / product->blocks;
    const int left = vectors - panel * product->blocks;
    const int blocks = left < product->blocks ? left : product->blocks;
    const int unit = vector * lanes;
    const int count = product->units - unit < lanes ? product->units - unit : lanes;
    float *sums = product->bias + ((size_t)panel * product->blocks * product->gates + vector % product->blocks) * lanes;
    for (int gate = 0; gate < product->gates; gate++) {
      memcpy(sums + (size_t)gate * blocks * lanes, bias + (size_t)gate * product->units + unit, count * sizeof(float));
    }
    float *x = product->weights + panel * product->panel;
    float *h = x + (size_t)product->nx * product->gates_x * blocks * lanes;
    for (int gate = 0; gate < product->gates_x; gate++) {
      pack_columns(
          wx, product->nx, columns_x, (first_x + gate) * product->units + unit, count, x, product->gates_x * blocks,
          gate * blocks + vector % product->blocks, lanes);
    }
    for (int gate = 0; gate < product->gates_h && product->nh; gate++) {
      pack_columns(
          wh, product->nh, columns_h, (first_h + gate) * product->units + unit, count, h, product->gates_h * blocks,
          gate * blocks + vector % product->blocks, lanes);
    }
  }
  return true;
}

bool program_recurrent(
    Program *program, int input, int outputs, const int *output, int cells, bool return_sequences, int state) {
  Layer *layer = new_layer(program, RECURRENT, 1, &input, outputs, output);
  if (!layer) return false;
  layer->runs = calloc(cells, sizeof *layer->runs);
  layer->cells = cells;
  layer->return_sequences = return_sequences;
  layer->state = state;
  return layer->runs != NULL;
}

static bool pack_gru(
    Program *program, Cell *cell, const float *input_weights, const float *recurrent_weights, const float *bias) {
  const int units = cell->units;
  float *sums = allocate(4 * (size_t)units);
  if (!sums) return false;
  memcpy(sums, bias, 3 * (size_t)units * sizeof *sums);
  bool done;
  if (cell->kind == CELL_GRU) {
    for (int k = 0; k < 2 * units; k++) sums[k] = bias[k] + bias[3 * units + k];
    memcpy(sums + 3 * (size_t)units, bias + 5 * (size_t)units, units * sizeof *sums);
    cell->product = (Product){.nx = cell->features, .nh = units, .gates = 4, .gates_x = 3, .gates_h = 3, .units = units};
    done = pack_product(program, &cell->product, input_weights, 3 * units, 0, recurrent_weights, 3 * units, 0, sums);
  } else {
    cell->product = (Product){.nx = cell->features, .nh = units, .gates = 2, .gates_x = 2, .gates_h = 2, .units = units};
    cell->candidate = (Product){.nx = cell->features, .nh = units, .gates = 1, .gates_x = 1, .gates_h = 1, .units = units};
    done = pack_product(program, &cell->product, input_weights, 3 * units, 0, recurrent_weights, 3 * units, 0, sums)
           && pack_product(
               program, &cell->candidate, input_weights, 3 * units, 2, recurrent_weights, 3 * units, 2,
               sums + 2 * (size_t)units);
  }
  free(sums);
  return done;
}

bool program_cell(
    Program *program, CellKind kind, int features, int units, Activation activation, Activation recurrent_activation,
    const float *input_weights, const float *recurrent_weights, const float *bias) {
  Layer *layer = &program->layer[program->layers - 1];
  CellRun *run = &layer->runs[layer->cells_added++];
  Cell *cell = &run->cell;
  *cell = (Cell){
      .kind = kind,
      .features = features,
      .units = units,
      .stride = (int)padded(program, units),
      .states = kind == CELL_LSTM ? 2 : 1,
      .activation = activation,
      .recurrent_activation = kind == CELL_SIMPLE_RNN ? LINEAR : recurrent_activation};
  run->in_turn = layer->cells_added == layer->cells && !layer->return_sequences;
  bool packed;
  if (kind == CELL_GRU || kind == CELL_GRU_RESET_BEFORE) {
    packed = pack_gru(program, cell, input_weights, recurrent_weights, bias);
  } else {
    const int gates = kind == CELL_LSTM ? 4 : 1;
    cell->product =
        (Product){.nx = features, .nh = units, .gates = gates, .gates_x = gates, .gates_h = gates, .units = units};
    packed = pack_product(
        program, &cell->product, input_weights, gates * units, 0, recurrent_weights, gates * units, 0, bias);
  }
  return packed && grow(&run->scratch, program->arithmetic->scratch(cell));
}

bool program_dense(
    Program *program, int input, int output, int units, Activation activation, const float *weights, const float *bias) {
  Layer *layer = new_layer(program, DENSE, 1, &input, 1, &output);
  if (!layer) return false;
  layer->activation = activation;
  layer->product =
      (Product){.nx = program->tensor[input].features, .gates = 1, .gates_x = 1, .gates_h = 1, .units = units};
  return pack_product(program, &layer->product, weights, units, 0, NULL, 0, 0, bias);
}

/* A layer that reads one tensor and holds one or two arrays. */
static bool new_simple(
    Program *program, LayerKind kind, int input, int output, size_t floats, const float *values, size_t more_floats,
    const float *more_values) {
  Layer *layer = new_layer(program, kind, 1, &input, 1, &output);
  if (!layer) return false;
  layer->values = copied_floats(program, floats, values);
  layer->more_values = copied_floats(program, more_floats, more_values);
  return layer->values && layer->more_values;
}

bool program_embedding(Program *program, int input, int output, int vocabulary, int columns, const float *table) {
  if (!new_simple(program, EMBEDDING, input, output, (size_t)vocabulary * columns, table, 0, table)) return false;
  program->layer[program->layers - 1].vocabulary = vocabulary;
  program->layer[program->layers - 1].columns = columns;
  return true;
}

bool program_batch_normalization(Program *program, int input, int output, const float *scale, const float *shift) {
  const size_t features = program->tensor[input].features;
  return new_simple(program, BATCH_NORMALIZATION, input, output, features, scale, features, shift);
}

bool program_layer_normalization(
    Program *program, int input, int output, const float *gamma, const float *beta, float epsilon) {
  const size_t features = program->tensor[input].features;
  if (!new_simple(program, LAYER_NORMALIZATION, input, output, features, gamma, features, beta)) return false;
  program->layer[program->layers - 1].epsilon = epsilon;
  return true;
}

bool program_activate(Program *program, int input, int output, Activation activation) {
  Layer *layer = new_layer(program, ACTIVATE, 1, &input, 1, &output);
  if (!layer) return false;
  layer->activation = activation;
  return true;
}

bool program_add(Program *program, int inputs, const int *input, int output) {
  return new_layer(program, ADD, inputs, input, 1, &output) != NULL;
}

bool program_concatenate(Program *program, int inputs, const int *input, int output) {
  return new_layer(program, CONCATENATE, inputs, input, 1, &output) != NULL;
}

bool program_copy(Program *program, int input, int output) {
  return new_layer(program, COPY, 1, &input, 1, &output) != NULL;
}

void free_product(Product *product) {
  free(product->weights);
  free(product->bias);
}

void program_free(Program *program) {
  for (int k = 0; k < program->layers; k++) {
    Layer *layer = &program->layer[k];
    for (int n = 0; layer->runs && n < layer->cells; n++) {
      CellRun *run = &layer->runs[n];
      free_product(&run->cell.product);
      free_product(&run->cell.candidate);
      free_composed(run->cell.composed);
      free(run->before.values);
      free(run->c.values);
      free(run->sequence.values);
      free(run->scratch.values);
      free(run->known.values);
      free(run->known_candidate.values);
    }
    free(layer->runs);
    free_product(&layer->product);
    free(layer->wide.values);
    free(layer->values);
    free(layer->more_values);
    free(layer->input);
    free(layer->output);
  }
  free(program->layer);
  for (int k = 0; k < program->tensors; k++) free(program->tensor[k].memory.values);
  free(program->tensor);
  for (int axis = 0; program->packings && axis < program->axes; axis++) {
    Packing *packing = &program->packings[axis];
    free(packing->starts);
    free(packing->order);
    free(packing->lengths);
    free(packing->counts);
    free(packing->active);
    free(packing->first);
  }
  free(program->packings);
  free(program->output);
  free(program->slots);
  free(program);
}
