// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// F32x16: sixteen singles in two AVX2 registers, the vector type that the *_inl.h kernels are written over. Everything has internal
// linkage, so that no code with AVX2 in it can be picked up by another translation unit. Include only from *_avx2.cc.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "kernels/rows8.h"

namespace tradewind {
namespace {

struct F32x16 {
  __m256 lo, hi;
};
static inline __m256 HalfOf(const F32x16& v, int half) {
  return half == 0 ? v.lo : v.hi;
}
static inline F32x16 FromHalves(__m256 lo, __m256 hi) {
  return {lo, hi};
}

// Rows of activations that a product with float weights takes at once: 2 x 6 sums + 2 weights + 1 activation of the 16 registers.
constexpr int kFloatTileRows = 6;
// Queries at once over a page: of keys 4, for a block of 16 positions (8 sums; partial sums are spilled, which costs less than
// loading keys for fewer: 16 to 38 % faster than 2 on Zen 3), of values 6 (2 x 6 sums, 2 values, 1 weight).
constexpr int kKeyTileQueries = 4;
constexpr int kKeyTileBlocks = 1;
constexpr int kValueTileQueries = 6;
// Sums at once over values as they are stored, queries times strips of columns: 8 registers, enough chains for 2 fused multiply-adds a
// cycle of latency 4; 12 are slower (the conversions need registers too).
constexpr int kStoredValueSums = 4;

static inline F32x16 Zero() {
  return {_mm256_setzero_ps(), _mm256_setzero_ps()};
}
static inline F32x16 Set1(float x) {
  return {_mm256_set1_ps(x), _mm256_set1_ps(x)};
}
static inline F32x16 Load(const float* p) {
  return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}
static inline void Store(float* p, F32x16 v) {
  _mm256_storeu_ps(p, v.lo);
  _mm256_storeu_ps(p + 8, v.hi);
}

// The first n < 16 values, the rest zero; nothing beyond them is touched.
static inline __m256i LaneMask(int64_t n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline F32x16 LoadPartial(const float* p, int64_t n) {
  return {_mm256_maskload_ps(p, LaneMask(n)), _mm256_maskload_ps(p + 8, LaneMask(n - 8))};
}
static inline void StorePartial(float* p, F32x16 v, int64_t n) {
  _mm256_maskstore_ps(p, LaneMask(n), v.lo);
  _mm256_maskstore_ps(p + 8, LaneMask(n - 8), v.hi);
}
// Keeps lanes begin..end-1 and zeroes the others.
static inline F32x16 KeepLanes(F32x16 v, int64_t begin, int64_t end) {
  const __m256i lo = _mm256_andnot_si256(LaneMask(begin), LaneMask(end));
  const __m256i hi = _mm256_andnot_si256(LaneMask(begin - 8), LaneMask(end - 8));
  return {_mm256_and_ps(v.lo, _mm256_castsi256_ps(lo)), _mm256_and_ps(v.hi, _mm256_castsi256_ps(hi))};
}

static inline F32x16 Add(F32x16 a, F32x16 b) {
  return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)};
}
static inline F32x16 Sub(F32x16 a, F32x16 b) {
  return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)};
}
static inline F32x16 Mul(F32x16 a, F32x16 b) {
  return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)};
}
static inline F32x16 Div(F32x16 a, F32x16 b) {
  return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)};
}
static inline F32x16 Fma(F32x16 a, F32x16 b, F32x16 c) {
  return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
// The second operand where the two are unordered, as the processor has it.
static inline F32x16 Max(F32x16 a, F32x16 b) {
  return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)};
}
static inline F32x16 Min(F32x16 a, F32x16 b) {
  return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)};
}
static inline F32x16 Abs(F32x16 a) {
  const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
  return {_mm256_and_ps(a.lo, magnitude), _mm256_and_ps(a.hi, magnitude)};
}
static inline F32x16 Negate(F32x16 a) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  return {_mm256_xor_ps(a.lo, sign), _mm256_xor_ps(a.hi, sign)};
}
static inline F32x16 RoundToEven(F32x16 a) {
  constexpr int kMode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_ps(a.lo, kMode), _mm256_round_ps(a.hi, kMode)};
}
// Adds the whole number n to the exponents of p.
static inline __m256 AddExponent8(__m256 p, __m256 n) {
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_cvttps_epi32(n), 23)));
}
static inline F32x16 AddExponent(F32x16 p, F32x16 n) {
  return {AddExponent8(p.lo, n.lo), AddExponent8(p.hi, n.hi)};
}

