// The interface of device.cuh, emulated.
#pragma once
#include "emulator.h"

constexpr int THREADS = 256;
constexpr int LANES = 32;

inline float *shared_memory() { return emulated::current->shared; }
inline void copy16(void *to, const void *from, int bytes) { emulated::copy(to, from, bytes, 16 - bytes); }
inline void copy4(float *to, const float *from) { emulated::copy(to, from, 4, 0); }
inline void end_copies() { emulated::end_copies(); }
template <int LATEST> void wait_for_copies() { emulated::wait_for_copies(LATEST); }

inline void wait_for_blocks(unsigned long long *arrived, unsigned long long expected) {
    __syncthreads();
    if (threadIdx.x == 0) {
        ++*arrived;
        while (*arrived < expected) {
            emulated::yield();
        }
    }
    __syncthreads();
}

inline float nearly_reciprocal(float x) { return 1 / x; }
inline float nearly_exp2(float x) { return exp2f(x); }

inline unsigned to_bf16(float value) {
    unsigned bits = __float_as_int(value);
    return value != value ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
inline unsigned to_bf16(float first, float second) { return to_bf16(first) | to_bf16(second) << 16; }
inline unsigned to_tf32(float value) {
    unsigned bits = __float_as_int(value);
    return std::isfinite(value) ? (bits + 0x1000) & 0xffffe000 : bits;
}

namespace emulated {
inline float of_bf16(unsigned pair, int half) { return __int_as_float((pair >> (16 * half) & 0xffff) << 16); }

// One value of a, spread over the lanes of this warp as mma wants it.
template <int K> float a_value(int row, int k) {
    int g = row % 8, high = row / 8;
    if (K == 16) {
        return of_bf16(current->exchange[g * 4 + k % 8 / 2][high + k / 8 * 2], k % 2);
    }
    return __int_as_float(current->exchange[g * 4 + k % 4][high + k / 4 * 2]);
}

// sums[4] of every 8 columns from `n` on += a's rows times weight(k, n).
template <int K, class W> void multiply(float *sums, const unsigned (&a)[4], int columns, const W &weight) {
    memcpy(current->exchange[current->lane], a, sizeof a);
    sync_warp();
    for (int n = 0; n < columns; n += 8) {
        for (int r = 0; r < 4; r++) {
            float sum = sums[n / 2 + r];
            int row = current->lane / 4 + r / 2 * 8, column = n + current->lane % 4 * 2 + r % 2;
            for (int k = 0; k < K; k++) {
                sum += a_value<K>(row, k) * weight(k, column);
            }
            sums[n / 2 + r] = sum;
        }
    }
    sync_warp();
}
} // namespace emulated

inline void multiply_bf16(float (&sums)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    auto &own = emulated::current->exchange[emulated::current->lane];
    own[4] = b0;
    own[5] = b1;
    emulated::multiply<16>(sums, a, 8, [](int k, int n) {
        return emulated::of_bf16(emulated::current->exchange[n * 4 + k % 8 / 2][4 + k / 8], k % 2);
    });
}

inline void multiply_tf32(float (&sums)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    auto &own = emulated::current->exchange[emulated::current->lane];
    own[4] = b0;
    own[5] = b1;
    emulated::multiply<8>(sums, a, 8, [](int k, int n) {
        return __int_as_float(emulated::current->exchange[n * 4 + k % 4][4 + k / 4]);
    });
}
