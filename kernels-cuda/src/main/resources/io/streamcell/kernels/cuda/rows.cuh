// Layers that look at one row at a time, and the ways of rows between a batch and its tensors.
//
// Kernels hold NaNs as 7fc00000, so that what they write may be a score.
//
// A tensor on a time axis holds [sum of active rows][inner][pitch], pitch a multiple of four from the last dimension
// on; a static one [rows][inner][pitch], by the rows' numbers in the batch.
#pragma once
#include "cells.cuh"

// Each thread of the grid its share of `count`.
template <class F> __device__ __forceinline__ void each(long long count, const F &body) {
    for (long long k = blockIdx.x * static_cast<long long>(blockDim.x) + threadIdx.x; k < count;
         k += static_cast<long long>(gridDim.x) * blockDim.x) {
        body(k);
    }
}

// All values of a tensor on a time axis: body(timestep, row m, column of width values).
template <class F>
__device__ __forceinline__ void each_in_time(const int *active, long long steps, long long width, const F &body) {
    for (long long t = blockIdx.y; t < steps; t += gridDim.y) {
        each(active[t] * width, [&](long long k) { body(t, k / width, k % width); });
    }
}

// A dense layer of many units: groups of four.
template <int FEATURES, int UNITS, Activation ACTIVATION> struct Dense {
    using Sums = Parts<FEATURES, ALL, 0, 0>;
    static constexpr int GROUPS = (UNITS + 3) / 4;

    template <bool FAST> static __device__ __forceinline__ float output(float z) {
        return canonical(activated<ACTIVATION, FAST>(z));
    }
};

template <class Layer, class Product>
__device__ __forceinline__ void multiply(
    const float *weights, const float4 *bias, const Sequence &x, long long rows, float *y, long long y_pitch) {
    tiles<Product, Layer::GROUPS>(static_cast<int>(rows), [&](int from, int tile) {
        Product product;
        product.template run<typename Layer::Sums>(weights, bias, tile, x, x, from, static_cast<int>(rows));
        product.finish([&](int row, int group, const auto &z) {
            group += tile * Product::GROUPS;
#pragma unroll
            for (int k = 0; k < Product::WIDE; k++) {
                if (from + row < rows && group + k < Layer::GROUPS) {
                    Values<4> values;
#pragma unroll
                    for (int c = 0; c < 4; c++) {
                        values.v[c] = Layer::template output<Product::FAST>(z[k][c]);
                    }
                    write(y + (from + row) * y_pitch + (group + k) * 4, values);
                }
            }
        });
    });
}

#define DENSE_LAYER(NAME, LAYER, PRODUCT, BLOCKS)                                                                       \
    extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) NAME(                                                 \
        const float *weights, const float4 *bias, const float *x, long long x_pitch, long long rows, float *y,          \
        long long y_pitch) {                                                                                            \
        multiply<LAYER, PRODUCT>(weights, bias, Sequence{x, x_pitch}, rows, y, y_pitch);                                \
    }

// A dense layer of few units: a thread holds one. Weights are [features][units] as saved.
#define NARROW_DENSE_LAYER(NAME, FEATURES, UNITS, ACTIVATION)                                                           \
    extern "C" __global__ void __launch_bounds__(THREADS) NAME(                                                         \
        const float *weights, const float *bias, const float *x, long long x_pitch, long long rows, float *y,           \
        long long y_pitch) {                                                                                            \
        each(rows * UNITS, [&](long long k) {                                                                           \
            const float *row = x + k / UNITS * x_pitch;                                                                 \
            int unit = k % UNITS;                                                                                       \
            float sum = bias[unit];                                                                                     \
            for (int feature = 0; feature < FEATURES; feature++) {                                                      \
                sum = __fmaf_rn(row[feature], weights[feature * UNITS + unit], sum);                                    \
            }                                                                                                           \
            y[k / UNITS * y_pitch + unit] = canonical(activated<ACTIVATION>(sum));                                      \
        });                                                                                                             \
    }

// A function of every value.
#define ACTIVATION_LAYER(NAME, ACTIVATION)                                                                              \
    extern "C" __global__ void __launch_bounds__(THREADS) NAME(                                                         \
        const float *x, long long features, long long pitch, long long rows, float *y) {                                \
        each(rows * features, [&](long long k) {                                                                        \
            long long at = k / features * pitch + k % features;                                                         \
            y[at] = canonical(activated<ACTIVATION>(x[at]));                                                            \
        });                                                                                                             \
    }

extern "C" __global__ void __launch_bounds__(THREADS) batch_normalization(
    const float *scale, const float *shift, const float *x, long long features, long long pitch, long long rows,
    float *y) {
    each(rows * features, [&](long long k) {
        long long at = k / features * pitch + k % features;
        y[at] = canonical(__fmaf_rn(x[at], scale[k % features], shift[k % features]));
    });
}

