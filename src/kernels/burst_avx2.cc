// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/vec16_avx2.h"
// The vector type comes first.
#include "kernels/burst_inl.h"
#include "kernels/simd_ops.h"

namespace tradewind {
namespace {

// As the densest of our products has it (four-bit weights): eight results of vpmaddubsw added in int16, then one vpmaddwd. A tile of 2 x 2:
// 4 sums in int16, 4 in int32, 4 operands and a temporary.
static int64_t BurstInt8(int64_t steps) {
  __m256i a[2] = {_mm256_set1_epi8(3), _mm256_set1_epi8(5)};
  __m256i b[2] = {_mm256_set1_epi8(-7), _mm256_set1_epi8(9)};
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[4] = {};
  for (int64_t s = 0; s < steps; ++s) {
    __m256i part[4] = {};
#pragma GCC unroll 8
    for (int n = 0; n < 8; ++n) {
      asm volatile("" : "+x"(a[0]), "+x"(a[1]), "+x"(b[0]), "+x"(b[1]));  // or the products would be made once
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) part[i] = _mm256_add_epi16(part[i], _mm256_maddubs_epi16(a[i / 2], b[i % 2]));
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) sums[i] = _mm256_add_epi32(sums[i], _mm256_madd_epi16(part[i], ones));
  }
  for (int i = 0; i < 4; ++i) asm volatile("" : : "x"(sums[i]));
  return steps * 8 * 4 * 32 * 2;
}

}  // namespace

void FillBurstAvx2(KernelTable& table) {
  table.burst_int8 = BurstInt8;
  table.burst_float = BurstFloat;
  table.burst_read = BurstRead;
}

}  // namespace tradewind
