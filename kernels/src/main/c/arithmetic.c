/*
 * The arithmetic on the instruction set that this unit is compiled for. ARITHMETIC is the name of its table. Every
 * value is computed by the same operations in the same order whatever the tile, the block or the vector it stands in.
 */
#include "functions.h"
#include "streamcell.h"

/* Rows of a tile by the sums of a row, so that all sums and a row of weights stay in registers. */
#if LANES == 16
enum { ROWS_4 = 6, ROWS_3 = 8, ROWS_2 = 8, ROWS_1 = 8 };
#elif LANES == 8
enum { ROWS_4 = 3, ROWS_3 = 4, ROWS_2 = 6, ROWS_1 = 8 };
#else
enum { ROWS_4 = 2, ROWS_3 = 3, ROWS_2 = 4, ROWS_1 = 8 };
#endif

/* Rows whose gates stay in the first-level cache between the product and the functions. */
enum { BLOCK_ROWS = 96 };
/* Gates of so many floats are computed for all units before the functions. */
enum { WHOLE_FLOATS = 4096 };
/* Values of x and h that stay in the second-level cache while all panels pass. */
enum { RESIDENT_FLOATS = 1 << 17 };
/* Depth of a panel that stays in the first-level cache. */
enum { BLOCK_DEPTH = 160 };
/* Panels of a single row at once, so that enough sums and loads are under way. */
enum { ROW_PANELS = LANES == 16 ? 4 : 2 };

/* What the tiles of a panel read and write. Sum s of row r starts at start[s] + r*start_stride[s]. */
typedef struct {
  const float *x, *h;
  size_t x_stride, h_stride;
  int nx, nh;
  const float *wx, *wh;
  const float *start[MOST_SUMS];
  size_t start_stride[MOST_SUMS];
  float *z[MOST_SUMS];
  size_t z_stride;
} Tile;

/* Which sum a column of h's weights feeds. */
INLINE int sum_of_h(int sums, int columns, int column) {
  return columns < sums && column == columns - 1 ? sums - 1 : column;
}

/* rows by columns multiply-adds for each k; all loops but that over k are unrolled. */
INLINE void multiply_add(
    const int rows, const int columns, const int sums, const bool of_h, floats sum[][MOST_SUMS], const float *v,
    size_t stride, const float *w, int depth) {
  for (int k = 0; k < depth; k++, w += columns * LANES) {
    if (LANES == 8 && columns == 4 && rows > 1) {
      floats value[8];
#pragma GCC unroll 8
      for (int r = 0; r < rows; r++) {
        value[r] = all(v[r * stride + k]);
        KEEP(value[r]);
      }
#pragma GCC unroll 4
      for (int c = 0; c < columns; c++) {
        const int s = of_h ? sum_of_h(sums, columns, c) : c;
        floats weight = load(w + c * LANES);
        KEEP(weight);
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++) sum[r][s] = fused(value[r], weight, sum[r][s]);
      }
    } else {
      floats weight[MOST_SUMS];
#pragma GCC unroll 4
      for (int c = 0; c < columns; c++) {
        weight[c] = load(w + c * LANES);
        if (rows > 1) KEEP(weight[c]);
      }
#pragma GCC unroll 8
      for (int r = 0; r < rows; r++) {
        floats value = all(v[r * stride + k]);
        KEEP(value);
#pragma GCC unroll 4
        for (int c = 0; c < columns; c++) {
          const int s = of_h ? sum_of_h(sums, columns, c) : c;
          sum[r][s] = fused(value, weight[c], sum[r][s]);
        }
      }
    }
  }
}

INLINE void tile(const int rows, const int columns, const int sums, const Tile *t, int row) {
  floats sum[8][MOST_SUMS];
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
    for (int s = 0; s < sums; s++) sum[r][s] = load(t->start[s] + (row + r) * t->start_stride[s]);
  }
  multiply_add(rows, columns, sums, false, sum, t->x + row * t->x_stride, t->x_stride, t->wx, t->nx);
  multiply_add(rows, columns, sums, true, sum, t->h + row * t->h_stride, t->h_stride, t->wh, t->nh);
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++) {
#pragma GCC unroll 4
    for (int s = 0; s < sums; s++) store(t->z[s] + (row + r) * t->z_stride, sum[r][s]);
  }
}

