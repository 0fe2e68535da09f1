// Matrix products of a block: rows that lie anywhere times packed weights, in float32 and in the order of ARITHMETIC:
// each sum starts from its bias and takes k ascending, the input's part first, then the state's.
//
// A tile is ROWS rows by GROUPS groups of four columns; a group is what one thread needs together (the four gates of a
// unit, or four units). Weights are packed per tile of groups: [k][group][4], each part's k padded to DEPTH.
#pragma once
#include "device.cuh"

// One operand: rows of a sequence or scratch memory, one after another.
struct Sequence {
    const float *values;
    long long pitch;
    __device__ __forceinline__ const float *row(int m) const { return values + m * pitch; }
};

// Which columns of a group a part of the sum reaches: bit c for column c.
constexpr int ALL = 15;

// What a product multiplies: K1 values of a row of the first part, then K2 of the second (0 for none).
template <int K1, int MASK1, int K2, int MASK2> struct Parts {
    static constexpr int FIRST = K1, SECOND = K2;
    static constexpr int FIRST_MASK = MASK1, SECOND_MASK = MASK2;
};

// Exact products: a thread holds TM rows by two groups.
template <int TM, int STAGES> struct Exact {
    static constexpr bool FAST = false;
    static constexpr int ROWS = 16 * TM;
    static constexpr int GROUPS = 32;
    static constexpr int DEPTH = 16;
    static constexpr int WIDE = 1; // neighbouring groups that a thread finishes together
    static constexpr int NEAR = TM < 4 ? TM : 4; // neighbouring rows that a thread reads together
    static constexpr int PITCH = ROWS + 4;       // rows stand beside each other in shared memory: [k][row]
    static constexpr int INPUTS = DEPTH * PITCH;
    static constexpr int WEIGHTS = DEPTH * GROUPS * 4;
    static constexpr int STAGE = INPUTS + WEIGHTS;

    float sums[TM][2][4];

    // Threads of a warp take four by eight of the tile's sixteen by sixteen.
    static __device__ __forceinline__ int row() { return ((threadIdx.x >> 6) * 4 + (threadIdx.x % LANES >> 3)) * NEAR; }
    static __device__ __forceinline__ int group() { return (threadIdx.x >> 5 & 1) * 8 + (threadIdx.x & 7); }

    // Rows from `from` on, below `rows`; groups of tile `tile`. Leaves the sums with the threads.
    template <class P, class A, class B>
    __device__ __forceinline__ void run(
        const float *weights, const float4 *bias, int tile, const A &first, const B &second, int from, int rows) {
        constexpr int N1 = (P::FIRST + DEPTH - 1) / DEPTH, N2 = (P::SECOND + DEPTH - 1) / DEPTH, N = N1 + N2;
        const int k = threadIdx.x % DEPTH;
        const int r = threadIdx.x / DEPTH;
        // Where the tile's rows lie, behind the stages.
        const float **at = reinterpret_cast<const float **>(shared_memory() + STAGES * STAGE);
        weights += static_cast<long long>(tile) * N * WEIGHTS + threadIdx.x * 4;

        for (int i = threadIdx.x; i < ROWS; i += THREADS) {
            int m = min(from + i, rows - 1);
            at[i] = first.row(m);
            if (N2 > 0) {
                at[ROWS + i] = second.row(m);
            }
        }
        __syncthreads();
        auto load = [&](int chunk, int stage) {
            float *to = shared_memory() + stage * STAGE;
            bool one = chunk < N1;
            int begin = (one ? chunk : chunk - N1) * DEPTH + k;
            const float **row = one ? at : at + ROWS;
            if (begin < (one ? P::FIRST : P::SECOND)) {
#pragma unroll
                for (int i = 0; i < TM; i++) {
                    copy4(to + k * PITCH + r + 16 * i, row[r + 16 * i] + begin);
                }
            }
#pragma unroll
            for (int i = 0; i < WEIGHTS / 4 / THREADS; i++) {
                copy16(to + INPUTS + (threadIdx.x + i * THREADS) * 4, weights + chunk * WEIGHTS + i * THREADS * 4, 16);
            }
        };

        start(bias + tile * GROUPS);
#pragma unroll
        for (int stage = 0; stage < STAGES - 1; stage++) {
            if (stage < N) {
                load(stage, stage);
            }
            end_copies();
        }
        int stage = 0;
        auto turn = [&](int chunk, auto count, auto mask) {
            wait_for_copies<STAGES - 2>();
            __syncthreads();
            int next = chunk + STAGES - 1;
            if (next < N) {
                load(next, stage == 0 ? STAGES - 1 : stage - 1);
            }
            end_copies();
            add<decltype(count)::value, decltype(mask)::value>(shared_memory() + stage * STAGE);
            stage = stage + 1 == STAGES ? 0 : stage + 1;
        };
        part<P::FIRST, P::FIRST_MASK>(0, turn);
        if (N2 > 0) {
            part<P::SECOND, P::SECOND_MASK>(N1, turn);
        }
        __syncthreads(); // the next tile's copies may begin
    }

    // Hands out the sums: finish(row of the tile, group of the tile, sums of WIDE groups).
    template <class F> __device__ __forceinline__ void finish(const F &f) {
#pragma unroll
        for (int i = 0; i < TM; i++) {
#pragma unroll
            for (int j = 0; j < 2; j++) {
                float z[1][4];
#pragma unroll
                for (int c = 0; c < 4; c++) {
                    z[0][c] = sums[i][j][c];
                }
                f(row() + i / NEAR * 16 * NEAR + i % NEAR, group() + 16 * j, z);
            }
        }
    }

  private:
    template <int V> struct Constant {
        static constexpr int value = V;
    };

    template <int K, int MASK, class F> static __device__ __forceinline__ void part(int before, const F &turn) {
        constexpr int WHOLE = K / DEPTH;
#pragma unroll 1
        for (int chunk = 0; chunk < WHOLE; chunk++) {
            turn(before + chunk, Constant<DEPTH>(), Constant<MASK>());
        }
        if (K % DEPTH > 0) {
            turn(before + WHOLE, Constant<K % DEPTH>(), Constant<MASK>());
        }
    }

    __device__ __forceinline__ void start(const float4 *bias) {
#pragma unroll
        for (int j = 0; j < 2; j++) {
            float4 b = bias[group() + 16 * j];
#pragma unroll
            for (int i = 0; i < TM; i++) {
                sums[i][j][0] = b.x;
                sums[i][j][1] = b.y;
                sums[i][j][2] = b.z;
                sums[i][j][3] = b.w;
            }
        }
    }

    // NEAR rows' values at one k.
    static __device__ __forceinline__ void read_rows(const float *from, float *v) {
        if constexpr (NEAR == 4) {
            float4 four = *reinterpret_cast<const float4 *>(from);
            v[0] = four.x;
            v[1] = four.y;
            v[2] = four.z;
            v[3] = four.w;
        } else {
#pragma unroll
            for (int i = 0; i < NEAR; i++) {
                v[i] = from[i];
            }
        }
    }

    // COUNT values of k from one stage. A k beyond the last must not be added: fma(0, 0, -0) is +0.
    template <int COUNT, int MASK> __device__ __forceinline__ void add(const float *stage) {
        const float *a = stage + row();
        const float *b = stage + INPUTS + group() * 4;
#pragma unroll
        for (int k = 0; k < COUNT; k++) {
            float v[TM];
#pragma unroll
            for (int i = 0; i < TM; i += NEAR) {
                read_rows(a + k * PITCH + i * 16, v + i);
            }
            float4 w[2];
            w[0] = *reinterpret_cast<const float4 *>(b + k * GROUPS * 4);
            w[1] = *reinterpret_cast<const float4 *>(b + k * GROUPS * 4 + 64);
#pragma unroll
            for (int i = 0; i < TM; i++) {
#pragma unroll
                for (int j = 0; j < 2; j++) {
                    sums[i][j][0] = MASK & 1 ? __fmaf_rn(v[i], w[j].x, sums[i][j][0]) : sums[i][j][0];
                    sums[i][j][1] = MASK & 2 ? __fmaf_rn(v[i], w[j].y, sums[i][j][1]) : sums[i][j][1];
                    sums[i][j][2] = MASK & 4 ? __fmaf_rn(v[i], w[j].z, sums[i][j][2]) : sums[i][j][2];
                    sums[i][j][3] = MASK & 8 ? __fmaf_rn(v[i], w[j].w, sums[i][j][3]) : sums[i][j][3];
                }
            }
        }
    }
};
