// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 instructions that our kernels use, made from AVX2 ones after Intel's description of each. For tests alone: the product never
// includes it. An AVX-512 kernel that needs another instruction adds it here.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace tradewind {
namespace {
namespace emulated {

struct Ps {
  __m256 lo, hi;
};
struct Si {
  __m256i lo, hi;
};
using Mask = uint16_t;

static inline Ps SetPs(float x) {
  return {_mm256_set1_ps(x), _mm256_set1_ps(x)};
}
static inline Si Set32(int32_t x) {
  return {_mm256_set1_epi32(x), _mm256_set1_epi32(x)};
}
static inline Si Set8(char x) {
  return {_mm256_set1_epi8(x), _mm256_set1_epi8(x)};
}
static inline Ps LoadPs(const float* p) {
  return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}
static inline Si LoadSi(const void* p) {
  const auto* v = static_cast<const __m256i*>(p);
  return {_mm256_loadu_si256(v), _mm256_loadu_si256(v + 1)};
}
static inline void StorePs(float* p, Ps a) {
  _mm256_storeu_ps(p, a.lo);
  _mm256_storeu_ps(p + 8, a.hi);
}

// Lane masks as vectors.
static inline __m256 MaskVector(unsigned bits) {
  const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), bit), bit));
}
static inline Ps MaskzLoadPs(Mask m, const float* p) {
  return {_mm256_maskload_ps(p, _mm256_castps_si256(MaskVector(m & 255u))),
          _mm256_maskload_ps(p + 8, _mm256_castps_si256(MaskVector(m >> 8)))};
}
static inline void MaskStorePs(float* p, Mask m, Ps a) {
  _mm256_maskstore_ps(p, _mm256_castps_si256(MaskVector(m & 255u)), a.lo);
  _mm256_maskstore_ps(p + 8, _mm256_castps_si256(MaskVector(m >> 8)), a.hi);
}
static inline Ps MaskzMovPs(Mask m, Ps a) {
  return {_mm256_and_ps(a.lo, MaskVector(m & 255u)), _mm256_and_ps(a.hi, MaskVector(m >> 8))};
}
static inline Si MaskMov32(Si a, Mask m, Si b) {
  return {_mm256_blendv_epi8(a.lo, b.lo, _mm256_castps_si256(MaskVector(m & 255u))),
          _mm256_blendv_epi8(a.hi, b.hi, _mm256_castps_si256(MaskVector(m >> 8)))};
}

static inline Ps AddPs(Ps a, Ps b) {
  return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)};
}
static inline Ps SubPs(Ps a, Ps b) {
  return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)};
}
static inline Ps MulPs(Ps a, Ps b) {
  return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)};
}
static inline Ps DivPs(Ps a, Ps b) {
  return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)};
}
static inline Ps FmaPs(Ps a, Ps b, Ps c) {
  return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
static inline Ps MaxPs(Ps a, Ps b) {
  return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)};
}
static inline Ps MinPs(Ps a, Ps b) {
  return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)};
}
static inline Ps XorPs(Ps a, Ps b) {
  return {_mm256_xor_ps(a.lo, b.lo), _mm256_xor_ps(a.hi, b.hi)};
}
static inline Ps AbsPs(Ps a) {
  const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
  return {_mm256_and_ps(a.lo, magnitude), _mm256_and_ps(a.hi, magnitude)};
}
static inline Ps RoundPs(Ps a) {
  constexpr int kEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_ps(a.lo, kEven), _mm256_round_ps(a.hi, kEven)};
}
static inline Mask UnorderedPs(Ps a, Ps b) {
  return static_cast<Mask>(_mm256_movemask_ps(_mm256_cmp_ps(a.lo, b.lo, _CMP_UNORD_Q)) |
                           (_mm256_movemask_ps(_mm256_cmp_ps(a.hi, b.hi, _CMP_UNORD_Q)) << 8));
}
// Lane i is lane index[i] & 15 of a, or of b where bit 4 of the index is set.
static inline Ps Permute2Ps(Ps a, Si index, Ps b) {
  float from[32];
  float to[16];
  int32_t at[16];
  StorePs(from, a);
  StorePs(from + 16, b);
  __builtin_memcpy(at, &index, sizeof(at));
  for (int i = 0; i < 16; ++i) to[i] = from[at[i] & 31];
  return LoadPs(to);
}

