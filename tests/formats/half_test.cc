// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Half and bfloat16 against their definitions: every half by ldexp, every rounding boundary between neighbours.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "formats/tensor_type.h"

namespace tradewind {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// IEEE 754 binary16 by its definition.
double HalfByDefinition(uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int mantissa = half & 1023;
  const double magnitude = exponent == 31  ? HUGE_VAL
                           : exponent == 0 ? std::ldexp(mantissa, -24)
                                           : std::ldexp(1024 + mantissa, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

bool IsNanHalf(uint32_t half) {
  return (half & 0x7FFF) > 0x7C00;
}

TEST(HalfTest, EveryHalfHasTheValueOfItsDefinition) {
  for (uint32_t half = 0; half < 65536; ++half) {
    const float value = HalfToFloat(static_cast<uint16_t>(half));
    EXPECT_EQ(std::signbit(value), half >= 0x8000) << half;
    if (IsNanHalf(half)) {
      EXPECT_TRUE(std::isnan(value)) << half;
      EXPECT_TRUE(std::bit_cast<uint32_t>(value) & 0x00400000) << half << " is not quiet";
    } else {
      EXPECT_EQ(value, HalfByDefinition(static_cast<uint16_t>(half))) << half;
    }
  }
}

TEST(HalfTest, EveryHalfSurvivesTheWayToFloatAndBack) {
  for (uint32_t half = 0; half < 65536; ++half) {
    const uint16_t back = FloatToHalf(HalfToFloat(static_cast<uint16_t>(half)));
    EXPECT_EQ(back, IsNanHalf(half) ? half | 0x0200 : half);
  }
}

// Between any two neighbours: their midpoint goes to the even one, and the floats beside it to the nearer one.
TEST(HalfTest, RoundsToTheNearestAndTiesToEven) {
  for (uint16_t low = 0; low < 0x7C00; ++low) {
    const uint16_t high = low + 1;
    // The step beyond the largest half would be 65536: from its midpoint on, values round to infinity.
    const double above = high == 0x7C00 ? 65536.0 : HalfByDefinition(high);
    const auto middle = static_cast<float>((HalfByDefinition(low) + above) / 2);
    const uint16_t even = low % 2 == 0 ? low : high;
    EXPECT_EQ(FloatToHalf(middle), even) << low;
    EXPECT_EQ(FloatToHalf(std::nextafter(middle, 0.0f)), low) << low;
    EXPECT_EQ(FloatToHalf(std::nextafter(middle, kInfinity)), high) << low;
    EXPECT_EQ(FloatToHalf(-middle), even | 0x8000) << low;
  }
}

TEST(HalfTest, ExtremesOfSingleGoToZeroInfinityAndNan) {
  EXPECT_EQ(FloatToHalf(std::numeric_limits<float>::denorm_min()), 0x0000);
  EXPECT_EQ(FloatToHalf(-std::numeric_limits<float>::min()), 0x8000);
  EXPECT_EQ(FloatToHalf(std::numeric_limits<float>::max()), 0x7C00);
  EXPECT_EQ(FloatToHalf(-kInfinity), 0xFC00);
  EXPECT_TRUE(IsNanHalf(FloatToHalf(std::numeric_limits<float>::quiet_NaN())));
  EXPECT_TRUE(IsNanHalf(FloatToHalf(std::bit_cast<float>(0x7F800001u))));  // the payload lies below what a half keeps
}

TEST(BFloat16Test, EveryValueIsTheTopOfASingleAndComesBack) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const float value = BFloat16ToFloat(static_cast<uint16_t>(bits));
    EXPECT_EQ(std::bit_cast<uint32_t>(value), bits << 16);
    const bool nan = (bits & 0x7FFF) > 0x7F80;
    EXPECT_EQ(FloatToBFloat16(value), nan ? bits | 0x0040 : bits);
  }
}

TEST(BFloat16Test, RoundsToTheNearestAndTiesToEven) {
  for (uint32_t low = 0; low < 0x7F80; ++low) {
    const auto middle = std::bit_cast<float>(low << 16 | 0x8000);
    EXPECT_EQ(FloatToBFloat16(middle), low % 2 == 0 ? low : low + 1);
    EXPECT_EQ(FloatToBFloat16(std::nextafter(middle, 0.0f)), low);
    EXPECT_EQ(FloatToBFloat16(std::nextafter(middle, kInfinity)), low + 1);
    EXPECT_EQ(FloatToBFloat16(-middle), (low % 2 == 0 ? low : low + 1) | 0x8000);
  }
}

TEST(BFloat16Test, NanStaysNanWhateverItsPayload) {
  std::mt19937 random(1);
  for (int i = 0; i < 10000; ++i) {
    const uint32_t payload = random() % 0x7FFFFF + 1;
    EXPECT_TRUE(std::isnan(BFloat16ToFloat(FloatToBFloat16(std::bit_cast<float>(0x7F800000u | payload)))));
  }
}

}  // namespace
}  // namespace tradewind
