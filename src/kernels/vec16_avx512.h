// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// F32x16: sixteen singles in one AVX-512 register, with the functions of vec16_avx2.h. Everything has internal linkage. Include only from
// *_avx512.cc.
#pragma once

#include <cstdint>

#include "kernels/avx512_intrinsics.h"
#include "kernels/rows8.h"

namespace tradewind {
namespace {

struct F32x16 {
  __m512 v;
};
static inline __m256 HalfOf(const F32x16& a, int half) {
  return half == 0 ? _mm512_castps512_ps256(a.v) : _mm512_extractf32x8_ps(a.v, 1);
}
static inline F32x16 FromHalves(__m256 lo, __m256 hi) {
  return {_mm512_insertf32x8(_mm512_castps256_ps512(lo), hi, 1)};
}

// Rows of activations that a product with float weights takes at once: enough chains for 2 fused multiply-adds a cycle of latency 4.
constexpr int kFloatTileRows = 12;
// Queries at once over a page: of keys 4, for two blocks of 16 positions (8 chains; one block is 0.83 times as fast), of values 12.
constexpr int kKeyTileQueries = 4;
constexpr int kKeyTileBlocks = 2;
constexpr int kValueTileQueries = 12;
// Sums at once over values as they are stored, queries times strips of columns: enough chains for the same.
constexpr int kStoredValueSums = 8;

static inline F32x16 Zero() {
  return {_mm512_setzero_ps()};
}
static inline F32x16 Set1(float x) {
  return {_mm512_set1_ps(x)};
}
static inline F32x16 Load(const float* p) {
  return {_mm512_loadu_ps(p)};
}
static inline void Store(float* p, F32x16 a) {
  _mm512_storeu_ps(p, a.v);
}

// The lanes below n, for any n.
static inline __mmask16 LaneMask(int64_t n) {
  return n <= 0 ? 0 : n >= 16 ? 0xFFFF : static_cast<__mmask16>((1u << n) - 1);
}
// The first n < 16 values, the rest zero; nothing beyond them is touched.
static inline F32x16 LoadPartial(const float* p, int64_t n) {
  return {_mm512_maskz_loadu_ps(LaneMask(n), p)};
}
static inline void StorePartial(float* p, F32x16 a, int64_t n) {
  _mm512_mask_storeu_ps(p, LaneMask(n), a.v);
}
// Keeps lanes begin..end-1 and zeroes the others.
static inline F32x16 KeepLanes(F32x16 a, int64_t begin, int64_t end) {
  return {_mm512_maskz_mov_ps(static_cast<__mmask16>(LaneMask(end) & ~LaneMask(begin)), a.v)};
}

static inline F32x16 Add(F32x16 a, F32x16 b) {
  return {_mm512_add_ps(a.v, b.v)};
}
static inline F32x16 Sub(F32x16 a, F32x16 b) {
  return {_mm512_sub_ps(a.v, b.v)};
}
static inline F32x16 Mul(F32x16 a, F32x16 b) {
  return {_mm512_mul_ps(a.v, b.v)};
}
static inline F32x16 Div(F32x16 a, F32x16 b) {
  return {_mm512_div_ps(a.v, b.v)};
}
static inline F32x16 Fma(F32x16 a, F32x16 b, F32x16 c) {
  return {_mm512_fmadd_ps(a.v, b.v, c.v)};
}
// The second operand where the two are unordered, as the processor has it.
static inline F32x16 Max(F32x16 a, F32x16 b) {
  return {_mm512_max_ps(a.v, b.v)};
}
static inline F32x16 Min(F32x16 a, F32x16 b) {
  return {_mm512_min_ps(a.v, b.v)};
}
static inline F32x16 Abs(F32x16 a) {
  return {_mm512_abs_ps(a.v)};
}
static inline F32x16 Negate(F32x16 a) {
  return {_mm512_xor_ps(a.v, _mm512_set1_ps(-0.0f))};
}
static inline F32x16 RoundToEven(F32x16 a) {
  return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
// Adds the whole number n to the exponents of p.
static inline F32x16 AddExponent(F32x16 p, F32x16 n) {
  return {_mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(p.v), _mm512_slli_epi32(_mm512_cvttps_epi32(n.v), 23)))};
}

static inline float ReduceAdd(F32x16 a) {
  return ReduceAdd8(_mm256_add_ps(HalfOf(a, 0), HalfOf(a, 1)));
}
static inline float ReduceMax(F32x16 a) {
  const __m256 eight = _mm256_max_ps(HalfOf(a, 0), HalfOf(a, 1));
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

static inline F32x16 LoadHalf(const uint16_t* p) {
  return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
}
static inline void StoreHalf(uint16_t* p, F32x16 a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT));
}
static inline float HalfBits(uint16_t half) {
  return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(half)));
}
static inline uint16_t ToHalfBits(float x) {
  return static_cast<uint16_t>(_mm_cvtsi128_si32(_mm_cvtps_ph(_mm_set_ss(x), _MM_FROUND_TO_NEAREST_INT)));
}
static inline F32x16 LoadBf16(const uint16_t* p) {
  const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  return {_mm512_castsi512_ps(_mm512_slli_epi32(wide, 16))};
}
// To the nearest, ties to even; a NaN stays one and is made quiet.
static inline void StoreBf16(uint16_t* p, F32x16 a) {
  const __m512i bits = _mm512_castps_si512(a.v);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), odd);
  const __m512i quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x00400000));
  const __m512i chosen = _mm512_mask_mov_epi32(rounded, _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q), quiet);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(_mm512_srli_epi32(chosen, 16)));
}

static inline F32x16 LoadInt8(const int8_t* p) {
  return {_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))))};
}
// Stores v, rounded to even and within int8, and returns the sum of what was stored.
static inline int32_t StoreInt8(int8_t* p, F32x16 a) {
  const __m512i rounded = _mm512_cvtps_epi32(a.v);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtsepi32_epi8(rounded));
  return _mm512_reduce_add_epi32(rounded);
}

// x[0], x[2], ... and x[1], x[3], ... of 32 values; and back.
static inline void Deinterleave(const float* p, F32x16* even, F32x16* odd) {
  const __m512i evens = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odds = _mm512_add_epi32(evens, _mm512_set1_epi32(1));
  const __m512 a = _mm512_loadu_ps(p);
  const __m512 b = _mm512_loadu_ps(p + 16);
  even->v = _mm512_permutex2var_ps(a, evens, b);
  odd->v = _mm512_permutex2var_ps(a, odds, b);
}
static inline void Interleave(float* p, F32x16 even, F32x16 odd) {
  const __m512i first = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(8));
  _mm512_storeu_ps(p, _mm512_permutex2var_ps(even.v, first, odd.v));
  _mm512_storeu_ps(p + 16, _mm512_permutex2var_ps(even.v, second, odd.v));
}

}  // namespace
}  // namespace tradewind
