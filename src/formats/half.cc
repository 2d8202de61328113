// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Half and bfloat16 by bit arithmetic, the same on every machine. A NaN keeps its sign and the top of its payload and is made quiet, as
// x86's own conversions do. Values too large for a half become infinite.
#include <bit>

#include "formats/tensor_type.h"

namespace tradewind {
namespace {

constexpr uint32_t kSingleInfinity = 0x7F800000;
constexpr uint32_t kSingleQuiet = 0x00400000;

}  // namespace

float HalfToFloat(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  const uint32_t exponent = (half >> 10) & 0x1F;
  const uint32_t mantissa = half & 0x3FF;
  if (exponent == 0) {  // zero or subnormal: mantissa * 2^-24, exact in single
    return std::bit_cast<float>(std::bit_cast<uint32_t>(static_cast<float>(mantissa) * 0x1p-24f) | sign);
  }
  if (exponent == 0x1F) {
    return std::bit_cast<float>(sign | kSingleInfinity | (mantissa << 13) | (mantissa ? kSingleQuiet : 0));
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

uint16_t FloatToHalf(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t magnitude = bits & 0x7FFFFFFF;
  const uint32_t sign = (bits >> 16) & 0x8000;
  uint32_t half = 0;
  if (magnitude > kSingleInfinity) {
    half = 0x7E00 | ((magnitude >> 13) & 0x3FF);
  } else if (magnitude >= 0x477FF000) {  // 65520 lies midway between the largest half and the next step, and ties to the even one
    half = 0x7C00;
  } else if (magnitude >= 0x38800000) {  // at least 2^-14: a normal half
    half = ((magnitude + 0xFFF + ((magnitude >> 13) & 1)) >> 13) - (112 << 10);
  } else {  // one unit in the last place of [0.5, 1) is 2^-24, the step of subnormal halves: the addition rounds
    half = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - std::bit_cast<uint32_t>(0.5f);
  }
  return static_cast<uint16_t>(sign | half);
}

float BFloat16ToFloat(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

uint16_t FloatToBFloat16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7FFFFFFF) > kSingleInfinity) return static_cast<uint16_t>((bits | kSingleQuiet) >> 16);
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

}  // namespace tradewind