/* All rows of a panel: whole tiles, then one of the rest. */
#define ROWS_OF(NAME, MOST, COLUMNS, SUMS)                             \
  static void NAME(const Tile *t, int rows) {                          \
    int row = 0;                                                       \
    for (; row + MOST <= rows; row += MOST) tile(MOST, COLUMNS, SUMS, t, row); \
    switch (rows - row) {                                              \
      case 7: if (MOST > 7) tile(7, COLUMNS, SUMS, t, row); break;     \
      case 6: if (MOST > 6) tile(6, COLUMNS, SUMS, t, row); break;     \
      case 5: if (MOST > 5) tile(5, COLUMNS, SUMS, t, row); break;     \
      case 4: if (MOST > 4) tile(4, COLUMNS, SUMS, t, row); break;     \
      case 3: if (MOST > 3) tile(3, COLUMNS, SUMS, t, row); break;     \
      case 2: if (MOST > 2) tile(2, COLUMNS, SUMS, t, row); break;     \
      case 1: tile(1, COLUMNS, SUMS, t, row); break;                   \
      default: break;                                                  \
    }                                                                  \
  }

ROWS_OF(rows_of_4, ROWS_4, 4, 4)
ROWS_OF(rows_of_3_into_4, ROWS_4, 3, 4)
ROWS_OF(rows_of_3, ROWS_3, 3, 3)
ROWS_OF(rows_of_2, ROWS_2, 2, 2)
ROWS_OF(rows_of_1, ROWS_1, 1, 1)

static void rows_of_panel(int columns, int sums, const Tile *t, int rows) {
  if (columns == 4) {
    rows_of_4(t, rows);
  } else if (columns == 3 && sums == 4) {
    rows_of_3_into_4(t, rows);
  } else if (columns == 3) {
    rows_of_3(t, rows);
  } else if (columns == 2) {
    rows_of_2(t, rows);
  } else {
    rows_of_1(t, rows);
  }
}

/* One row through some panels at once, `panel` floats of weights and `width` units apart. */
INLINE void row_of(
    const int panels, const int columns, const int sums, const Tile *t, size_t panel, size_t width) {
  floats sum[ROW_PANELS][MOST_SUMS];
#pragma GCC unroll 4
  for (int p = 0; p < panels; p++) {
#pragma GCC unroll 4
    for (int s = 0; s < sums; s++) sum[p][s] = load(t->start[s] + p * width);
  }
  const float *w = t->wx;
  for (int k = 0; k < t->nx; k++, w += columns * LANES) {
    floats value = all(t->x[k]);
#pragma GCC unroll 4
    for (int p = 0; p < panels; p++) {
#pragma GCC unroll 4
      for (int c = 0; c < columns; c++) sum[p][c] = fused(value, load(w + p * panel + c * LANES), sum[p][c]);
    }
  }
  w = t->wh;
  for (int k = 0; k < t->nh; k++, w += columns * LANES) {
    floats value = all(t->h[k]);
#pragma GCC unroll 4
    for (int p = 0; p < panels; p++) {
#pragma GCC unroll 4
      for (int c = 0; c < columns; c++) {
        const int s = sum_of_h(sums, columns, c);
        sum[p][s] = fused(value, load(w + p * panel + c * LANES), sum[p][s]);
      }
    }
  }
#pragma GCC unroll 4
  for (int p = 0; p < panels; p++) {
#pragma GCC unroll 4
    for (int s = 0; s < sums; s++) store(t->z[s] + p * width, sum[p][s]);
  }
}

/* Where a product's sums start and end, apart from the panel. */
typedef struct {
  const float *start; /* of gate g: start + g*start_plane */
  size_t start_plane, start_stride;
  float *z;
  size_t z_plane, z_stride;
} Ends;

/* Vectors of units in a panel. */
INLINE int blocks_of(const Product *product, int panel) {
  int left = product->stride / LANES - panel * product->blocks;
  return left < product->blocks ? left : product->blocks;
}

