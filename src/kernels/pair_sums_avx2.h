// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PairSums: sixteen sums of products of 16 bits, added in pairs, exactly. Internal linkage; include only from *_avx2.cc.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace tradewind {
namespace {

struct PairSums {
  __m256i lo, hi;
};
// Pixels that a tile has: 2 x 5 sums, 2 weights, 1 pair and 2 products of the 16 registers.
constexpr int kIntegerTilePixels = 5;

static inline PairSums LoadSums(const int32_t* p) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 8))};
}
// sums[i] + w[i][0] * x[0] + w[i][1] * x[1], where `x` has both numbers of the pair.
static inline PairSums AddPairs(PairSums sums, PairSums w, int32_t x) {
  const __m256i pair = _mm256_set1_epi32(x);
  return {_mm256_add_epi32(sums.lo, _mm256_madd_epi16(w.lo, pair)), _mm256_add_epi32(sums.hi, _mm256_madd_epi16(w.hi, pair))};
}
static inline __m256i LowSums(PairSums sums) {
  return sums.lo;
}
static inline __m256i HighSums(PairSums sums) {
  return sums.hi;
}

}  // namespace
}  // namespace tradewind
