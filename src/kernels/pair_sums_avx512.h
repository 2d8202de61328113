// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PairSums as in pair_sums_avx2.h, in one register, by VNNI's multiply-and-add (vpdpwssd). Internal linkage; include only from *_avx512.cc.
#pragma once

#include <cstdint>

#include "kernels/avx512_intrinsics.h"

namespace tradewind {
namespace {

struct PairSums {
  __m512i all;
};
constexpr int kIntegerTilePixels = 12;  // chains for 2 instructions a cycle of latency 5, and registers left

static inline PairSums LoadSums(const int32_t* p) {
  return {_mm512_loadu_si512(p)};
}
static inline PairSums AddPairs(PairSums sums, PairSums w, int32_t x) {
  return {_mm512_dpwssd_epi32(sums.all, w.all, _mm512_set1_epi32(x))};
}
static inline __m256i LowSums(PairSums sums) {
  return _mm512_castsi512_si256(sums.all);
}
static inline __m256i HighSums(PairSums sums) {
  return _mm512_extracti64x4_epi64(sums.all, 1);
}

}  // namespace
}  // namespace tradewind