/* The sums of a panel for some rows, block after block of k. */
static void multiply_panel(const Product *product, int panel, int rows, const Tile *sources, const Ends *ends) {
  Tile t = *sources;
  const int blocks = blocks_of(product, panel);
  const int sums = product->gates * blocks;
  const int columns = product->gates_x * blocks;
  const int unit = panel * product->blocks * LANES;
  for (int s = 0; s < sums; s++) {
    const int gate = s / blocks;
    const int column = s % blocks * LANES;
    t.start[s] = ends->start + gate * ends->start_plane + unit + column;
    t.start_stride[s] = ends->start_stride;
    t.z[s] = ends->z + gate * ends->z_plane + column;
  }
  t.z_stride = ends->z_stride;
  const float *wx = product->weights + panel * product->panel;
  const float *wh = wx + (size_t)product->nx * columns * LANES;
  const int nx = sources->nx, nh = sources->nh;
  int x = 0, h = 0;
  do {
    t.nx = nx - x < BLOCK_DEPTH ? nx - x : BLOCK_DEPTH;
    t.nh = nh - h < BLOCK_DEPTH - t.nx ? nh - h : BLOCK_DEPTH - t.nx;
    t.x = sources->x + x;
    t.h = sources->h + h;
    t.wx = wx + (size_t)x * columns * LANES;
    t.wh = wh + (size_t)h * columns * LANES;
    rows_of_panel(columns, sums, &t, rows);
    x += t.nx;
    h += t.nh;
    for (int s = 0; s < sums; s++) {
      t.start[s] = t.z[s];
      t.start_stride[s] = t.z_stride;
    }
  } while (x < nx || h < nh);
}

/* Panels of one row from `panel` on, as many at once as are left and are worth it; says how many. */
static int multiply_panels_of_row(const Product *product, int panel, int left, const Tile *sources, const Ends *ends) {
  const size_t width = (size_t)product->blocks * LANES;
  const int sums = product->gates * product->blocks;
  const int columns = product->gates_x * product->blocks;
  Tile t = *sources;
  for (int s = 0; s < sums; s++) {
    const int gate = s / product->blocks;
    const size_t unit = panel * width + s % product->blocks * LANES;
    t.start[s] = ends->start + gate * ends->start_plane + unit;
    t.z[s] = ends->z + gate * ends->z_plane + unit;
  }
  t.wx = product->weights + panel * product->panel;
  t.wh = t.wx + (size_t)product->nx * columns * LANES;
  if (left >= ROW_PANELS) {
    if (columns == 4) {
      row_of(ROW_PANELS, 4, 4, &t, product->panel, width);
    } else {
      row_of(ROW_PANELS, 3, 4, &t, product->panel, width);
    }
    return ROW_PANELS;
  }
  if (left >= 2) {
    if (columns == 4) {
      row_of(2, 4, 4, &t, product->panel, width);
    } else {
      row_of(2, 3, 4, &t, product->panel, width);
    }
    return 2;
  }
  if (columns == 4) {
    row_of(1, 4, 4, &t, product->panel, width);
  } else {
    row_of(1, 3, 4, &t, product->panel, width);
  }
  return 1;
}

/* All panels of one row; gates of `stride` floats at ends->z. */
static void multiply_row(const Product *product, const Tile *sources, const Ends *ends) {
  const int full = product->stride / LANES / product->blocks;
  int panel = 0;
  while (panel < full) panel += multiply_panels_of_row(product, panel, full - panel, sources, ends);
  for (; panel < product->panels; panel++) {
    Ends own = *ends;
    own.z += (size_t)panel * product->blocks * LANES;
    multiply_panel(product, panel, 1, sources, &own);
  }
}

/* All panels of some rows; gates [z_plane] with rows of z_stride floats. */
static void multiply_all(const Product *product, int rows, const Tile *sources, const Ends *ends) {
  if (rows == 1) {
    multiply_row(product, sources, ends);
    return;
  }
  for (int panel = 0; panel < product->panels; panel++) {
    Ends own = *ends;
    own.z += (size_t)panel * product->blocks * LANES;
    multiply_panel(product, panel, rows, sources, &own);
  }
}

/* Rows whose x and h stay in the second-level cache. */
static int resident_rows(int depth) {
  int rows = RESIDENT_FLOATS / (depth + 1);
  return rows < BLOCK_ROWS ? BLOCK_ROWS : rows / BLOCK_ROWS * BLOCK_ROWS;
}

static void multiply(const Product *product, int rows, const float *x, size_t x_stride, float *z, size_t plane) {
  const int most = resident_rows(product->nx);
  for (int row = 0; row < rows; row += most) {
    const int count = rows - row < most ? rows - row : most;
    Tile sources = {.x = x + row * x_stride, .x_stride = x_stride, .nx = product->nx, .h = x, .nh = 0};
    Ends ends = {product->bias, product->stride, 0, z + row * (size_t)product->stride, plane, product->stride};
    multiply_all(product, count, &sources, &ends);
  }
}

