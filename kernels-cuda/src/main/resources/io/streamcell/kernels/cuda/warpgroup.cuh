// Matrix products as Tensor computes them, by warp groups: a group of four warps holds 64 rows by all 64 groups of
// columns, a thread two rows. The weights of 16 values of k (8 in tf32) are packed in cores of 8 columns by 16 bytes.
#pragma once
#include "tensor.cuh"
#include "wgmma.cuh"

template <Precision PRECISION, int STAGES> struct WarpGroup {
    static constexpr bool FAST = true;
    static constexpr int ROWS = 128;
    static constexpr int GROUPS = 64;
    static constexpr int DEPTH = 32;
    static constexpr int WIDE = 4;
    static constexpr int WEIGHTS = DEPTH * GROUPS * 4 / (PRECISION == BF16 ? 2 : 1); // in floats
    static constexpr int STAGE = ROWS * DEPTH + WEIGHTS;

    // [tile of 8 columns][two rows by two columns]
    float sums[128];

    static __device__ __forceinline__ int lane() { return threadIdx.x % LANES; }
    static __device__ __forceinline__ int warp_row() { return threadIdx.x / LANES * 16; }

    // Weights before inputs: the tensor cores want them at whole 128 bytes.
    template <class P, class A, class B>
    __device__ __forceinline__ void run(
        const float *weights, const float4 *bias, int tile, const A &first, const B &second, int from, int rows) {
        constexpr int N1 = (P::FIRST + DEPTH - 1) / DEPTH, N2 = (P::SECOND + DEPTH - 1) / DEPTH, N = N1 + N2;
        constexpr int COPIES = ROWS * DEPTH / 4 / THREADS;
        using Place = Tensor<PRECISION, STAGES>;
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
                copy16(to + WEIGHTS + Place::place(r, quad), bytes > 0 ? v + k : v - quad * 4, bytes);
            }
#pragma unroll
            for (int i = 0; i < WEIGHTS / 4 / THREADS; i++) {
                copy16(to + (threadIdx.x + i * THREADS) * 4, weights + chunk * WEIGHTS + i * THREADS * 4, 16);
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
#pragma unroll 1
        for (int chunk = 0; chunk < N; chunk++) {
            wait_for_copies<STAGES - 2>();
            show_to_tensor_cores();
            __syncthreads();
            int next = chunk + STAGES - 1;
            if (next < N) {
                load(next, stage == 0 ? STAGES - 1 : stage - 1);
            }
            end_copies();
            add(shared + stage * STAGE);
            stage = stage + 1 == STAGES ? 0 : stage + 1;
        }
        __syncthreads();
    }

    template <class F> __device__ __forceinline__ void finish(const F &f) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
#pragma unroll
            for (int w = 0; w < 4; w++) {
                float z[4][4];
#pragma unroll
                for (int p = 0; p < 4; p++) {
#pragma unroll
                    for (int c = 0; c < 4; c++) {
                        z[p][c] = sums[((w * 4 + p) * 2 + (c >> 1)) * 4 + half * 2 + (c & 1)];
                    }
                }
                f(warp_row() + 8 * half + (lane() >> 2), w * 16 + (lane() & 3) * 4, z);
            }
        }
    }

  private:
    __device__ __forceinline__ void start(const float4 *bias) {
#pragma unroll
        for (int w = 0; w < 4; w++) {
#pragma unroll
            for (int p = 0; p < 4; p++) {
                float4 b = bias[w * 16 + (lane() & 3) * 4 + p];
                float *s = sums + (w * 4 + p) * 8;
                s[0] = s[2] = b.x;
                s[1] = s[3] = b.y;
                s[4] = s[6] = b.z;
                s[5] = s[7] = b.w;
            }
        }
    }

    __device__ __forceinline__ void add(const float *stage) {
        using Place = Tensor<PRECISION, STAGES>;
        constexpr int STEPS = PRECISION == BF16 ? 2 : 4;
        unsigned a[STEPS][4];
#pragma unroll
        for (int k = 0; k < DEPTH / 16; k++) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int r = warp_row() + 8 * half + (lane() >> 2);
                float4 v = *reinterpret_cast<const float4 *>(stage + WEIGHTS + Place::place(r, k * 4 + (lane() & 3)));
                if constexpr (PRECISION == BF16) {
                    a[k][half] = to_bf16(v.x, v.y);
                    a[k][2 + half] = to_bf16(v.z, v.w);
                } else {
                    a[2 * k][half] = to_tf32(v.x);
                    a[2 * k][2 + half] = to_tf32(v.y);
                    a[2 * k + 1][half] = to_tf32(v.z);
                    a[2 * k + 1][2 + half] = to_tf32(v.w);
                }
            }
        }
        begin_products(sums);
#pragma unroll
        for (int k = 0; k < STEPS; k++) {
            unsigned long long weights = describe_weights(stage + k * (WEIGHTS / STEPS));
            if constexpr (PRECISION == BF16) {
                multiply_group_bf16(sums, a[k], weights);
            } else {
                multiply_group_tf32(sums, a[k], weights);
            }
        }
        end_products(sums);
    }
};
