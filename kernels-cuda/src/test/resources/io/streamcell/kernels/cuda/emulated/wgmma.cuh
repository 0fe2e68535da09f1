// The interface of wgmma.cuh, emulated: weights are described by their address.
#pragma once
#include "device.cuh"

inline void show_to_tensor_cores() {}
inline void begin_products(float *) {}
inline void end_products(float *) {}
inline unsigned long long describe_weights(const float *at) { return reinterpret_cast<unsigned long long>(at); }

inline void multiply_group_bf16(float *d, const unsigned (&a)[4], unsigned long long weights) {
    auto *at = reinterpret_cast<const char *>(weights);
    emulated::multiply<16>(d, a, 256, [at](int k, int n) {
        uint16_t bits;
        memcpy(&bits, at + k / 8 * 4096 + n / 8 * 128 + n % 8 * 16 + k % 8 * 2, 2);
        return emulated::of_bf16(bits, 0);
    });
}

inline void multiply_group_tf32(float *d, const unsigned (&a)[4], unsigned long long weights) {
    auto *at = reinterpret_cast<const char *>(weights);
    emulated::multiply<8>(d, a, 256, [at](int k, int n) {
        float value;
        memcpy(&value, at + k / 4 * 4096 + n / 8 * 128 + n % 8 * 16 + k % 4 * 4, 4);
        return value;
    });
}
