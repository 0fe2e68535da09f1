// Matrix products on tensor cores: operands rounded to tf32 or bfloat16, sums in float32, in one order whatever the
// batch. Tiles are of 128 rows by 64 groups of four columns; a warp holds 64 rows by 16 groups.
//
// Within 16 values of k, lane t of four takes k = 4t..4t+3, which a product may do since both operands do. Weights are
// packed so that each lane reads 16 bytes: bfloat16 [k/16][pair of column tiles][lane][8], tf32 [k/16][column tile][lane][4].
#pragma once
#include "device.cuh"
#include "product.cuh"

enum Precision { TF32, BF16 };

// How operands come to shared memory: weights as they are packed, and behind them rows of float32, which are rounded when
// they are multiplied.
template <Precision PRECISION, int STAGES> struct Staged {
    static constexpr bool FAST = true;
    static constexpr int ROWS = 128;
    static constexpr int GROUPS = 64;
    static constexpr int DEPTH = 32;
    static constexpr int WIDE = 4;
    static constexpr int WEIGHTS = DEPTH * GROUPS * 4 / (PRECISION == BF16 ? 2 : 1); // in floats
    static constexpr int STAGE = WEIGHTS + ROWS * DEPTH;

    static __device__ __forceinline__ int lane() { return threadIdx.x % LANES; }

    // Where 16 bytes of a row lie in a stage: neighbouring rows take opposite halves of the banks.
    static __device__ __forceinline__ int place(int row, int quad) {
        return WEIGHTS + row * DEPTH + ((quad ^ (row & 1) << 2) << 2);
    }

    // Stage after stage of a tile: ready() for each thread whose copies came, then add(stage) when all threads' did.
    template <class P, class A, class B, class Ready, class Add>
    static __device__ __forceinline__ void each_stage(
        const float *weights, int tile, const A &first, const B &second, int from, int rows, const Ready &ready,
        const Add &add) {
        constexpr int N1 = (P::FIRST + DEPTH - 1) / DEPTH, N2 = (P::SECOND + DEPTH - 1) / DEPTH, N = N1 + N2;
        constexpr int COPIES = ROWS * DEPTH / 4 / THREADS;
        float *shared = shared_memory();
        weights += static_cast<long long>(tile) * N * WEIGHTS + threadIdx.x * 4;

        const int quad = threadIdx.x & 7;
        const float *at1[COPIES];
        const float *at2[COPIES];
#pragma unroll
        for (int i = 0; i < COPIES; i++) {
            int m = min(from + static_cast<int>(threadIdx.x >> 3) + i * (THREADS / 8), rows - 1);
            at1[i] = first.row(m) + quad * 4;
            at2[i] = N2 > 0 ? second.row(m) + quad * 4 : nullptr;
        }
        auto load = [&](int chunk, int stage) {
            float *to = shared + stage * STAGE;
            bool one = chunk < N1;
            int k = (one ? chunk : chunk - N1) * DEPTH;
            int left = (one ? P::FIRST : P::SECOND) - k - quad * 4;
            int bytes = left >= 4 ? 16 : left > 0 ? left * 4 : 0;
#pragma unroll
            for (int i = 0; i < COPIES; i++) {
                int r = (threadIdx.x >> 3) + i * (THREADS / 8);
                const float *v = one ? at1[i] : at2[i];
                copy16(to + place(r, quad), bytes > 0 ? v + k : v - quad * 4, bytes);
            }
#pragma unroll
            for (int i = 0; i < WEIGHTS / 4 / THREADS; i++) {
                copy16(to + (threadIdx.x + i * THREADS) * 4, weights + chunk * WEIGHTS + i * THREADS * 4, 16);
            }
        };
#pragma unroll
        for (int stage = 0; stage < STAGES - 1; stage++) {
            if (stage < N) {
                load(stage, stage);
            }
            end_copies();
        }
        int stage = 0;
#pragma unroll 1
        for (int chunk = 0; chunk < N; chunk++) {
            wait_for_copies<STAGES - 2>();
            ready();
            __syncthreads();
            int next = chunk + STAGES - 1;
            if (next < N) {
                load(next, stage == 0 ? STAGES - 1 : stage - 1);
            }
            end_copies();
            add(shared + stage * STAGE);
            stage = stage + 1 == STAGES ? 0 : stage + 1;
        }
        __syncthreads(); // the next tile's copies may begin
    }
};

