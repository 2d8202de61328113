// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "kernels/kernels_ref.h"

namespace tradewind {

int64_t BurstInt8Ref(int64_t steps) {
  int32_t sum = 0;
  for (int64_t s = 0; s < steps; ++s) {
    int32_t factor = 3;
    asm volatile("" : "+r"(factor));
    sum += factor * 5;
  }
  asm volatile("" : : "r"(sum));
  return steps * 2;
}

int64_t BurstFloatRef(int64_t steps) {
  float sum = 0;
  for (int64_t s = 0; s < steps; ++s) sum = std::fma(sum, 0.5f, 0.5f);
  asm volatile("" : : "x"(sum));
  return steps * 2;
}

void BurstReadRef(const std::byte* data, int64_t bytes) {
  std::byte all{};
  for (int64_t i = 0; i < bytes; ++i) all |= data[i];
  asm volatile("" : : "r"(static_cast<int>(all)));
}

}  // namespace tradewind
