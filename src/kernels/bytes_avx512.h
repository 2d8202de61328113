// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The few operations that unpack packed weights, on AVX-512: a group's 16 rows in a register. Include only from *_avx512.cc.
#pragma once

#include <cstdint>

#include "kernels/avx512_intrinsics.h"

namespace tradewind {
namespace {

using Bytes = __m512i;
using Singles = __m512;
constexpr int kRegisterBytes = 64;
constexpr int kLanes = 16;

static inline Bytes LoadBytes(const uint8_t* p) {
  return _mm512_loadu_si512(p);
}
static inline Bytes And(Bytes a, char mask) {
  return _mm512_and_si512(a, _mm512_set1_epi8(mask));
}
static inline Bytes Or(Bytes a, Bytes b) {
  return _mm512_or_si512(a, b);
}
static inline Bytes ShiftLeft(Bytes a, unsigned bits) {
  return _mm512_slli_epi16(a, bits);
}  // of 16 bits: mask what crosses a byte
static inline Bytes ShiftRight(Bytes a, unsigned bits) {
  return _mm512_srli_epi16(a, bits);
}

// table[index] for indices below 16.
static inline Bytes Lookup(const int8_t table[16], Bytes index) {
  return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(table))), index);
}
// Bytes widened to 16 bits, two of them a row.
static inline Bytes LoadUnsignedPairs(const uint8_t* p) {
  return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
static inline Bytes LoadSignedPairs(const uint8_t* p) {
  return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
// Two numbers of 16 bits side by side in each lane.
static inline Bytes Pair(Bytes first, Bytes second) {
  return _mm512_or_si512(_mm512_and_si512(first, _mm512_set1_epi32(0xFFFF)), _mm512_slli_epi32(second, 16));
}
static inline Bytes DotPairs(Bytes a, Bytes b) {
  return _mm512_madd_epi16(a, b);
}

static inline Singles LoadHalves(const uint8_t* p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
static inline Singles LoadUnsigned(const uint8_t* p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
static inline Singles LoadSigned(const uint8_t* p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
static inline Singles LoadBFloats(const uint8_t* p) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))), 16));
}
static inline Singles Times(Singles a, Singles b) {
  return _mm512_mul_ps(a, b);
}
static inline Singles Minus(Singles a) {
  return _mm512_xor_ps(a, _mm512_set1_ps(-0.0f));
}

}  // namespace
}  // namespace tradewind
