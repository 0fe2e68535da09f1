/* Keras's activations over rows, in place. */
#ifndef STREAMCELL_ACTIVATIONS_H
#define STREAMCELL_ACTIVATIONS_H

#include "functions.h"
#include "streamcell.h"

#define EACH(FUNCTION)                                                                   \
  for (int row = 0; row < rows; row++, values += stride) {                               \
    for (size_t k = 0; k < width; k += LANES) store(values + k, FUNCTION(load(values + k))); \
  }                                                                                      \
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

/* Rows of `width` floats, whole vectors, of which the first `features` count. */
static void activate(Activation activation, float *values, int rows, int features, size_t width, size_t stride) {
  if (width == stride && !rowwise(activation)) {
    width *= rows;
    rows = 1;
  }
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

#endif
