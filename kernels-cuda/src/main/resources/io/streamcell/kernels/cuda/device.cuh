// What the kernels ask of the device beyond plain CUDA C++: asynchronous copies, tensor cores, a barrier of all blocks.
#pragma once

constexpr int THREADS = 256;
constexpr int LANES = 32;

__device__ __forceinline__ float *shared_memory() {
    extern __shared__ float4 pool[];
    return reinterpret_cast<float *>(pool);
}

// Copies 16 bytes to shared memory, of which those from `bytes` on become 0. It reads what other blocks wrote before the
// last barrier, so it goes past the first-level cache.
__device__ __forceinline__ void copy16(void *to, const void *from, int bytes) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to))), "l"(from), "r"(bytes));
#else
    float4 v = __ldcg(static_cast<const float4 *>(from));
    v.x = bytes >= 4 ? v.x : 0;
    v.y = bytes >= 8 ? v.y : 0;
    v.z = bytes >= 12 ? v.z : 0;
    v.w = bytes >= 16 ? v.w : 0;
    *static_cast<float4 *>(to) = v;
#endif
}

// Copies 4 bytes to shared memory. The first-level cache may hold them, which the barrier of all blocks empties.
__device__ __forceinline__ void copy4(float *to, const float *from) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4;"
                 :
                 : "r"(static_cast<unsigned>(__cvta_generic_to_shared(to))), "l"(from));
#else
    *to = __ldcg(from);
#endif
}

// Ends a group of copies of this thread.
__device__ __forceinline__ void end_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;");
#endif
}

// Waits until at most LATEST groups of this thread's copies are under way.
template <int LATEST> __device__ __forceinline__ void wait_for_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" : : "n"(LATEST) : "memory");
#endif
}

// Waits for all blocks of a cooperative launch. `arrived` only grows, to `expected` here.
__device__ __forceinline__ void wait_for_blocks(unsigned long long *arrived, unsigned long long expected) {
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(arrived, 1ull);
        while (*static_cast<volatile unsigned long long *>(arrived) < expected) {
            __nanosleep(20);
        }
        __threadfence();
    }
    __syncthreads();
}

// 1/x, 2^x, within 2 ulp or so.
__device__ __forceinline__ float nearly_reciprocal(float x) {
    float y;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

__device__ __forceinline__ float nearly_exp2(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// Two floats as bfloat16, rounded to nearest even; the first in the low half.
__device__ __forceinline__ unsigned to_bf16(float first, float second) {
    unsigned pair = 0;
#if __CUDA_ARCH__ >= 800
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
#endif
    return pair;
}

// A float as tf32, rounded to nearest, halves away from zero.
__device__ __forceinline__ unsigned to_tf32(float value) {
    unsigned rounded = 0;
#if __CUDA_ARCH__ >= 800
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(value));
#endif
    return rounded;
}

// sums += ab for a [16, 16] and b [16, 8] in bfloat16, spread over a warp as the PTX manual says of mma.m16n8k16.
__device__ __forceinline__ void multiply_bf16(float (&sums)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
}

// The same for a [16, 8] and b [8, 8] in tf32, mma.m16n8k8.
__device__ __forceinline__ void multiply_tf32(float (&sums)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
#if __CUDA_ARCH__ >= 800
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
}
