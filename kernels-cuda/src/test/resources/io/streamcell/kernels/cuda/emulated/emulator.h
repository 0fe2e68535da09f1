// CUDA's execution model on one thread of the CPU: every CUDA thread is a fiber, resumed in random order, so that a
// barrier that is missing shows. Copies that are asynchronous on a device happen as late as they may.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace emulated {
struct Index {
    unsigned x, y;
};

// What the running CUDA thread sees.
struct Thread {
    Index thread, block;
    unsigned lane;
    float *shared;
    uint32_t (*exchange)[8]; // [32], of its warp
};

extern Thread *current;
extern Index grid;

void sync_block();
void sync_warp();
void yield();
void copy(void *to, const void *from, int bytes, int zeros);
void end_copies();
void wait_for_copies(int latest);
} // namespace emulated

struct alignas(16) float4 {
    float x, y, z, w;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __syncthreads emulated::sync_block
#define threadIdx emulated::current->thread
#define blockIdx emulated::current->block
#define gridDim emulated::grid
constexpr emulated::Index blockDim = {256, 1};

inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int min(int a, int b) { return a < b ? a : b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
inline int __float_as_int(float x) {
    int i;
    memcpy(&i, &x, 4);
    return i;
}
inline float __int_as_float(int i) {
    float x;
    memcpy(&x, &i, 4);
    return x;
}
template <class T> T __ldcg(const T *from) { return *from; }