/* ---- activations ---- */

#define EACH(FUNCTION)                                                              \
  for (size_t k = 0; k < count; k += LANES) store(values + k, FUNCTION(load(values + k))); \
  break

static float greatest_of(const float *row, int features) {
  float most = row[0];
  for (int k = 1; k < features; k++) most = most < row[k] ? row[k] : most;
  return most;
}

static float exp_of_one(float x) { return exp_of(all(x))[0]; }
static float log_of_one(float x) { return log_of(all(x))[0]; }

static void softmax(float *row, int features) {
  const float most = greatest_of(row, features);
  float sum = 0;
  for (int k = 0; k < features; k++) {
    row[k] = exp_of_one(row[k] - most);
    sum += row[k];
  }
  for (int k = 0; k < features; k++) row[k] /= sum;
}

static void log_softmax(float *row, int features) {
  const float most = greatest_of(row, features);
  float sum = 0;
  for (int k = 0; k < features; k++) sum += exp_of_one(row[k] - most);
  const float log = log_of_one(sum);
  for (int k = 0; k < features; k++) row[k] = (row[k] - most) - log;
}

/* Whether y comes before x in descending order, a NaN before all and 0 before -0, as Java sorts. */
static bool before(float y, float x) {
  if (y != y || x != x) return y != y && x == x;
  if (y != x) return y > x;
  return y == 0 && __builtin_signbit(x) && !__builtin_signbit(y);
}

/*
 * Martins and Astudillo 2016 (arXiv 1602.02068) in the form of Keras 3, whose threshold adds up all partial sums of the
 * support. The values are taken in descending order by selection: the next one is the greatest that comes after the
 * last taken, as often as it occurs.
 */
static void sparsemax(float *row, int features) {
  float sum = 0, sums = 0, last = 0;
  int support = 0, taken = 0;
  while (taken < features) {
    bool found = false;
    float next = 0;
    int times = 0;
    for (int k = 0; k < features; k++) {
      const float x = row[k];
      if (taken > 0 && !before(last, x)) continue;
      if (!found || before(x, next)) {
        found = true;
        next = x;
        times = 1;
      } else if (!before(next, x)) {
        times++;
      }
    }
    for (; times > 0; times--) {
      taken++;
      sum += next;
      if (next - (sum - 1) / (float)taken > 0) {
        support++;
        sums += sum;
      }
    }
    last = next;
  }
  const float threshold = support == 0 ? __builtin_nanf("") : (sums - 1) / (float)support;
  for (int k = 0; k < features; k++) {
    const float x = row[k] - threshold;
    row[k] = x < 0 ? 0 : x;
  }
}

/* glu: the first half of each row times the sigmoid of the second; the second stays. */
static void gate(const float *values, int rows, size_t stride, float *to, int half, size_t to_stride) {
  for (int row = 0; row < rows; row++, values += stride, to += to_stride) {
    for (int k = 0; k < half; k++) to[k] = values[k] * sigmoid_of(all(values[half + k]))[0];
  }
}

static void activate(Activation activation, float *values, int rows, int features, size_t stride) {
  const size_t count = rows * stride;
  switch (activation) {
    case LINEAR: break;
    case RELU: EACH(relu_of);
    case RELU6: EACH(relu6_of);
    case LEAKY_RELU: EACH(leaky_relu_of);
    case ELU:
    case CELU: EACH(elu_of);
    case SELU: EACH(selu_of);
    case GELU: EACH(gelu_of);
    case SILU: EACH(silu_of);
    case SIGMOID: EACH(sigmoid_of);
    case HARD_SIGMOID: EACH(hard_sigmoid_of);
    case HARD_SILU: EACH(hard_silu_of);
    case HARD_TANH: EACH(hard_tanh_of);
    case TANH: EACH(tanh_of);
    case SOFTPLUS: EACH(softplus_of);
    case SOFTSIGN: EACH(softsign_of);
    case EXPONENTIAL: EACH(exp_of);
    case MISH: EACH(mish_of);
    case LOG_SIGMOID: EACH(log_sigmoid_of);
    case SQUAREPLUS: EACH(squareplus_of);
    case SOFT_SHRINK: EACH(soft_shrink_of);
    case HARD_SHRINK: EACH(hard_shrink_of);
    case TANH_SHRINK: EACH(tanh_shrink_of);
    case SPARSE_PLUS: EACH(sparse_plus_of);
    case SPARSE_SIGMOID: EACH(sparse_sigmoid_of);
    case SOFTMAX:
      for (int row = 0; row < rows; row++) softmax(values + row * stride, features);
      break;
    case LOG_SOFTMAX:
      for (int row = 0; row < rows; row++) log_softmax(values + row * stride, features);
      break;
    case SPARSEMAX:
      for (int row = 0; row < rows; row++) sparsemax(values + row * stride, features);
      break;
    case GLU:
      gate(values, rows, stride, values, features / 2, stride);
      break;
    default: break;
  }
}