template <Precision PRECISION, int STAGES> struct Tensor : Staged<PRECISION, STAGES> {
    using S = Staged<PRECISION, STAGES>;
    using S::lane;
    using S::place;

    // [rows of 16][pair of column tiles][columns 0, 1 or 2, 3 of the groups][sums of mma]
    float sums[4][4][2][4];

    static __device__ __forceinline__ int warp_row() { return (threadIdx.x / LANES & 1) * 64; }
    static __device__ __forceinline__ int warp_group() { return (threadIdx.x / LANES >> 1) * 16; }

    template <class P, class A, class B>
    __device__ __forceinline__ void run(
        const float *weights, const float4 *bias, int tile, const A &first, const B &second, int from, int rows) {
        start(bias + tile * S::GROUPS);
        S::template each_stage<P>(
            weights, tile, first, second, from, rows, [] {}, [&](const float *stage) { add(stage); });
    }

    template <class F> __device__ __forceinline__ void finish(const F &f) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                float z[4][4];
#pragma unroll
                for (int p = 0; p < 4; p++) {
#pragma unroll
                    for (int c = 0; c < 4; c++) {
                        z[p][c] = sums[i][p][c >> 1][half * 2 + (c & 1)];
                    }
                }
                f(warp_row() + 16 * i + 8 * half + (lane() >> 2), warp_group() + (lane() & 3) * 4, z);
            }
        }
    }

  private:
    __device__ __forceinline__ void start(const float4 *bias) {
#pragma unroll
        for (int p = 0; p < 4; p++) {
            float4 b = bias[warp_group() + (lane() & 3) * 4 + p];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                sums[i][p][0][0] = sums[i][p][0][2] = b.x;
                sums[i][p][0][1] = sums[i][p][0][3] = b.y;
                sums[i][p][1][0] = sums[i][p][1][2] = b.z;
                sums[i][p][1][1] = sums[i][p][1][3] = b.w;
            }
        }
    }

    __device__ __forceinline__ void add(const float *stage) {
        const float *b = stage;
        const int pair = warp_group() / 4; // the warp's first pair of column tiles
#pragma unroll
        for (int k = 0; k < S::DEPTH / 16; k++) {
            float4 v[4][2];
#pragma unroll
            for (int i = 0; i < 4; i++) {
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    int r = warp_row() + 16 * i + 8 * half + (lane() >> 2);
                    v[i][half] = *reinterpret_cast<const float4 *>(stage + place(r, k * 4 + (lane() & 3)));
                }
            }
            if constexpr (PRECISION == BF16) {
                unsigned a[4][4];
#pragma unroll
                for (int i = 0; i < 4; i++) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        a[i][half] = to_bf16(v[i][half].x, v[i][half].y);
                        a[i][2 + half] = to_bf16(v[i][half].z, v[i][half].w);
                    }
                }
#pragma unroll
                for (int p = 0; p < 4; p++) {
                    uint4 w = *reinterpret_cast<const uint4 *>(b + ((k * 16 + pair + p) * LANES + lane()) * 4);
#pragma unroll
                    for (int i = 0; i < 4; i++) {
                        multiply_bf16(sums[i][p][0], a[i], w.x, w.y);
                        multiply_bf16(sums[i][p][1], a[i], w.z, w.w);
                    }
                }
            } else {
                unsigned a[4][2][4];
#pragma unroll
                for (int i = 0; i < 4; i++) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        a[i][0][half] = to_tf32(v[i][half].x);
                        a[i][0][2 + half] = to_tf32(v[i][half].y);
                        a[i][1][half] = to_tf32(v[i][half].z);
                        a[i][1][2 + half] = to_tf32(v[i][half].w);
                    }
                }
#pragma unroll
                for (int p = 0; p < 4; p++) {
                    const float *at = b + ((k * 32 + (pair + p) * 2) * LANES + lane()) * 4;
                    uint4 w[2] = {
                        *reinterpret_cast<const uint4 *>(at), *reinterpret_cast<const uint4 *>(at + LANES * 4)};
                    // A sum's two additions stand apart, since each takes a while.
#pragma unroll
                    for (int j = 0; j < 2; j++) {
#pragma unroll
                        for (int i = 0; i < 4; i++) {
                            multiply_tf32(sums[i][p][j], a[i][0], w[j].x, w[j].y);
                        }
                    }
#pragma unroll
                    for (int j = 0; j < 2; j++) {
#pragma unroll
                        for (int i = 0; i < 4; i++) {
                            multiply_tf32(sums[i][p][j], a[i][1], w[j].z, w[j].w);
                        }
                    }
                }
            }
        }
    }
};
