// Recurrent layers: many streams advance by a chunk in one launch. Rows are sorted by length, the longest first, so that
// timestep t has the first active[t] rows; a sequence holds them one timestep after another, those of t from offsets[t].
//
// A stream's h lies in the slab twice: a timestep reads one and writes the other, since other blocks still read the
// first. rows[m] is the slot of row m times two, plus which of the two is valid before the chunk.
#pragma once
#include "functions.cuh"
#include "product.cuh"
#include "tensor.cuh"

// The rows of a batch on one time axis.
struct Chunk {
    const int *rows;
    const int *order;          // row m's number in the batch, which its static values have
    const int *active;         // [steps + 1], the last 0
    const long long *offsets;  // [steps]
    long long steps;
};

// The h of a layer in the slab, as it is before or after timestep t.
struct States {
    float *values;
    long long pitch;
    long long slots;
    const int *rows;
    int version; // 0 for what the chunk's first timestep reads
    __device__ __forceinline__ float *row(int m) const {
        int at = rows[m];
        return values + ((at >> 1) + ((at ^ version) & 1) * slots) * pitch;
    }
};

// Where a layer's output goes: the whole sequence, the row of the last timestep, or both.
struct Output {
    float *sequence;
    float *last;
    long long pitch;
};

template <int WIDE> struct Values {
    float v[WIDE];
};

template <int WIDE> __device__ __forceinline__ Values<WIDE> read(const float *from) {
    Values<WIDE> values;
    if constexpr (WIDE == 4) {
        float4 v = __ldcg(reinterpret_cast<const float4 *>(from));
        values.v[0] = v.x;
        values.v[1] = v.y;
        values.v[2] = v.z;
        values.v[3] = v.w;
    } else {
        values.v[0] = __ldcg(from);
    }
    return values;
}

template <int WIDE> __device__ __forceinline__ void write(float *to, const Values<WIDE> &values) {
    if constexpr (WIDE == 4) {
        *reinterpret_cast<float4 *>(to) = make_float4(values.v[0], values.v[1], values.v[2], values.v[3]);
    } else {
        *to = values.v[0];
    }
}

// One row's new h for WIDE units from `unit` on.
template <int WIDE>
__device__ __forceinline__ void emit(
    const Chunk &chunk, int t, int m, int unit, const States &next, const Output &y, const Values<WIDE> &h) {
    write(next.row(m) + unit, h);
    if (y.sequence != nullptr) {
        write(y.sequence + (chunk.offsets[t] + m) * y.pitch + unit, h);
    }
    if (y.last != nullptr && m >= chunk.active[t + 1]) {
        write(y.last + chunk.order[m] * y.pitch + unit, h);
    }
}

// LSTM: a group is the gates i, f, c, o of one unit.
template <int FEATURES, int UNITS, Activation ACTIVATION, Activation RECURRENT> struct Lstm {
    using Sums = Parts<FEATURES, ALL, UNITS, ALL>;
    static constexpr int GROUPS = UNITS;

    template <bool FAST, int WIDE>
    static __device__ __forceinline__ void finish(
        const Chunk &chunk, int t, int m, int group, const float (&z)[WIDE][4], const States &, const States &next,
        float *c, const Output &y) {
        float *own = c + (chunk.rows[m] >> 1) * next.pitch + group;
        Values<WIDE> cells = read<WIDE>(own), h;
#pragma unroll
        for (int k = 0; k < WIDE; k++) {
            float i = activated<RECURRENT, FAST>(z[k][0]);
            float f = activated<RECURRENT, FAST>(z[k][1]);
            float g = activated<ACTIVATION, FAST>(z[k][2]);
            float o = activated<RECURRENT, FAST>(z[k][3]);
            float cell = __fmaf_rn(f, cells.v[k], i * g);
            cells.v[k] = canonical(cell);
            h.v[k] = canonical(o * activated<ACTIVATION, FAST>(cell));
        }
        write(own, cells);
        emit(chunk, t, m, group, next, y, h);
    }
};

