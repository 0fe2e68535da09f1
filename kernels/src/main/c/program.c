/*
 * A network as a program. Rows of a batch are ordered by length, longest first, and laid out timestep by timestep, so
 * that a timestep's rows lie side by side and only become fewer.
 */
#include "program.h"

#include <stdlib.h>
#include <string.h>

/* Floats of an input product that is computed for many timesteps at once. */
enum { KNOWN_FLOATS = 1 << 16 };

float *allocate(size_t floats) {
  const size_t bytes = (floats * sizeof(float) + 63) / 64 * 64 + 64;
  float *memory = aligned_alloc(64, bytes);
  if (memory) memset(memory, 0, bytes);
  return memory;
}

/* Memory that only grows; what it held is lost when it does. */
typedef struct {
  float *values;
  size_t floats;
} Buffer;

static bool grow(Buffer *buffer, size_t floats) {
  if (buffer->floats >= floats && buffer->values) return true;
  const size_t larger = floats + floats / 2 + 64;
  float *values = allocate(larger);
  if (!values) return false;
  free(buffer->values);
  *buffer = (Buffer){values, larger};
  return true;
}

/* The values of one tensor: [rows][groups][stride]. Timed ones are in packed order, others as in the batch. */
typedef struct {
  int axis, groups, features;
  size_t stride;
  int rows;
  Buffer memory;
} Tensor;

static float *row_of(const Tensor *tensor, int row) {
  return tensor->memory.values + (size_t)row * tensor->groups * tensor->stride;
}

/*
 * The order of rows on one time axis: row r has the timesteps from starts[r] to starts[r + 1] of the batch; order[n] is
 * the row that comes n-th, lengths[n] its timesteps. Timestep t holds the first active[t] of them, from first[t] on.
 */
typedef struct {
  int steps;
  int *starts, *order, *lengths;
  int *counts, *active, *first;
  int step_room;
} Packing;

typedef struct {
  Cell cell;
  Buffer before;   /* h before the first timestep, [rows][stride] */
  Buffer c;        /* LSTM's */
  Buffer sequence; /* h at every timestep, or of two timesteps in turn */
  Buffer scratch;
  Buffer known, known_candidate;
  bool in_turn;
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
  int from, rows, row_room; /* of the batch */
  int *slots;
  Packing *packings;
  Tensor *tensor;
  int *output;
  Layer *layer;
};

static size_t padded(const Program *program, int floats) {
  const size_t lanes = program->arithmetic->lanes;
  return (floats + lanes - 1) / lanes * lanes;
}

/* ---- building ---- */

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

/*
 * Packs a product. x's gates are columns first_x*units.. of wx [nx, columns_x], h's likewise; bias is
 * [gates][units].
 */
