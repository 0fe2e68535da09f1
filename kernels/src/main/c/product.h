/*
 * The matrix product: tiles of rows by columns whose sums stay in registers, panels of weights that stay in the
 * first-level cache, rows that stay in the second. A sum is one chain over ascending k, wherever the blocks end.
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

/* Rows whose gates stay in the first-level cache between the product and the functions. */
enum { BLOCK_ROWS = 96 };
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

#endif