// GRU with reset_after: a group is z, r, and the input's and the state's part of the candidate.
template <int FEATURES, int UNITS, Activation ACTIVATION, Activation RECURRENT> struct Gru {
    using Sums = Parts<FEATURES, 7, UNITS, 11>;
    static constexpr int GROUPS = UNITS;

    template <bool FAST, int WIDE>
    static __device__ __forceinline__ void finish(
        const Chunk &chunk, int t, int m, int group, const float (&sums)[WIDE][4], const States &before,
        const States &next, float *, const Output &y) {
        Values<WIDE> h = read<WIDE>(before.row(m) + group);
#pragma unroll
        for (int k = 0; k < WIDE; k++) {
            float z = activated<RECURRENT, FAST>(sums[k][0]);
            float r = activated<RECURRENT, FAST>(sums[k][1]);
            float n = activated<ACTIVATION, FAST>(__fmaf_rn(r, sums[k][3], sums[k][2]));
            h.v[k] = canonical(__fmaf_rn(z, h.v[k] - n, n));
        }
        emit(chunk, t, m, group, next, y, h);
    }
};

// SimpleRNN: a group is four units.
template <int FEATURES, int UNITS, Activation ACTIVATION> struct SimpleRnn {
    using Sums = Parts<FEATURES, ALL, UNITS, ALL>;
    static constexpr int GROUPS = (UNITS + 3) / 4;

    template <bool FAST, int WIDE>
    static __device__ __forceinline__ void finish(
        const Chunk &chunk, int t, int m, int group, const float (&z)[WIDE][4], const States &, const States &next,
        float *, const Output &y) {
#pragma unroll
        for (int k = 0; k < WIDE; k++) {
            if (group + k < GROUPS) {
                Values<4> h;
#pragma unroll
                for (int c = 0; c < 4; c++) {
                    h.v[c] = canonical(activated<ACTIVATION, FAST>(z[k][c]));
                }
                emit(chunk, t, m, (group + k) * 4, next, y, h);
            }
        }
    }
};

// All tiles of one product: body(first row, tile of groups) for each that this block has.
template <class Product, int GROUPS, class F> __device__ __forceinline__ void tiles(int rows, const F &body) {
    constexpr int WIDTH = (GROUPS + Product::GROUPS - 1) / Product::GROUPS;
    int count = (rows + Product::ROWS - 1) / Product::ROWS * WIDTH;
    for (int tile = blockIdx.x; tile < count; tile += gridDim.x) {
        body(tile / WIDTH * Product::ROWS, tile % WIDTH);
    }
}

// A layer whose timestep is one product.
template <class Cell, class Product>
__device__ __forceinline__ void advance(
    const float *weights, const float4 *bias, const Sequence &x, const States &h, float *c, const Chunk &chunk,
    const Output &y, unsigned long long *arrived, unsigned long long expected) {
    for (int t = 0; t < chunk.steps; t++) {
        int rows = chunk.active[t];
        Sequence inputs = {x.row(0) + chunk.offsets[t] * x.pitch, x.pitch};
        States before = h, next = h;
        before.version = t;
        next.version = t + 1;
        tiles<Product, Cell::GROUPS>(rows, [&](int from, int tile) {
            Product product;
            product.template run<typename Cell::Sums>(weights, bias, tile, inputs, before, from, rows);
            product.finish([&](int row, int group, const auto &z) {
                group += tile * Product::GROUPS;
                if (from + row < rows && group < Cell::GROUPS) {
                    Cell::template finish<Product::FAST>(chunk, t, from + row, group, z, before, next, c, y);
                }
            });
        });
        if (t + 1 < chunk.steps) {
            expected += gridDim.x;
            wait_for_blocks(arrived, expected);
        }
    }
}

// GRU with reset before: first z and r, two units in a group, then the candidate of what r lets through.
template <int FEATURES, int UNITS, Activation ACTIVATION, Activation RECURRENT> struct GruBefore {
    using Sums = Parts<FEATURES, ALL, UNITS, ALL>; // of the gates, and of the candidate
    static constexpr int GATE_GROUPS = (UNITS + 1) / 2;
    static constexpr int GROUPS = (UNITS + 3) / 4;

    template <bool FAST> static __device__ __forceinline__ float gate(float z) { return activated<RECURRENT, FAST>(z); }
    template <bool FAST> static __device__ __forceinline__ float candidate(float z) {
        return activated<ACTIVATION, FAST>(z);
    }
};