/* ---- cells ---- */

/*
 * The gates of some rows after the product: gate g at z + g*plane, rows of `width` floats, which are the units from
 * `unit` on.
 */
typedef struct {
  float *z;
  size_t plane;
  int rows, width, unit;
} Gates;

/* c' = fused(f, c, i*g), h' = o*tanh(c') with Keras's own functions: one pass. */
static void lstm_of_keras(const Step *step, size_t stride, const Gates *gates) {
  for (int row = 0; row < gates->rows; row++) {
    const float *z = gates->z + (size_t)row * gates->width;
    float *c = step->c + row * stride + gates->unit;
    float *next = step->next + row * stride + gates->unit;
    for (int k = 0; k < gates->width; k += LANES) {
      floats i = sigmoid_of(load(z + k));
      floats f = sigmoid_of(load(z + gates->plane + k));
      floats g = tanh_of(load(z + 2 * gates->plane + k));
      floats o = sigmoid_of(load(z + 3 * gates->plane + k));
      floats cell = fused(f, load(c + k), mul(i, g));
      store(c + k, cell);
      store(next + k, mul(o, tanh_of(cell)));
    }
  }
}

static void lstm(const Cell *cell, const Step *step, const Gates *gates) {
  const size_t stride = cell->stride;
  if (cell->activation == TANH && cell->recurrent_activation == SIGMOID) {
    lstm_of_keras(step, stride, gates);
    return;
  }
  const int rows = gates->rows, width = gates->width;
  float *i = gates->z, *f = i + gates->plane, *g = f + gates->plane, *o = g + gates->plane;
  activate(cell->recurrent_activation, i, rows, cell->units, width);
  activate(cell->recurrent_activation, f, rows, cell->units, width);
  activate(cell->activation, g, rows, cell->units, width);
  activate(cell->recurrent_activation, o, rows, cell->units, width);
  for (int row = 0; row < rows; row++) {
    float *c = step->c + row * stride + gates->unit;
    for (int k = 0; k < width; k += LANES) {
      const size_t at = (size_t)row * width + k;
      floats next = fused(load(f + at), load(c + k), mul(load(i + at), load(g + at)));
      store(c + k, next);
      store(g + at, next);
    }
  }
  activate(cell->activation, g, rows, cell->units, width);
  for (int row = 0; row < rows; row++) {
    for (int k = 0; k < width; k += LANES) {
      const size_t at = (size_t)row * width + k;
      store(step->next + row * stride + gates->unit + k, mul(load(o + at), load(g + at)));
    }
  }
}

/* h' = fused(z, h - n, n). */
static void mix(const Cell *cell, const Step *step, const Gates *gates, const float *n) {
  for (int row = 0; row < gates->rows; row++) {
    for (int k = 0; k < gates->width; k += LANES) {
      const size_t at = (size_t)row * gates->width + k;
      const size_t unit = row * (size_t)cell->stride + gates->unit + k;
      floats candidate = load(n + at);
      floats kept = sub(load(step->h + unit), candidate);
      store(step->next + unit, fused(load(gates->z + at), kept, candidate));
    }
  }
}

static void gru(const Cell *cell, const Step *step, const Gates *gates) {
  const int rows = gates->rows, width = gates->width;
  float *z = gates->z, *r = z + gates->plane, *n = r + gates->plane, *inner = n + gates->plane;
  activate(cell->recurrent_activation, z, rows, cell->units, width);
  activate(cell->recurrent_activation, r, rows, cell->units, width);
  for (size_t at = 0; at < (size_t)rows * width; at += LANES) {
    store(n + at, fused(load(r + at), load(inner + at), load(n + at)));
  }
  activate(cell->activation, n, rows, cell->units, width);
  mix(cell, step, gates, n);
}

