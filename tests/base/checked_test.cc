// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/checked.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

constexpr uint64_t kMax = UINT64_MAX;
__extension__ using Wide = unsigned __int128;

// Every pair of values near the edges, against 128-bit arithmetic.
TEST(Checked, AgreesWithWiderArithmetic) {
  const uint64_t values[] = {0, 1, 2, 3, 255, 65537, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, kMax - 1, kMax};
  for (const uint64_t a : values) {
    for (const uint64_t b : values) {
      const Wide sum = Wide{a} + b, product = Wide{a} * b;
      EXPECT_EQ(CheckedAdd(a, b), sum > kMax ? CheckedU64() : CheckedU64(static_cast<uint64_t>(sum))) << a << "+" << b;
      EXPECT_EQ(CheckedMul(a, b), product > kMax ? CheckedU64() : CheckedU64(static_cast<uint64_t>(product))) << a << "*" << b;
      EXPECT_EQ(CheckedSub(a, b), a < b ? CheckedU64() : CheckedU64(a - b)) << a << "-" << b;
    }
  }
}

TEST(Checked, AnOverflowStays) {
  const CheckedU64 over = CheckedMul(kMax, 2);
  EXPECT_FALSE(CheckedAdd(over, 0));
  EXPECT_FALSE(CheckedMul(0, over));
  EXPECT_FALSE(CheckedSub(over, 1));
  EXPECT_FALSE(CheckedRoundUp(over, 8));
}

TEST(Checked, RoundsUp) {
  EXPECT_EQ(CheckedRoundUp(0, 32), 0u);
  EXPECT_EQ(CheckedRoundUp(1, 32), 32u);
  EXPECT_EQ(CheckedRoundUp(32, 32), 32u);
  EXPECT_EQ(CheckedRoundUp(33, 1), 33u);
  EXPECT_FALSE(CheckedRoundUp(5, 0));
  EXPECT_FALSE(CheckedRoundUp(kMax, 32));
  EXPECT_EQ(CheckedRoundUp(kMax - 31, 32), kMax - 31);
}

TEST(Checked, Casts) {
  EXPECT_EQ(CheckedCast<uint32_t>(uint64_t{0xffffffff}), 0xffffffffu);
  EXPECT_FALSE(CheckedCast<uint32_t>(uint64_t{0x100000000}));
  EXPECT_FALSE(CheckedCast<uint64_t>(-1));
  EXPECT_FALSE(CheckedCast<int>(kMax));
  EXPECT_EQ(CheckedCast<int8_t>(-128), -128);
}

}  // namespace
}  // namespace tradewind
