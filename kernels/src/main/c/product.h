/*
 * The matrix product: tiles of rows by columns whose sums stay in registers from the first k to the last, while a panel
 * of weights passes from the second-level cache. A sum is one chain over ascending k.
 */
#ifndef STREAMCELL_PRODUCT_H
#define STREAMCELL_PRODUCT_H

#include "lanes.h"
#include "streamcell.h"

/* Rows of a tile by the sums of a row, so that all sums and a row of weights stay in registers. */
#if LANES == 16
enum { ROWS_4 = 6, ROWS_3 = 8, ROWS_2 = 8, ROWS_1 = 8 };
#elif LANES == 8
enum { ROWS_4 = 3, ROWS_3 = 4, ROWS_2 = 6, ROWS_1 = 8 };
#else
enum { ROWS_4 = 2, ROWS_3 = 3, ROWS_2 = 4, ROWS_1 = 8 };
#endif
enum { MOST_ROWS = 8 };
/* Values of k in a turn of the innermost loop; a second one costs registers where there are sixteen. */
enum { K_STEP = LANES == 16 ? 2 : 1 };
/* Floats of a cache line. */
enum { LINE = 16 };
/* Floats of a panel that stays in the first-level cache, or nearly; others are fetched into it AHEAD k beforehand. */
enum { NEAR_FLOATS = 1 << 14, AHEAD = 8 };

/*
 * What the tiles of a panel read and write; the sums of a row lie side by side. It is filled in place: a copy would wait
 * until what was just written had reached the cache.
 */
typedef struct {
  const float *x, *h;
  size_t x_stride, h_stride;
  int nx, nh;
  const float *weights;
  const float *ahead; /* weights that are needed next, to be fetched meanwhile */
  const float *start; /* of all panels' sums */
  size_t start_stride, panel_start;
  float *z;
  size_t z_stride;
} Tile;

/* Which sum a column of h's weights feeds. */
INLINE int sum_of_h(int sums, int columns, int column) {
  return columns < sums && column == columns - 1 ? sums - 1 : column;
}

/* The first of every three rows of a tile, which share a pointer. */
#define THREES ((MOST_ROWS + 2) / 3)

/* rows by columns multiply-adds of the k-th values of rows; `w` and `ahead` are those of k. */
INLINE void multiply_add_one(
    const int rows, const int columns, const int sums, const bool of_h, const bool far, floats sum[][MOST_SUMS],
    const float *const row[THREES], size_t stride, int k, const float *w, const float *ahead) {
  __builtin_prefetch(ahead, 0, 2);
  if (far) {
#pragma GCC unroll 4
    for (int c = 0; c < columns * LANES; c += LINE) __builtin_prefetch(w + AHEAD * columns * LANES + c, 0, 3);
  }
  if (LANES == 8 && columns == 4 && rows > 1) {
    /* Registers for one weight and a value of each row, where there are sixteen. */
    floats value[MOST_ROWS];
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) {
      value[r] = all(row[r / 3][r % 3 * stride + k]);
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
      floats value = all(row[r / 3][r % 3 * stride + k]);
      KEEP(value);
#pragma GCC unroll 4
      for (int c = 0; c < columns; c++) {
        const int s = of_h ? sum_of_h(sums, columns, c) : c;
        sum[r][s] = fused(value, weight[c], sum[r][s]);
      }
    }
  }
}

/*
 * Multiply-adds for each k, all loops but that over k unrolled. The compiler is not to derive a pointer to rows from the
 * others: it would otherwise keep a register for each row.
 */
INLINE void multiply_add(
    const int rows, const int columns, const int sums, const bool of_h, const bool far, floats sum[][MOST_SUMS],
    const float *v, size_t stride, const float *w, const float *ahead, int depth) {
  const int pointers = (rows + 2) / 3, width = columns * LANES;
  const float *row[THREES];
#pragma GCC unroll 3
  for (int p = 0; p < pointers; p++) row[p] = v + 3 * p * stride;
  const float *end = w + (size_t)depth * width, *last = w + (size_t)(depth / K_STEP * K_STEP) * width;
  for (; w != last; w += K_STEP * width, ahead += K_STEP * LINE) {
#pragma GCC unroll 3
    for (int p = 0; p < pointers; p++) HIDE(row[p]);
#pragma GCC unroll 2
    for (int k = 0; k < K_STEP; k++) {
      multiply_add_one(rows, columns, sums, of_h, far, sum, row, stride, k, w + k * width, ahead + k * LINE);
    }
#pragma GCC unroll 3
    for (int p = 0; p < pointers; p++) row[p] += K_STEP;
  }
  if (w != end) multiply_add_one(rows, columns, sums, of_h, far, sum, row, stride, 0, w, ahead);
}