static void simple_rnn(const Cell *cell, const Step *step, const Gates *gates) {
  activate(cell->activation, gates->z, gates->rows, cell->units, gates->width);
  for (int row = 0; row < gates->rows; row++) {
    for (int k = 0; k < gates->width; k += LANES) {
      store(step->next + row * (size_t)cell->stride + gates->unit + k,
            load(gates->z + (size_t)row * gates->width + k));
    }
  }
}

static void functions(const Cell *cell, const Step *step, const Gates *gates) {
  if (cell->kind == CELL_LSTM) {
    lstm(cell, step, gates);
  } else if (cell->kind == CELL_GRU) {
    gru(cell, step, gates);
  } else {
    simple_rnn(cell, step, gates);
  }
}

/* The rows of a step from `row` on. */
static Step part(const Cell *cell, const Step *step, int row, int rows) {
  Step p = *step;
  p.rows = rows;
  p.x += row * p.x_stride;
  p.h += row * (size_t)cell->stride;
  if (p.c) p.c += row * (size_t)cell->stride;
  p.next += row * (size_t)cell->stride;
  if (p.known) p.known += row * (size_t)cell->stride;
  if (p.known_candidate) p.known_candidate += row * (size_t)cell->stride;
  return p;
}

static Tile sources_of(const Product *product, const Step *step, const float *h, const float *known) {
  return (Tile){
      .x = step->x,
      .x_stride = step->x_stride,
      .nx = known ? 0 : product->nx,
      .h = h,
      .h_stride = product->stride,
      .nh = product->nh};
}

static Ends ends_of(const Product *product, const float *known, size_t known_plane, float *z, size_t plane, size_t stride) {
  if (known) return (Ends){known, known_plane, product->stride, z, plane, stride};
  return (Ends){product->bias, product->stride, 0, z, plane, stride};
}

/* The gates of all units, then their functions. */
static void step_whole(const Cell *cell, const Step *step, float *scratch) {
  const Product *product = &cell->product;
  const size_t plane = (size_t)step->rows * cell->stride;
  Tile sources = sources_of(product, step, step->h, step->known);
  Ends ends = ends_of(product, step->known, step->plane, scratch, plane, cell->stride);
  multiply_all(product, step->rows, &sources, &ends);
  Gates gates = {scratch, plane, step->rows, cell->stride, 0};
  if (cell->kind != CELL_GRU_RESET_BEFORE) {
    functions(cell, step, &gates);
    return;
  }
  float *r = scratch + plane, *n = r + plane;
  activate(cell->recurrent_activation, scratch, step->rows, cell->units, cell->stride);
  activate(cell->recurrent_activation, r, step->rows, cell->units, cell->stride);
  for (size_t at = 0; at < plane; at += LANES) store(r + at, mul(load(r + at), load(step->h + at)));
  sources = sources_of(&cell->candidate, step, r, step->known_candidate);
  ends = ends_of(&cell->candidate, step->known_candidate, 0, n, 0, cell->stride);
  multiply_all(&cell->candidate, step->rows, &sources, &ends);
  activate(cell->activation, n, step->rows, cell->units, cell->stride);
  mix(cell, step, &gates, n);
}

/* Panel after panel, the functions of its units at once while its gates are in the first-level cache. */
static void step_by_panel(const Cell *cell, const Step *step, float *scratch) {
  const Product *product = &cell->product;
  for (int panel = 0; panel < product->panels; panel++) {
    const int width = blocks_of(product, panel) * LANES;
    for (int row = 0; row < step->rows; row += BLOCK_ROWS) {
      const int rows = step->rows - row < BLOCK_ROWS ? step->rows - row : BLOCK_ROWS;
      Step p = part(cell, step, row, rows);
      const size_t plane = (size_t)rows * width;
      Tile sources = sources_of(product, &p, p.h, p.known);
      Ends ends = ends_of(product, p.known, p.plane, scratch, plane, width);
      multiply_panel(product, panel, rows, &sources, &ends);
      Gates gates = {scratch, plane, rows, width, panel * product->blocks * LANES};
      functions(cell, &p, &gates);
    }
  }
}