// One thread a row: sums run in index order.
extern "C" __global__ void __launch_bounds__(THREADS) layer_normalization(
    const float *gamma, const float *beta, const float *epsilon, const float *x, long long features, long long pitch,
    long long rows, float *y) {
    each(rows, [&](long long m) {
        const float *from = x + m * pitch;
        float n = static_cast<float>(features);
        float sum = 0;
        for (long long k = 0; k < features; k++) {
            sum += from[k];
        }
        float mean = sum / n;
        float squares = 0;
        for (long long k = 0; k < features; k++) {
            float d = from[k] - mean;
            squares = __fmaf_rn(d, d, squares);
        }
        float root = __fsqrt_rn(squares / n + *epsilon);
        for (long long k = 0; k < features; k++) {
            y[m * pitch + k] = canonical(__fmaf_rn((from[k] - mean) / root, gamma[k], beta[k]));
        }
    });
}

__device__ __forceinline__ float greatest_of(const float *x, long long features) {
    float most = x[0];
    for (long long k = 1; k < features; k++) {
        most = most < x[k] ? x[k] : most;
    }
    return most;
}

extern "C" __global__ void __launch_bounds__(THREADS) softmax(
    const float *x, long long features, long long pitch, long long rows, float *y) {
    each(rows, [&](long long m) {
        const float *from = x + m * pitch;
        float *to = y + m * pitch;
        float most = greatest_of(from, features);
        float sum = 0;
        for (long long k = 0; k < features; k++) {
            to[k] = exact_exp(from[k] - most);
            sum += to[k];
        }
        for (long long k = 0; k < features; k++) {
            to[k] = canonical(to[k] / sum);
        }
    });
}

extern "C" __global__ void __launch_bounds__(THREADS) log_softmax(
    const float *x, long long features, long long pitch, long long rows, float *y) {
    each(rows, [&](long long m) {
        const float *from = x + m * pitch;
        float most = greatest_of(from, features);
        float sum = 0;
        for (long long k = 0; k < features; k++) {
            sum += exact_exp(from[k] - most);
        }
        float log = exact_log(sum);
        for (long long k = 0; k < features; k++) {
            y[m * pitch + k] = canonical((from[k] - most) - log);
        }
    });
}

// A number that orders floats as Float.compare does: -0 before 0, NaN behind all.
__device__ __forceinline__ int rank_of(float x) {
    int i = bits(canonical(x));
    return i < 0 ? i ^ 0x7fffffff : i;
}

// As io.streamcell.kernels.functions.Activations has it: values in descending order by selection.
extern "C" __global__ void __launch_bounds__(THREADS) sparsemax(
    const float *x, long long features, long long pitch, long long rows, float *y) {
    each(rows, [&](long long m) {
        const float *from = x + m * pitch;
        float sum = 0, sums = 0, last = 0;
        int support = 0;
        for (int taken = 0; taken < features;) {
            float next = 0;
            int times = 0;
            for (long long k = 0; k < features; k++) {
                int rank = rank_of(from[k]);
                if (taken > 0 && rank >= rank_of(last)) {
                    continue;
                }
                if (times == 0 || rank > rank_of(next)) {
                    next = from[k];
                    times = 1;
                } else if (rank == rank_of(next)) {
                    times++;
                }
            }
            for (; times > 0; times--) {
                taken++;
                sum += next;
                if (next - (sum - 1) / static_cast<float>(taken) > 0) {
                    support++;
                    sums += sum;
                }
            }
            last = next;
        }
        float threshold = support == 0 ? not_a_number() : (sums - 1) / static_cast<float>(support);
        for (long long k = 0; k < features; k++) {
            float rest = from[k] - threshold;
            y[m * pitch + k] = canonical(rest < 0 ? 0 : rest);
        }
    });
}

extern "C" __global__ void __launch_bounds__(THREADS) glu(
    const float *x, long long features, long long pitch, long long rows, float *y, long long y_pitch) {
    long long half = features / 2;
    each(rows * half, [&](long long k) {
        const float *from = x + k / half * pitch + k % half;
        y[k / half * y_pitch + k % half] = canonical(from[0] * exact_sigmoid(from[half]));
    });
}

// A token's row of a table; one that is not in it is told by *wrong.
extern "C" __global__ void __launch_bounds__(THREADS) embedding(
    const float *table, long long vocabulary, long long features, const float *x, long long tokens, long long pitch,
    long long rows, float *y, long long y_pitch, int *wrong) {
    each(rows * tokens * features, [&](long long k) {
        long long row = k / features / tokens, token = k / features % tokens;
        float value = x[row * pitch + token];
        bool good = value >= 0 && value < static_cast<float>(vocabulary);
        if (!good) {
            *wrong = 1;
        }
        int id = good ? static_cast<int>(value) : 0;
        y[k / features * y_pitch + k % features] = table[id * features + k % features];
    });
}

