/*
 * Vectors of LANES floats on the instruction set that this unit is compiled for, and the few operations on them that
 * exact arithmetic allows. Each rounds once, to nearest even; lanes never mix. lesser(x, y) is x < y ? x : y, and
 * greater(x, y) is x > y ? x : y, so where one is a NaN both are y; fused_less is x*y - z.
 */
#ifndef STREAMCELL_LANES_H
#define STREAMCELL_LANES_H

#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* The numbers of lanes, and some more. */
static const float COUNTS[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* Lets the compiler know nothing of a pointer's value. */
#define HIDE(pointer) __asm__("" : "+r"(pointer))

#if defined(__AVX512F__) && defined(__AVX512DQ__)

#include <immintrin.h>

#define LANES 16
typedef __m512 floats;
typedef __m512i ints;
typedef __mmask16 mask;

INLINE floats load(const float *from) { return _mm512_loadu_ps(from); }
INLINE void store(float *to, floats x) { _mm512_storeu_ps(to, x); }
INLINE floats all(float x) { return _mm512_set1_ps(x); }
INLINE ints all_ints(int32_t x) { return _mm512_set1_epi32(x); }
INLINE floats add(floats x, floats y) { return _mm512_add_ps(x, y); }
INLINE floats sub(floats x, floats y) { return _mm512_sub_ps(x, y); }
INLINE floats mul(floats x, floats y) { return _mm512_mul_ps(x, y); }
INLINE floats quotient(floats x, floats y) { return _mm512_div_ps(x, y); }
INLINE floats root(floats x) { return _mm512_sqrt_ps(x); }
INLINE floats fused(floats x, floats y, floats z) { return _mm512_fmadd_ps(x, y, z); }
INLINE floats fused_less(floats x, floats y, floats z) { return _mm512_fmsub_ps(x, y, z); }
/* The instructions give their second operand where one is a NaN. */
INLINE floats lesser(floats x, floats y) { return _mm512_min_ps(x, y); }
INLINE floats greater(floats x, floats y) { return _mm512_max_ps(x, y); }
INLINE mask less(floats x, floats y) { return _mm512_cmp_ps_mask(x, y, _CMP_LT_OQ); }
INLINE mask at_most(floats x, floats y) { return _mm512_cmp_ps_mask(x, y, _CMP_LE_OQ); }
INLINE mask is_nan(floats x) { return _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q); }
/* yes where the mask is set, else no. */
INLINE floats choose(mask m, floats yes, floats no) { return _mm512_mask_blend_ps(m, no, yes); }
INLINE ints bits(floats x) { return _mm512_castps_si512(x); }
INLINE floats as_floats(ints x) { return _mm512_castsi512_ps(x); }
INLINE floats from_ints(ints x) { return _mm512_cvtepi32_ps(x); }
/* Towards zero. */
INLINE floats truncated(floats x) { return _mm512_roundscale_ps(x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
INLINE ints add_ints(ints x, ints y) { return _mm512_add_epi32(x, y); }
INLINE ints sub_ints(ints x, ints y) { return _mm512_sub_epi32(x, y); }
INLINE ints and_ints(ints x, ints y) { return _mm512_and_si512(x, y); }
/* The magnitude of x, the sign of y. */
INLINE floats with_sign(floats x, floats y) {
  return as_floats(_mm512_ternarylogic_epi32(all_ints(INT32_MIN), bits(y), bits(x), 0xca));
}
#define shift_left(x, n) _mm512_slli_epi32(x, n)
#define shift_right(x, n) _mm512_srai_epi32(x, n)
/* The first `count` lanes, fewer than all; the others are zero, or stay. What half a vector holds is read again sooner: a
   masked store keeps loads waiting. */
INLINE floats load_first(const float *from, int count) {
  if (count == 8) return _mm512_zextps256_ps512(_mm256_loadu_ps(from));
  return _mm512_maskz_loadu_ps((1u << count) - 1, from);
}
INLINE void store_first(float *to, floats x, int count) {
  if (count == 8) {
    _mm256_storeu_ps(to, _mm512_castps512_ps256(x));
  } else {
    _mm512_mask_storeu_ps(to, (1u << count) - 1, x);
  }
}
/* Keeps a loaded vector in a register: the compiler would otherwise load it again for each use. */
#define KEEP(x) __asm__("" : "+v"(x))

#elif defined(__AVX2__) && defined(__FMA__)

#include <immintrin.h>

#define LANES 8
typedef __m256 floats;
typedef __m256i ints;
typedef __m256 mask;

INLINE floats load(const float *from) { return _mm256_loadu_ps(from); }
INLINE void store(float *to, floats x) { _mm256_storeu_ps(to, x); }
INLINE floats all(float x) { return _mm256_set1_ps(x); }
INLINE ints all_ints(int32_t x) { return _mm256_set1_epi32(x); }
INLINE floats add(floats x, floats y) { return _mm256_add_ps(x, y); }
INLINE floats sub(floats x, floats y) { return _mm256_sub_ps(x, y); }
INLINE floats mul(floats x, floats y) { return _mm256_mul_ps(x, y); }
INLINE floats quotient(floats x, floats y) { return _mm256_div_ps(x, y); }
INLINE floats root(floats x) { return _mm256_sqrt_ps(x); }
INLINE floats fused(floats x, floats y, floats z) { return _mm256_fmadd_ps(x, y, z); }
INLINE floats fused_less(floats x, floats y, floats z) { return _mm256_fmsub_ps(x, y, z); }
INLINE floats lesser(floats x, floats y) { return _mm256_min_ps(x, y); }
INLINE floats greater(floats x, floats y) { return _mm256_max_ps(x, y); }
INLINE mask less(floats x, floats y) { return _mm256_cmp_ps(x, y, _CMP_LT_OQ); }
INLINE mask at_most(floats x, floats y) { return _mm256_cmp_ps(x, y, _CMP_LE_OQ); }
INLINE mask is_nan(floats x) { return _mm256_cmp_ps(x, x, _CMP_UNORD_Q); }
INLINE floats choose(mask m, floats yes, floats no) { return _mm256_blendv_ps(no, yes, m); }
INLINE ints bits(floats x) { return _mm256_castps_si256(x); }
INLINE floats as_floats(ints x) { return _mm256_castsi256_ps(x); }
INLINE floats from_ints(ints x) { return _mm256_cvtepi32_ps(x); }
INLINE floats truncated(floats x) { return _mm256_round_ps(x, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
INLINE ints add_ints(ints x, ints y) { return _mm256_add_epi32(x, y); }
INLINE ints sub_ints(ints x, ints y) { return _mm256_sub_epi32(x, y); }
INLINE ints and_ints(ints x, ints y) { return _mm256_and_si256(x, y); }
INLINE floats with_sign(floats x, floats y) {
  floats sign = as_floats(all_ints(INT32_MIN));
  return _mm256_or_ps(_mm256_andnot_ps(sign, x), _mm256_and_ps(sign, y));
}
#define shift_left(x, n) _mm256_slli_epi32(x, n)
#define shift_right(x, n) _mm256_srai_epi32(x, n)
#define KEEP(x) __asm__("" : "+x"(x))

#else /* Plain C with the compiler's vectors: right everywhere, fast where it maps them to registers. */

#define LANES 4
typedef float floats __attribute__((vector_size(16)));
typedef int32_t ints __attribute__((vector_size(16)));
typedef ints mask;

#define EACH_LANE(expression) \
  floats result;              \
  for (int n = 0; n < LANES; n++) result[n] = expression; \
  return result

INLINE floats load(const float *from) {
  floats x;
  memcpy(&x, from, sizeof x);
  return x;
}
INLINE void store(float *to, floats x) { memcpy(to, &x, sizeof x); }
INLINE floats all(float x) { return (floats){x, x, x, x}; }
INLINE ints all_ints(int32_t x) { return (ints){x, x, x, x}; }
INLINE floats add(floats x, floats y) { return x + y; }
INLINE floats sub(floats x, floats y) { return x - y; }
INLINE floats mul(floats x, floats y) { return x * y; }
INLINE floats quotient(floats x, floats y) { return x / y; }
INLINE floats root(floats x) { EACH_LANE(__builtin_sqrtf(x[n])); }
INLINE floats fused(floats x, floats y, floats z) { EACH_LANE(__builtin_fmaf(x[n], y[n], z[n])); }
INLINE floats fused_less(floats x, floats y, floats z) { EACH_LANE(__builtin_fmaf(x[n], y[n], -z[n])); }
INLINE floats lesser(floats x, floats y) { EACH_LANE(x[n] < y[n] ? x[n] : y[n]); }
INLINE floats greater(floats x, floats y) { EACH_LANE(x[n] > y[n] ? x[n] : y[n]); }
INLINE mask less(floats x, floats y) { return x < y; }
INLINE mask at_most(floats x, floats y) { return x <= y; }
INLINE mask is_nan(floats x) { return x != x; }
INLINE ints bits(floats x) { return (ints)x; }
INLINE floats as_floats(ints x) { return (floats)x; }
INLINE floats choose(mask m, floats yes, floats no) { return (floats)((m & (ints)yes) | (~m & (ints)no)); }
INLINE floats from_ints(ints x) { EACH_LANE((float)x[n]); }
INLINE floats truncated(floats x) { EACH_LANE(__builtin_truncf(x[n])); }
/* Unsigned, since a sum beyond the greatest integer is meant to wrap. */
typedef uint32_t words __attribute__((vector_size(16)));
INLINE ints add_ints(ints x, ints y) { return (ints)((words)x + (words)y); }
INLINE ints sub_ints(ints x, ints y) { return (ints)((words)x - (words)y); }
INLINE ints and_ints(ints x, ints y) { return x & y; }
INLINE floats with_sign(floats x, floats y) {
  return (floats)(((ints)x & INT32_MAX) | ((ints)y & INT32_MIN));
}
#define shift_left(x, n) ((ints)((words)(x) << (n)))
#define shift_right(x, n) ((x) >> (n))
#define KEEP(x) (void)0

#endif

#if LANES < 16
INLINE floats load_first(const float *from, int count) {
  float lanes[LANES] = {0};
  memcpy(lanes, from, count * sizeof(float));
  return load(lanes);
}
INLINE void store_first(float *to, floats x, int count) {
  float lanes[LANES];
  store(lanes, x);
  memcpy(to, lanes, count * sizeof(float));
}
#endif

#endif