static inline Si Add32(Si a, Si b) {
  return {_mm256_add_epi32(a.lo, b.lo), _mm256_add_epi32(a.hi, b.hi)};
}
static inline Si Sub8(Si a, Si b) {
  return {_mm256_sub_epi8(a.lo, b.lo), _mm256_sub_epi8(a.hi, b.hi)};
}
static inline Si AndSi(Si a, Si b) {
  return {_mm256_and_si256(a.lo, b.lo), _mm256_and_si256(a.hi, b.hi)};
}
static inline Si OrSi(Si a, Si b) {
  return {_mm256_or_si256(a.lo, b.lo), _mm256_or_si256(a.hi, b.hi)};
}
static inline Si XorSi(Si a, Si b) {
  return {_mm256_xor_si256(a.lo, b.lo), _mm256_xor_si256(a.hi, b.hi)};
}
static inline Si Left32(Si a, int n) {
  return {_mm256_slli_epi32(a.lo, n), _mm256_slli_epi32(a.hi, n)};
}
static inline Si Right32(Si a, int n) {
  return {_mm256_srli_epi32(a.lo, n), _mm256_srli_epi32(a.hi, n)};
}
static inline Si Left16(Si a, unsigned n) {
  return {_mm256_slli_epi16(a.lo, static_cast<int>(n)), _mm256_slli_epi16(a.hi, static_cast<int>(n))};
}
static inline Si Right16(Si a, unsigned n) {
  return {_mm256_srli_epi16(a.lo, static_cast<int>(n)), _mm256_srli_epi16(a.hi, static_cast<int>(n))};
}
static inline Si Shuffle8(Si a, Si index) {
  return {_mm256_shuffle_epi8(a.lo, index.lo), _mm256_shuffle_epi8(a.hi, index.hi)};
}
static inline Si Repeat128(__m128i a) {
  return {_mm256_broadcastsi128_si256(a), _mm256_broadcastsi128_si256(a)};
}
static inline Si Madd16(Si a, Si b) {
  return {_mm256_madd_epi16(a.lo, b.lo), _mm256_madd_epi16(a.hi, b.hi)};
}
static inline Si WidenU8(__m256i v) {
  return {_mm256_cvtepu8_epi16(_mm256_castsi256_si128(v)), _mm256_cvtepu8_epi16(_mm256_extracti128_si256(v, 1))};
}
static inline Si WidenI8(__m256i v) {
  return {_mm256_cvtepi8_epi16(_mm256_castsi256_si128(v)), _mm256_cvtepi8_epi16(_mm256_extracti128_si256(v, 1))};
}
// vpdpbusd: four unsigned bytes of u times four signed ones of s, added to each int32 lane, without saturation on the way.
static inline Si DotBytes(Si sum, Si u, Si s) {
  uint8_t a[64];
  int8_t b[64];
  int32_t out[16];
  __builtin_memcpy(a, &u, sizeof(a));
  __builtin_memcpy(b, &s, sizeof(b));
  __builtin_memcpy(out, &sum, sizeof(out));
  for (int i = 0; i < 64; ++i) out[i / 4] += int32_t{a[i]} * int32_t{b[i]};
  return LoadSi(out);
}

