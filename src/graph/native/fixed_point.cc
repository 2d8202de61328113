// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/fixed_point.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

constexpr int kBits = 31;

}  // namespace

FixedPoint ToFixedPoint(double real) {
  if (!(real > 0) || std::isinf(real)) return {};
  int shift = 0;
  auto multiplier = static_cast<int64_t>(std::llround(std::frexp(real, &shift) * static_cast<double>(int64_t{1} << kBits)));
  if (multiplier == int64_t{1} << kBits) {
    multiplier /= 2;
    ++shift;
  }
  if (shift < -kBits) return {};
  // A left shift of 31 and more has no bits left to shift: the sum saturates, which no file in use asks for.
  return {static_cast<int32_t>(multiplier), std::min(shift, kBits - 1)};
}

FixedPoint ProductMultiplier(float input, float weights, float output, bool per_channel) {
  const double product = per_channel ? static_cast<double>(input) * static_cast<double>(weights) : static_cast<double>(input * weights);
  return ToFixedPoint(product / static_cast<double>(output));
}

IntegerAddition AddMultipliers(const Quantization& a, const Quantization& b, const Quantization& out) {
  const double twice = 2 * static_cast<double>(std::max(a.scale, b.scale));
  const FixedPoint of_a = ToFixedPoint(static_cast<double>(a.scale) / twice);
  const FixedPoint of_b = ToFixedPoint(static_cast<double>(b.scale) / twice);
  const FixedPoint back = ToFixedPoint(twice / (static_cast<double>(1 << kAdditionBits) * static_cast<double>(out.scale)));
  return {.a = {of_a.multiplier, of_a.shift}, .b = {of_b.multiplier, of_b.shift}, .out = {back.multiplier, back.shift}};
}

IntegerBounds QuantizedBounds(float low, float high, const Quantization& q) {
  const auto quantized = [&](float real) {
    const double number = std::round(static_cast<double>(real / q.scale)) + q.zero_point;
    return static_cast<int32_t>(std::clamp<double>(number, q.low, q.high));
  };
  return {std::isinf(low) ? q.low : quantized(low), std::isinf(high) ? q.high : quantized(high)};
}

}  // namespace tradewind
