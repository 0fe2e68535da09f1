// Matrix products as Tensor computes them, by warp groups: a group of four warps holds 64 rows by all 64 groups of
// columns, a thread two rows. The weights of 16 values of k (8 in tf32) are packed in cores of 8 columns by 16 bytes.
#pragma once
#include "tensor.cuh"
#include "wgmma.cuh"

template <Precision PRECISION, int STAGES> struct WarpGroup : Staged<PRECISION, STAGES> {
    using S = Staged<PRECISION, STAGES>;
    using S::lane;
    using S::place;

    // [tile of 8 columns][two rows by two columns]
    float sums[128];

    static __device__ __forceinline__ int warp_row() { return threadIdx.x / LANES * 16; }

    template <class P, class A, class B>
    __device__ __forceinline__ void run(
        const float *weights, const float4 *bias, int tile, const A &first, const B &second, int from, int rows) {
        start(bias + tile * S::GROUPS);
        S::template each_stage<P>(
            weights, tile, first, second, from, rows, [] { show_to_tensor_cores(); },
            [&](const float *stage) { add(stage); });
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
        constexpr int STEPS = PRECISION == BF16 ? 2 : 4;
        unsigned a[STEPS][4];
#pragma unroll
        for (int k = 0; k < S::DEPTH / 16; k++) {
#pragma unroll
            for (int half = 0; half < 2; half++) {
                int r = warp_row() + 8 * half + (lane() >> 2);
                float4 v = *reinterpret_cast<const float4 *>(stage + place(r, k * 4 + (lane() & 3)));
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
            unsigned long long weights = describe_weights(stage + k * (S::WEIGHTS / STEPS));
            if constexpr (PRECISION == BF16) {
                multiply_group_bf16(sums, a[k], weights);
            } else {
                multiply_group_tf32(sums, a[k], weights);
            }
        }
        end_products(sums);
    }
};