static inline Si RoundTo32(Ps a) {
  return {_mm256_cvtps_epi32(a.lo), _mm256_cvtps_epi32(a.hi)};
}
static inline Si TruncateTo32(Ps a) {
  return {_mm256_cvttps_epi32(a.lo), _mm256_cvttps_epi32(a.hi)};
}
static inline Ps From32(Si a) {
  return {_mm256_cvtepi32_ps(a.lo), _mm256_cvtepi32_ps(a.hi)};
}
static inline Ps FromHalves(__m256i v) {
  return {_mm256_cvtph_ps(_mm256_castsi256_si128(v)), _mm256_cvtph_ps(_mm256_extracti128_si256(v, 1))};
}
static inline __m256i ToHalves(Ps a) {
  return _mm256_set_m128i(_mm256_cvtps_ph(a.hi, 0), _mm256_cvtps_ph(a.lo, 0));
}
static inline Si FromU16(__m256i v) {
  return {_mm256_cvtepu16_epi32(_mm256_castsi256_si128(v)), _mm256_cvtepu16_epi32(_mm256_extracti128_si256(v, 1))};
}
static inline __m256i ToU16(Si a) {  // keeps the low halves
  const __m256i low = _mm256_set1_epi32(0xFFFF);
  return _mm256_permute4x64_epi64(_mm256_packus_epi32(_mm256_and_si256(a.lo, low), _mm256_and_si256(a.hi, low)), 0xD8);
}
static inline Si FromI8(__m128i v) {
  return {_mm256_cvtepi8_epi32(v), _mm256_cvtepi8_epi32(_mm_srli_si128(v, 8))};
}
static inline Si FromU8(__m128i v) {
  return {_mm256_cvtepu8_epi32(v), _mm256_cvtepu8_epi32(_mm_srli_si128(v, 8))};
}
static inline __m128i SaturateToI8(Si a) {
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a.lo, a.hi), 0xD8);
  return _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}
static inline int32_t Sum32(Si a) {
  int32_t lanes[16];
  __builtin_memcpy(lanes, &a, sizeof(lanes));
  int32_t sum = 0;
  for (const int32_t lane : lanes) sum += lane;
  return sum;
}
static inline Ps AsPs(Si a) {
  return {_mm256_castsi256_ps(a.lo), _mm256_castsi256_ps(a.hi)};
}
static inline Si AsSi(Ps a) {
  return {_mm256_castps_si256(a.lo), _mm256_castps_si256(a.hi)};
}
static inline Ps WithLow(__m256 lo) {
  return {lo, lo};
}
static inline Ps WithHigh(Ps a, __m256 hi) {
  return {a.lo, hi};
}
static inline Si Lanes32(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n, int o, int p) {
  return {_mm256_setr_epi32(a, b, c, d, e, f, g, h), _mm256_setr_epi32(i, j, k, l, m, n, o, p)};
}

}  // namespace emulated
}  // namespace
}  // namespace tradewind

// Those that the compiler's header defines as macros (some only when it does not optimise).
#undef _mm512_setr_epi32
#undef _mm512_roundscale_ps
#undef _mm512_cmp_ps_mask
#undef _mm512_cvtps_ph
#undef _mm512_extractf32x8_ps
#undef _mm512_extracti64x4_epi64
#undef _mm512_insertf32x8
#undef _mm512_slli_epi32
#undef _mm512_srli_epi32
#undef _mm512_slli_epi16
#undef _mm512_srli_epi16