// The columns of a row, copied into another's from `column` on or added to them.
extern "C" __global__ void __launch_bounds__(THREADS) place(
    const float *x, long long features, long long pitch, long long rows, float *y, long long y_pitch, long long column,
    long long sum) {
    each(rows * features, [&](long long k) {
        float value = x[k / features * pitch + k % features];
        float *to = y + k / features * y_pitch + column + k % features;
        *to = canonical(sum ? *to + value : value);
    });
}

// The same from a static tensor into one on a time axis, where each timestep has it.
extern "C" __global__ void __launch_bounds__(THREADS) place_at_all_times(
    const float *x, long long inner, long long features, long long pitch, const int *order, const int *active,
    const long long *offsets, long long steps, float *y, long long y_pitch, long long column, long long sum) {
    each_in_time(active, steps, inner * features, [&](long long t, long long m, long long k) {
        float value = x[(order[m] * inner + k / features) * pitch + k % features];
        float *to = y + ((offsets[t] + m) * inner + k / features) * y_pitch + column + k % features;
        *to = canonical(sum ? *to + value : value);
    });
}

// Rows as the batch packs them, each row's timesteps one after another, into a tensor, and back.
extern "C" __global__ void __launch_bounds__(THREADS) into_time(
    const float *packed, long long inner, long long features, long long pitch, const int *order,
    const long long *starts, const int *active, const long long *offsets, long long steps, float *y) {
    long long width = inner * features;
    each_in_time(active, steps, width, [&](long long t, long long m, long long k) {
        y[((offsets[t] + m) * inner + k / features) * pitch + k % features] =
            packed[(starts[order[m]] + t) * width + k];
    });
}

extern "C" __global__ void __launch_bounds__(THREADS) out_of_time(
    const float *x, long long inner, long long features, long long pitch, const int *order, const long long *starts,
    const int *active, const long long *offsets, long long steps, float *packed) {
    long long width = inner * features;
    each_in_time(active, steps, width, [&](long long t, long long m, long long k) {
        packed[(starts[order[m]] + t) * width + k] =
            canonical(x[((offsets[t] + m) * inner + k / features) * pitch + k % features]);
    });
}

// Static rows without their padding, and with it.
extern "C" __global__ void __launch_bounds__(THREADS) unpad(
    const float *x, long long features, long long pitch, long long rows, float *packed) {
    each(rows * features, [&](long long k) { packed[k] = canonical(x[k / features * pitch + k % features]); });
}

extern "C" __global__ void __launch_bounds__(THREADS) pad(
    const float *packed, long long features, long long pitch, long long rows, float *y) {
    each(rows * features, [&](long long k) { y[k / features * pitch + k % features] = packed[k]; });
}

// A state tensor after the chunk: which of its two versions is valid depends on the row's timesteps. rows[m] as in
// Chunk; `versions` is 2 for h and 1 for what lies once.
extern "C" __global__ void __launch_bounds__(THREADS) states_after(
    const float *states, long long pitch, long long slots, long long versions, const int *rows, const int *order,
    const int *timesteps, long long units, long long count, float *y) {
    each(count * units, [&](long long k) {
        long long m = k / units, unit = k % units;
        int at = rows[m], b = order[m];
        long long version = versions == 2 ? (at ^ timesteps[b]) & 1 : 0;
        y[b * pitch + unit] = states[((at >> 1) + version * slots) * pitch + unit];
    });
}

// State vectors as the layout has them into the slab, and back. A vector's tensor begins at `from` of `width` floats; a
// width of 0 gives all rows one vector. rows[k] is a slot times two, plus the version that is written or read.
extern "C" __global__ void __launch_bounds__(THREADS) put_states(
    const float *vectors, long long width, long long from, float *states, long long pitch, long long slots,
    long long versions, const int *rows, long long units, long long count) {
    each(count * units, [&](long long k) {
        long long row = k / units, unit = k % units;
        int at = rows[row];
        states[((at >> 1) + (versions == 2 ? at & 1 : 0) * slots) * pitch + unit] = vectors[row * width + from + unit];
    });
}

extern "C" __global__ void __launch_bounds__(THREADS) get_states(
    float *vectors, long long width, long long from, const float *states, long long pitch, long long slots,
    long long versions, const int *rows, long long units, long long count) {
    each(count * units, [&](long long k) {
        long long row = k / units, unit = k % units;
        int at = rows[row];
        vectors[row * width + from + unit] = states[((at >> 1) + (versions == 2 ? at & 1 : 0) * slots) * pitch + unit];
    });
}