static inline float ReduceAdd(F32x16 v) {
  return ReduceAdd8(_mm256_add_ps(v.lo, v.hi));
}
static inline float ReduceMax(F32x16 v) {
  const __m256 eight = _mm256_max_ps(v.lo, v.hi);
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

static inline F32x16 LoadHalf(const uint16_t* p) {
  return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))),
          _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 8)))};
}
static inline void StoreHalf(uint16_t* p, F32x16 v) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v.lo, _MM_FROUND_TO_NEAREST_INT));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + 8), _mm256_cvtps_ph(v.hi, _MM_FROUND_TO_NEAREST_INT));
}
static inline float HalfBits(uint16_t half) {
  return _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(half)));
}
static inline uint16_t ToHalfBits(float x) {
  return static_cast<uint16_t>(_mm_cvtsi128_si32(_mm_cvtps_ph(_mm_set_ss(x), _MM_FROUND_TO_NEAREST_INT)));
}
static inline __m256 WidenBf8(const uint16_t* p) {
  const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
static inline F32x16 LoadBf16(const uint16_t* p) {
  return {WidenBf8(p), WidenBf8(p + 8)};
}
// To the nearest, ties to even; a NaN stays one and is made quiet.
static inline __m256i RoundBf8(__m256 v) {
  const __m256i bits = _mm256_castps_si256(v);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7FFF)), odd);
  const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x00400000));
  const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(v, v, _CMP_UNORD_Q));
  return _mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, nan), 16);
}
static inline void StoreBf16(uint16_t* p, F32x16 v) {
  const __m256i mixed = _mm256_packus_epi32(RoundBf8(v.lo), RoundBf8(v.hi));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_permute4x64_epi64(mixed, 0xD8));
}

static inline F32x16 LoadInt8(const int8_t* p) {
  const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return {_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(v)), _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(v, 8)))};
}
// Stores v, rounded to even and within int8, and returns the sum of what was stored.
static inline int32_t StoreInt8(int8_t* p, F32x16 v) {
  const __m256i lo = _mm256_cvtps_epi32(v.lo);
  const __m256i hi = _mm256_cvtps_epi32(v.hi);
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(lo, hi), 0xD8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  const __m256i eight = _mm256_add_epi32(lo, hi);
  const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
  const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
  return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
}

// x[0], x[2], ... and x[1], x[3], ... of 32 values; and back.
static inline __m256 Even8(__m256 a, __m256 b) {
  return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88)), 0xD8));
}
static inline __m256 Odd8(__m256 a, __m256 b) {
  return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xDD)), 0xD8));
}
static inline void Deinterleave(const float* p, F32x16* even, F32x16* odd) {
  const F32x16 a = Load(p);
  const F32x16 b = Load(p + 16);
  *even = {Even8(a.lo, a.hi), Even8(b.lo, b.hi)};
  *odd = {Odd8(a.lo, a.hi), Odd8(b.lo, b.hi)};
}
static inline void Interleave8(float* p, __m256 even, __m256 odd) {
  const __m256 low = _mm256_unpacklo_ps(even, odd);
  const __m256 high = _mm256_unpackhi_ps(even, odd);
  _mm256_storeu_ps(p, _mm256_permute2f128_ps(low, high, 0x20));
  _mm256_storeu_ps(p + 8, _mm256_permute2f128_ps(low, high, 0x31));
}
static inline void Interleave(float* p, F32x16 even, F32x16 odd) {
  Interleave8(p, even.lo, odd.lo);
  Interleave8(p + 16, even.hi, odd.hi);
}

}  // namespace
}  // namespace tradewind