#define TW_EMULATED ::tradewind::emulated::
#define __m512 TW_EMULATED Ps
#define __m512i TW_EMULATED Si
#define __mmask16 TW_EMULATED Mask
#define _mm512_setzero_ps() TW_EMULATED SetPs(0)
#define _mm512_setzero_si512() TW_EMULATED Set32(0)
#define _mm512_set1_ps(x) TW_EMULATED SetPs(x)
#define _mm512_set1_epi32(x) TW_EMULATED Set32(x)
#define _mm512_set1_epi8(x) TW_EMULATED Set8(x)
#define _mm512_setr_epi32(...) TW_EMULATED Lanes32(__VA_ARGS__)
#define _mm512_loadu_ps(p) TW_EMULATED LoadPs(p)
#define _mm512_loadu_si512(p) TW_EMULATED LoadSi(p)
#define _mm512_storeu_ps(p, a) TW_EMULATED StorePs(p, a)
#define _mm512_maskz_loadu_ps(m, p) TW_EMULATED MaskzLoadPs(m, p)
#define _mm512_mask_storeu_ps(p, m, a) TW_EMULATED MaskStorePs(p, m, a)
#define _mm512_maskz_mov_ps(m, a) TW_EMULATED MaskzMovPs(m, a)
#define _mm512_mask_mov_epi32(a, m, b) TW_EMULATED MaskMov32(a, m, b)
#define _mm512_add_ps(a, b) TW_EMULATED AddPs(a, b)
#define _mm512_sub_ps(a, b) TW_EMULATED SubPs(a, b)
#define _mm512_mul_ps(a, b) TW_EMULATED MulPs(a, b)
#define _mm512_div_ps(a, b) TW_EMULATED DivPs(a, b)
#define _mm512_fmadd_ps(a, b, c) TW_EMULATED FmaPs(a, b, c)
#define _mm512_max_ps(a, b) TW_EMULATED MaxPs(a, b)
#define _mm512_min_ps(a, b) TW_EMULATED MinPs(a, b)
#define _mm512_xor_ps(a, b) TW_EMULATED XorPs(a, b)
#define _mm512_abs_ps(a) TW_EMULATED AbsPs(a)
#define _mm512_roundscale_ps(a, even) TW_EMULATED RoundPs(a)
#define _mm512_cmp_ps_mask(a, b, unordered) TW_EMULATED UnorderedPs(a, b)
#define _mm512_permutex2var_ps(a, index, b) TW_EMULATED Permute2Ps(a, index, b)
#define _mm512_castps_si512(a) TW_EMULATED AsSi(a)
#define _mm512_castsi512_ps(a) TW_EMULATED AsPs(a)
#define _mm512_castps256_ps512(lo) TW_EMULATED WithLow(lo)
#define _mm512_insertf32x8(a, hi, one) TW_EMULATED WithHigh(a, hi)
#define _mm512_castps512_ps256(a) ((a).lo)
#define _mm512_extractf32x8_ps(a, one) ((a).hi)
#define _mm512_add_epi32(a, b) TW_EMULATED Add32(a, b)
#define _mm512_sub_epi8(a, b) TW_EMULATED Sub8(a, b)
#define _mm512_and_si512(a, b) TW_EMULATED AndSi(a, b)
#define _mm512_or_si512(a, b) TW_EMULATED OrSi(a, b)
#define _mm512_xor_si512(a, b) TW_EMULATED XorSi(a, b)
#define _mm512_slli_epi32(a, n) TW_EMULATED Left32(a, n)
#define _mm512_srli_epi32(a, n) TW_EMULATED Right32(a, n)
#define _mm512_slli_epi16(a, n) TW_EMULATED Left16(a, n)
#define _mm512_srli_epi16(a, n) TW_EMULATED Right16(a, n)
#define _mm512_shuffle_epi8(a, index) TW_EMULATED Shuffle8(a, index)
#define _mm512_broadcast_i32x4(a) TW_EMULATED Repeat128(a)
#define _mm512_madd_epi16(a, b) TW_EMULATED Madd16(a, b)
#define _mm512_dpwssd_epi32(sum, a, b) TW_EMULATED Add32(sum, TW_EMULATED Madd16(a, b))
#define _mm512_castsi512_si256(a) ((a).lo)
#define _mm512_extracti64x4_epi64(a, one) ((a).hi)
#define _mm512_cvtepu8_epi16(v) TW_EMULATED WidenU8(v)
#define _mm512_cvtepi8_epi16(v) TW_EMULATED WidenI8(v)
#define _mm512_dpbusd_epi32(sum, u, s) TW_EMULATED DotBytes(sum, u, s)
#define _mm512_cvtps_epi32(a) TW_EMULATED RoundTo32(a)
#define _mm512_cvttps_epi32(a) TW_EMULATED TruncateTo32(a)
#define _mm512_cvtepi32_ps(a) TW_EMULATED From32(a)
#define _mm512_cvtph_ps(v) TW_EMULATED FromHalves(v)
#define _mm512_cvtps_ph(a, even) TW_EMULATED ToHalves(a)
#define _mm512_cvtepu16_epi32(v) TW_EMULATED FromU16(v)
#define _mm512_cvtepi32_epi16(a) TW_EMULATED ToU16(a)
#define _mm512_cvtepi8_epi32(v) TW_EMULATED FromI8(v)
#define _mm512_cvtepu8_epi32(v) TW_EMULATED FromU8(v)
#define _mm512_cvtsepi32_epi8(a) TW_EMULATED SaturateToI8(a)
#define _mm512_reduce_add_epi32(a) TW_EMULATED Sum32(a)
