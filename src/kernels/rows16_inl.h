// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Sixteen rows of F32x16 at once: their sums, and their transpose. Include after a vec16_*.h.
#pragma once

#include "kernels/rows8.h"

namespace tradewind {
namespace {

// sum16 of each of 16 rows.
static inline F32x16 ReduceRows(const F32x16* rows) {
  __m256 eight[16];
  for (int i = 0; i < 16; ++i) eight[i] = _mm256_add_ps(HalfOf(rows[i], 0), HalfOf(rows[i], 1));
  return FromHalves(ReduceRows8(eight), ReduceRows8(eight + 8));
}

// Lane i of row j to out[i * stride + j], for 16 rows.
static inline void TransposeStore(const F32x16* rows, float* out, int64_t stride) {
  for (int half = 0; half < 2; ++half) {
    __m256 eight[16];
    for (int j = 0; j < 16; ++j) eight[j] = HalfOf(rows[j], half);
    Transpose8(eight, out + half * 8 * stride, stride);
    Transpose8(eight + 8, out + half * 8 * stride + 8, stride);
  }
}

}  // namespace
}  // namespace tradewind
