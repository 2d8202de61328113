// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The few operations that unpack packed weights, on AVX2: 8 of a group's 16 rows in a register. Include only from *_avx2.cc.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace tradewind {
namespace {

using Bytes = __m256i;
using Singles = __m256;
constexpr int kRegisterBytes = 32;
constexpr int kLanes = 8;

static inline Bytes LoadBytes(const uint8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
static inline Bytes And(Bytes a, char mask) {
  return _mm256_and_si256(a, _mm256_set1_epi8(mask));
}
static inline Bytes Or(Bytes a, Bytes b) {
  return _mm256_or_si256(a, b);
}
static inline Bytes ShiftLeft(Bytes a, int bits) {
  return _mm256_slli_epi16(a, bits);
}  // of 16 bits: mask what crosses a byte
static inline Bytes ShiftRight(Bytes a, int bits) {
  return _mm256_srli_epi16(a, bits);
}

// table[index] for indices below 16.
static inline Bytes Lookup(const int8_t table[16], Bytes index) {
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table))), index);
}
// Bytes widened to 16 bits, two of them a row.
static inline Bytes LoadUnsignedPairs(const uint8_t* p) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
static inline Bytes LoadSignedPairs(const uint8_t* p) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
static inline Bytes DotPairs(Bytes a, Bytes b) {
  return _mm256_madd_epi16(a, b);
}
// Number `half` of each row's pair, twice.
static inline Bytes Twice(Bytes pairs, int half) {
  const Bytes place =
      _mm256_setr_epi8(0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13, 0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13);
  return _mm256_shuffle_epi8(pairs, half == 0 ? place : _mm256_add_epi8(place, _mm256_set1_epi8(2)));
}

static inline Singles LoadHalves(const uint8_t* p) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}
static inline Singles LoadUnsigned(const uint8_t* p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}
static inline Singles LoadSigned(const uint8_t* p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}
static inline Singles LoadBFloats(const uint8_t* p) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))), 16));
}
static inline Singles Times(Singles a, Singles b) {
  return _mm256_mul_ps(a, b);
}
static inline Singles Minus(Singles a) {
  return _mm256_xor_ps(a, _mm256_set1_ps(-0.0f));
}

}  // namespace
}  // namespace tradewind
