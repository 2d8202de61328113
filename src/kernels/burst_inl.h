// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The peak in single precision, over F32x16: fused multiply-adds that stay in registers, with more sums than a multiply-add's latency of
// four cycles, two a cycle, needs. Include after a vec16_*.h, and from files of that instruction set only.
#pragma once

#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

static int64_t BurstFloat(int64_t steps) {
  constexpr int kSums = 5;  // twice as many registers on AVX2
  F32x16 sums[kSums];
  for (int i = 0; i < kSums; ++i) sums[i] = Zero();
  const F32x16 factor = Set1(0.5f);
  for (int64_t s = 0; s < steps; ++s) {
#pragma GCC unroll 8
    for (int repeat = 0; repeat < 8; ++repeat) {
#pragma GCC unroll 8
      for (int i = 0; i < kSums; ++i) sums[i] = Fma(sums[i], factor, factor);
    }
  }
  float out = 0;
  for (int i = 0; i < kSums; ++i) out += ReduceAdd(sums[i]);
  asm volatile("" : : "x"(out));
  return steps * 8 * kSums * 16 * 2;
}

static void BurstRead(const std::byte* data, int64_t bytes) {
  F32x16 sums[4] = {Zero(), Zero(), Zero(), Zero()};
  const auto* values = reinterpret_cast<const float*>(data);
  for (int64_t i = 0; i + 64 <= bytes / 4; i += 64) {
#pragma GCC unroll 4
    for (int k = 0; k < 4; ++k) sums[k] = Max(sums[k], Load(values + i + 16 * k));
  }
  float out = ReduceMax(Max(Max(sums[0], sums[1]), Max(sums[2], sums[3])));
  asm volatile("" : : "x"(out));
}

}  // namespace
}  // namespace tradewind