template <class Cell, class Product>
__device__ __forceinline__ void advance_before(
    const float *gate_weights, const float4 *gate_bias, const float *weights, const float4 *bias, const Sequence &x,
    const States &h, float *update, float *heard, const Chunk &chunk, const Output &y, unsigned long long *arrived,
    unsigned long long expected) {
    for (int t = 0; t < chunk.steps; t++) {
        int rows = chunk.active[t];
        Sequence inputs = {x.row(0) + chunk.offsets[t] * x.pitch, x.pitch};
        Sequence let = {heard, h.pitch};
        States before = h, next = h;
        before.version = t;
        next.version = t + 1;
        tiles<Product, Cell::GATE_GROUPS>(rows, [&](int from, int tile) {
            Product product;
            product.template run<typename Cell::Sums>(gate_weights, gate_bias, tile, inputs, before, from, rows);
            product.finish([&](int row, int group, const auto &z) {
                group += tile * Product::GROUPS;
                int m = from + row;
                if (m < rows && group < Cell::GATE_GROUPS) {
#pragma unroll
                    for (int k = 0; k < Product::WIDE; k++) {
#pragma unroll
                        for (int u = 0; u < 2; u++) {
                            int unit = (group + k) * 2 + u;
                            if (unit < h.pitch) {
                                update[m * h.pitch + unit] = Cell::template gate<Product::FAST>(z[k][2 * u]);
                                heard[m * h.pitch + unit] =
                                    Cell::template gate<Product::FAST>(z[k][2 * u + 1]) * __ldcg(before.row(m) + unit);
                            }
                        }
                    }
                }
            });
        });
        expected += gridDim.x;
        wait_for_blocks(arrived, expected);
        tiles<Product, Cell::GROUPS>(rows, [&](int from, int tile) {
            Product product;
            product.template run<typename Cell::Sums>(weights, bias, tile, inputs, let, from, rows);
            product.finish([&](int row, int group, const auto &z) {
                group += tile * Product::GROUPS;
                int m = from + row;
#pragma unroll
                for (int k = 0; k < Product::WIDE; k++) {
                    if (m < rows && group + k < Cell::GROUPS) {
                        int unit = (group + k) * 4;
                        Values<4> state = read<4>(before.row(m) + unit);
                        Values<4> gate = read<4>(update + m * h.pitch + unit);
#pragma unroll
                        for (int u = 0; u < 4; u++) {
                            float n = Cell::template candidate<Product::FAST>(z[k][u]);
                            state.v[u] = canonical(__fmaf_rn(gate.v[u], state.v[u] - n, n));
                        }
                        emit(chunk, t, m, unit, next, y, state);
                    }
                }
            });
        });
        if (t + 1 < chunk.steps) {
            expected += gridDim.x;
            wait_for_blocks(arrived, expected);
        }
    }
}

#define RECURRENT_LAYER(NAME, CELL, PRODUCT, BLOCKS)                                                                    \
    extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) NAME(                                                 \
        const float *weights, const float4 *bias, const float *x, long long x_pitch, float *h, long long h_pitch,       \
        long long slots, float *c, const int *rows, const int *order, const int *active, const long long *offsets,      \
        long long steps, float *sequence, float *last, unsigned long long *arrived, unsigned long long expected) {      \
        advance<CELL, PRODUCT>(                                                                                         \
            weights, bias, Sequence{x, x_pitch}, States{h, h_pitch, slots, rows, 0}, c,                                 \
            Chunk{rows, order, active, offsets, steps}, Output{sequence, last, h_pitch}, arrived, expected);            \
    }

#define GRU_RESET_BEFORE(NAME, CELL, PRODUCT, BLOCKS)                                                                   \
    extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) NAME(                                                 \
        const float *gate_weights, const float4 *gate_bias, const float *weights, const float4 *bias, const float *x,   \
        long long x_pitch, float *h, long long h_pitch, long long slots, float *update, float *heard, const int *rows,  \
        const int *order, const int *active, const long long *offsets, long long steps, float *sequence, float *last,   \
        unsigned long long *arrived, unsigned long long expected) {                                                     \
        advance_before<CELL, PRODUCT>(                                                                                  \
            gate_weights, gate_bias, weights, bias, Sequence{x, x_pitch}, States{h, h_pitch, slots, rows, 0}, update,   \
            heard, Chunk{rows, order, active, offsets, steps}, Output{sequence, last, h_pitch}, arrived, expected);     \
    }