static bool pack_product(
    const Program *program, Product *product, const float *wx, int columns_x, int first_x, const float *wh, int columns_h,
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
  for (int gate = 0; gate < product->gates; gate++) {
    memcpy(product->bias + (size_t)gate * product->stride, bias + (size_t)gate * product->units, product->units * sizeof(float));
  }
  for (int vector = 0; vector < vectors; vector++) {
    const int panel = vector / product->blocks;
    const int left = vectors - panel * product->blocks;
    const int blocks = left < product->blocks ? left : product->blocks;
    const int unit = vector * lanes;
    const int count = product->units - unit < lanes ? product->units - unit : lanes;
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
    const Program *program, Cell *cell, const float *input_weights, const float *recurrent_weights, const float *bias) {
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

static void free_product(Product *product) {
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

/* ---- the order of rows ---- */

int *program_rows(Program *program, int from, int rows) {
  program->from = from;
  program->rows = rows;
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

/* Sorts by counting; rows of one length stay in their order. */
static bool pack(Packing *packing, int rows) {
  const int *starts = packing->starts;
  int steps = 0;
  for (int row = 0; row < rows; row++) {
    const int length = starts[row + 1] - starts[row];
    steps = length > steps ? length : steps;
  }
  if (!room_for_steps(packing, steps)) return false;
  packing->steps = steps;
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

static const Packing *packing_of(const Program *program, const Tensor *tensor) {
  return tensor->axis < 0 ? NULL : &program->packings[tensor->axis];
}

/* Where the last timestep of the n-th row stands. */
static int last_of(const Packing *packing, int n) { return packing->first[packing->lengths[n] - 1] + n; }

static bool room_for_cell(CellRun *run, int rows, int total) {
  const size_t stride = run->cell.stride;
  const size_t states = rows * stride;
  if (!grow(&run->before, states)) return false;
  if (run->cell.states > 1 && !grow(&run->c, states)) return false;
  return grow(&run->sequence, run->in_turn ? 2 * states : total * stride);
}

/* Timesteps' rows whose input product is computed at once, at most. */
static int known_rows(const Cell *cell) {
  const int rows = KNOWN_FLOATS / (4 * cell->stride);
  return rows < FEW_ROWS ? FEW_ROWS : rows;
}

bool program_pack(Program *program) {
  for (int axis = 0; axis < program->axes; axis++) {
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
      if (packing->steps > 1 && packing->active[packing->steps - 1] < FEW_ROWS) {
        const size_t plane = (size_t)known_rows(&run->cell) * run->cell.stride;
        if (!grow(&run->known, 4 * plane) || !grow(&run->known_candidate, plane)) return false;
      }
    }
  }
  return true;
}

/* ---- in and out ---- */

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

/* h of a cell after the last timestep of the n-th row. */
static const float *last_hidden(const CellRun *run, const Packing *packing, int rows, int n) {
  const size_t stride = run->cell.stride;
  if (!run->in_turn) return run->hidden + last_of(packing, n) * stride;
  return run->hidden + ((size_t)((packing->lengths[n] - 1) & 1) * rows + n) * stride;
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

/* ---- layers ---- */

/* Computes the product of x for the timesteps from t on whose rows have room; says which timestep comes next. */
static int know(const Program *program, CellRun *run, const Packing *packing, int t, const float *x, size_t x_stride) {
  const Cell *cell = &run->cell;
  const int most = known_rows(cell);
  int end = t + 1;
  while (end < packing->steps && packing->first[end + 1] - packing->first[t] <= most) end++;
  const int rows = packing->first[end] - packing->first[t];
  const size_t plane = (size_t)most * cell->stride;
  const float *from = x + packing->first[t] * x_stride;
  program->arithmetic->multiply(&cell->product, rows, from, x_stride, run->known.values, plane);
  if (cell->kind == CELL_GRU_RESET_BEFORE) {
    program->arithmetic->multiply(&cell->candidate, rows, from, x_stride, run->known_candidate.values, 0);
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
    if (rows < FEW_ROWS && t >= known_to && t + 1 < packing->steps) {
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
        .next = next};
    if (t < known_to) {
      const size_t at = (packing->first[t] - packing->first[known_from]) * stride;
      step.known = run->known.values + at;
      step.plane = (size_t)known_rows(cell) * stride;
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
  program->arithmetic->multiply(&layer->product, rows, input->memory.values, input->stride, z, 0);
  if (halved) {
    program->arithmetic->gate(z, rows, layer->product.stride, output->memory.values, output->features, output->stride);
  } else {
    program->arithmetic->activate(layer->activation, z, rows, layer->product.units, layer->product.stride);
  }
}

static bool run_embedding(const Layer *layer, const Tensor *input, Tensor *output) {
  float *to = output->memory.values;
  for (int group = 0; group < input->rows * input->groups; group++) {
    for (int k = 0; k < input->features; k++, to += output->stride) {
      const float token = input->memory.values[group * input->stride + k];
      if (!(token > -1 && token < (float)layer->vocabulary)) return false;
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
  program->arithmetic->activate(activation, output->memory.values, groups, input->features, input->stride);
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