INLINE void tile(const int rows, const int columns, const int sums, const bool far, const Tile *t, int first) {
  const float *ahead = t->ahead + (size_t)(first / rows % 4) * (t->nx + t->nh) * LINE;
  floats sum[MOST_ROWS][MOST_SUMS];
  const float *start = t->start + t->panel_start + first * t->start_stride;
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++, start += t->start_stride) {
#pragma GCC unroll 4
    for (int s = 0; s < sums; s++) sum[r][s] = load(start + s * LANES);
  }
  const float *wh = t->weights + (size_t)t->nx * columns * LANES;
  multiply_add(rows, columns, sums, false, far, sum, t->x + first * t->x_stride, t->x_stride, t->weights, ahead, t->nx);
  multiply_add(rows, columns, sums, true, far, sum, t->h + first * t->h_stride, t->h_stride, wh, ahead + t->nx * LINE, t->nh);
  float *z = t->z + first * t->z_stride;
#pragma GCC unroll 8
  for (int r = 0; r < rows; r++, z += t->z_stride) {
#pragma GCC unroll 4
    for (int s = 0; s < sums; s++) store(z + s * LANES, sum[r][s]);
  }
}

/* All rows of a panel, near or far: whole tiles, then one of the rest. */
#define ROWS_OF(NAME, MOST, COLUMNS, SUMS, FAR)                        \
  static void NAME(const Tile *t, int rows) {                          \
    int row = 0;                                                       \
    for (; row + MOST <= rows; row += MOST) tile(MOST, COLUMNS, SUMS, FAR, t, row); \
    switch (rows - row) {                                              \
      case 7: if (MOST > 7) tile(7, COLUMNS, SUMS, FAR, t, row); break;     \
      case 6: if (MOST > 6) tile(6, COLUMNS, SUMS, FAR, t, row); break;     \
      case 5: if (MOST > 5) tile(5, COLUMNS, SUMS, FAR, t, row); break;     \
      case 4: if (MOST > 4) tile(4, COLUMNS, SUMS, FAR, t, row); break;     \
      case 3: if (MOST > 3) tile(3, COLUMNS, SUMS, FAR, t, row); break;     \
      case 2: if (MOST > 2) tile(2, COLUMNS, SUMS, FAR, t, row); break;     \
      case 1: tile(1, COLUMNS, SUMS, FAR, t, row); break;                   \
      default: break;                                                  \
    }                                                                  \
  }

ROWS_OF(rows_of_4, ROWS_4, 4, 4, false)
ROWS_OF(rows_of_4_far, ROWS_4, 4, 4, true)
ROWS_OF(rows_of_3_into_4, ROWS_4, 3, 4, false)
ROWS_OF(rows_of_3_into_4_far, ROWS_4, 3, 4, true)
ROWS_OF(rows_of_3, ROWS_3, 3, 3, false)
ROWS_OF(rows_of_2, ROWS_2, 2, 2, false)
ROWS_OF(rows_of_1, ROWS_1, 1, 1, false)

/* Adds one row's values times weights up, for `panels` panels at once. */
INLINE void add_row(
    const int panels, const int columns, const int sums, const bool of_h, floats sum[][MOST_SUMS], const float *v, int depth,
    const float *w, size_t panel) {
  for (int k = 0; k < depth; k++, w += columns * LANES) {
    floats value = all(v[k]);
#pragma GCC unroll 8
    for (int c = 0; c < panels * columns; c++) {
      const int p = c / columns, s = of_h ? sum_of_h(sums, columns, c % columns) : c % columns;
      sum[p][s] = fused(value, load(w + p * panel + c % columns * LANES), sum[p][s]);
    }
  }
}

