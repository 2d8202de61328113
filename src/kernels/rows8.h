// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums and transposes of registers of eight singles, shared by the AVX2 and AVX-512 forms of F32x16. Internal linkage, for the same reason
// as there; the including file brings the intrinsics.
#pragma once

#include <cstdint>

namespace tradewind {
namespace {

// The last steps of sum16: lanes i and i+4, i and i+2, i and i+1.
static inline float ReduceAdd8(__m256 v) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
// Eight sums of eight lanes at once, each in the order of ReduceAdd8: step i+4 folds two rows into one register, i+2 and i+1 likewise.
static inline __m256 ReduceRows8(const __m256* r) {
  __m256 four[4];
  for (int i = 0; i < 4; ++i) {  // rows i and i + 4, so that the result comes out in order
    four[i] = _mm256_add_ps(_mm256_permute2f128_ps(r[i], r[i + 4], 0x20), _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
  const __m256 two0 = _mm256_add_ps(_mm256_shuffle_ps(four[0], four[1], 0x44), _mm256_shuffle_ps(four[0], four[1], 0xEE));
  const __m256 two1 = _mm256_add_ps(_mm256_shuffle_ps(four[2], four[3], 0x44), _mm256_shuffle_ps(four[2], four[3], 0xEE));
  return _mm256_add_ps(_mm256_shuffle_ps(two0, two1, 0x88), _mm256_shuffle_ps(two0, two1, 0xDD));
}
// out[r * stride + c] = lane r of rows[c], for 8 rows of 8 lanes.
static inline void Transpose8(const __m256* rows, float* out, int64_t stride) {
  __m256 pair[8];
  for (int i = 0; i < 8; i += 2) {
    pair[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pair[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  __m256 quad[8];
  for (int i = 0; i < 8; i += 4) {
    quad[i] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0x44);
    quad[i + 1] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0xEE);
    quad[i + 2] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0x44);
    quad[i + 3] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0xEE);
  }
  for (int i = 0; i < 4; ++i) {
    _mm256_storeu_ps(out + i * stride, _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x20));
    _mm256_storeu_ps(out + (i + 4) * stride, _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x31));
  }
}
}  // namespace
}  // namespace tradewind