static int gates_of(const Cell *cell) { return cell->kind == CELL_GRU_RESET_BEFORE ? 3 : cell->product.gates; }

/* Rows whose gates are computed for all units at once. */
static int whole_rows(const Cell *cell) {
  const int rows = WHOLE_FLOATS / (gates_of(cell) * cell->stride);
  return rows < 1 ? 1 : rows;
}

static size_t scratch_floats(const Cell *cell) {
  const size_t whole = (size_t)gates_of(cell) * whole_rows(cell) * cell->stride;
  const size_t panel = (size_t)gates_of(cell) * BLOCK_ROWS * MOST_SUMS * LANES;
  return whole > panel ? whole : panel;
}

static void step_cell(const Cell *cell, const Step *step, float *scratch) {
  const bool whole = cell->kind == CELL_GRU_RESET_BEFORE || rowwise(cell->activation)
                     || rowwise(cell->recurrent_activation) || step->rows <= whole_rows(cell);
  const int most = whole ? whole_rows(cell) : resident_rows(cell->product.nx + cell->product.nh);
  for (int row = 0; row < step->rows; row += most) {
    const int rows = step->rows - row < most ? step->rows - row : most;
    Step p = part(cell, step, row, rows);
    if (whole) {
      step_whole(cell, &p, scratch);
    } else {
      step_by_panel(cell, &p, scratch);
    }
  }
}

/* ---- layers of one operation ---- */

static void scale_rows(const float *x, int rows, size_t stride, const float *scale, const float *shift, float *to) {
  for (int row = 0; row < rows; row++, x += stride, to += stride) {
    for (size_t k = 0; k < stride; k += LANES) store(to + k, fused(load(x + k), load(scale + k), load(shift + k)));
  }
}

/* Sums go in index order, so some rows side by side. */
static void normalize_rows(
    const float *x, int rows, size_t stride, int features, const float *gamma, const float *beta, float epsilon, float *to) {
  enum { SIDE_BY_SIDE = 8 };
  for (int first = 0; first < rows; first += SIDE_BY_SIDE) {
    const int count = rows - first < SIDE_BY_SIDE ? rows - first : SIDE_BY_SIDE;
    const float *from = x + first * stride;
    float mean[SIDE_BY_SIDE] = {0}, squares[SIDE_BY_SIDE] = {0};
    for (int k = 0; k < features; k++) {
      for (int r = 0; r < count; r++) mean[r] += from[r * stride + k];
    }
    for (int r = 0; r < count; r++) mean[r] /= (float)features;
    for (int k = 0; k < features; k++) {
      for (int r = 0; r < count; r++) {
        const float d = from[r * stride + k] - mean[r];
        squares[r] = __builtin_fmaf(d, d, squares[r]);
      }
    }
    for (int r = 0; r < count; r++) {
      const floats deviation = all(__builtin_sqrtf(squares[r] / (float)features + epsilon));
      const float *row = from + r * stride;
      float *out = to + (first + r) * stride;
      for (size_t k = 0; k < stride; k += LANES) {
        floats d = quotient(sub(load(row + k), all(mean[r])), deviation);
        store(out + k, fused(d, load(gamma + k), load(beta + k)));
      }
    }
  }
}

static void add_all(const float *x, size_t count, float *sums) {
  for (size_t k = 0; k < count; k += LANES) store(sums + k, add(load(sums + k), load(x + k)));
}

static void copy_canonical(const float *from, float *to, size_t count) {
  size_t k = 0;
  for (; k + LANES <= count; k += LANES) {
    floats x = load(from + k);
    store(to + k, choose(is_nan(x), all(__builtin_nanf("")), x));
  }
  for (; k < count; k++) to[k] = from[k] == from[k] ? from[k] : __builtin_nanf("");
}

#define TEXT_OF(x) #x
#define NAME_OF(x) TEXT_OF(x)
#define TABLE_OF(x) arithmetic_##x
#define TABLE(x) TABLE_OF(x)

const Arithmetic TABLE(ISA) = {
    .name = NAME_OF(ISA),
    .lanes = LANES,
    .scratch = scratch_floats,
    .step = step_cell,
    .multiply = multiply,
    .activate = activate,
    .gate = gate,
    .scale = scale_rows,
    .normalize = normalize_rows,
    .add = add_all,
    .copy_canonical = copy_canonical,
};