/* One row's sums of some panels at once, so that enough of them are under way. */
INLINE void sums_of_row(
    const int panels, const int columns, const int sums, const float *x, int nx, const float *h, int nh,
    const float *start, const float *w, size_t panel, float *z) {
  floats sum[2][MOST_SUMS];
#pragma GCC unroll 8
  for (int s = 0; s < panels * sums; s++) sum[s / sums][s % sums] = load(start + s * LANES);
  add_row(panels, columns, sums, false, sum, x, nx, w, panel);
  add_row(panels, columns, sums, true, sum, h, nh, w + (size_t)nx * columns * LANES, panel);
#pragma GCC unroll 8
  for (int s = 0; s < panels * sums; s++) store(z + s * LANES, sum[s / sums][s % sums]);
}

/* Vectors of units in a panel. */
INLINE int blocks_of(const Product *product, int panel) {
  const int left = product->stride / LANES - panel * product->blocks;
  return left < product->blocks ? left : product->blocks;
}

/* Where a panel's sums stand in a row of gates. */
INLINE size_t sums_before(const Product *product, int panel) {
  return (size_t)panel * product->gates * product->blocks * LANES;
}

/* The panel that is computed after this one; the last is followed by itself, since the next pass begins with it. */
INLINE int panel_after(const Product *product, int panel, bool backwards) {
  if (backwards) return panel > 0 ? panel - 1 : 0;
  return panel + 1 < product->panels ? panel + 1 : panel;
}

/* The sums of a panel for some rows, while the weights of the panel `next` are fetched. */
static void multiply_panel(const Product *product, int panel, int next, int rows, Tile *t) {
  const int blocks = blocks_of(product, panel);
  const int sums = product->gates * blocks;
  const int columns = product->gates_x * blocks;
  t->weights = product->weights + panel * product->panel + (size_t)(product->nx - t->nx) * columns * LANES;
  t->ahead = product->weights + next * product->panel;
  t->panel_start = sums_before(product, panel);
  const bool far = product->panel > NEAR_FLOATS;
  if (columns == 4) {
    (far ? rows_of_4_far : rows_of_4)(t, rows);
  } else if (columns == 3 && sums == 4) {
    (far ? rows_of_3_into_4_far : rows_of_3_into_4)(t, rows);
  } else if (columns == 3) {
    rows_of_3(t, rows);
  } else if (columns == 2) {
    rows_of_2(t, rows);
  } else {
    rows_of_1(t, rows);
  }
}

/* Two whole panels, this one and the next, for one row. */
static void multiply_pair(const Product *product, int panel, const Tile *t) {
  const int columns = product->gates_x * product->blocks;
  const float *w = product->weights + panel * product->panel + (size_t)(product->nx - t->nx) * columns * LANES;
  const float *start = t->start + sums_before(product, panel);
  if (columns == 4) {
    sums_of_row(2, 4, 4, t->x, t->nx, t->h, t->nh, start, w, product->panel, t->z);
  } else {
    sums_of_row(2, 3, 4, t->x, t->nx, t->h, t->nh, start, w, product->panel, t->z);
  }
}

/* All sums of one row, where there is one gate. */
static void multiply_row(const Product *product, const float *x, const float *h, const float *start, float *z) {
  const int nx = product->nx, nh = product->nh;
  const size_t panel = product->panel;
  const float *w = product->weights;
  int vectors = product->stride / LANES;
  for (; vectors >= 8; vectors -= 8, w += 2 * panel, start += 8 * LANES, z += 8 * LANES) {
    sums_of_row(2, 4, 4, x, nx, h, nh, start, w, panel, z);
  }
  if (vectors >= 4) {
    sums_of_row(1, 4, 4, x, nx, h, nh, start, w, panel, z);
    vectors -= 4;
    w += panel;
    start += 4 * LANES;
    z += 4 * LANES;
  }
  switch (vectors) {
    case 3: sums_of_row(1, 3, 3, x, nx, h, nh, start, w, panel, z); break;
    case 2: sums_of_row(1, 2, 2, x, nx, h, nh, start, w, panel, z); break;
    case 1: sums_of_row(1, 1, 1, x, nx, h, nh, start, w, panel, z); break;
    default: break;
  }
}

static void multiply(const Product *product, int rows, const float *x, size_t x_stride, float *z) {
  Tile t = {
      .x = x,
      .x_stride = x_stride,
      .nx = product->nx,
      .h = x,
      .start = product->bias,
      .z_stride = (size_t)product->gates * product->stride};
  for (int panel = 0; panel < product->panels; panel++) {
    t.z = z + sums_before(product, panel);
    multiply_panel(product, panel, panel_after(product, panel, false), rows, &t);
  }
}

#endif
