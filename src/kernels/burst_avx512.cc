// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/vec16_avx512.h"
// The vector type comes first.
#include "kernels/burst_inl.h"
#include "kernels/simd_ops.h"

namespace tradewind {
namespace {

// vpdpbusd into more sums than its latency of five cycles, two a cycle, needs.
static int64_t BurstInt8(int64_t steps) {
  constexpr int kSums = 12;
  const __m512i a = _mm512_set1_epi8(3);
  const __m512i b = _mm512_set1_epi8(5);
  __m512i sums[kSums];
  for (int i = 0; i < kSums; ++i) sums[i] = _mm512_setzero_si512();
  for (int64_t s = 0; s < steps; ++s) {
#pragma GCC unroll 4
    for (int repeat = 0; repeat < 4; ++repeat) {
#pragma GCC unroll 16
      for (int i = 0; i < kSums; ++i) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
    }
  }
  __m512i all = sums[0];
  for (int i = 1; i < kSums; ++i) all = _mm512_xor_si512(all, sums[i]);
  float out[16];
  _mm512_storeu_ps(out, _mm512_castsi512_ps(all));
  asm volatile("" : : "m"(out));
  return steps * 4 * kSums * 64 * 2;
}

}  // namespace

void TRADEWIND_AVX512(FillBurst)(KernelTable& table) {
  table.burst_int8 = BurstInt8;
  table.burst_float = BurstFloat;
  table.burst_read = BurstRead;
}

}  // namespace tradewind
