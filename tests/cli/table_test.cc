// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <gtest/gtest.h>

#include "base/numbers.h"

namespace tradewind {
namespace {

TEST(TextTable, NumbersStandRightWordsLeft) {
  TextTable table({"name", "ms"});
  table.Add({"a", "5"});
  table.Add({"long", "125"});
  EXPECT_EQ(table.Text(), "name   ms\na       5\nlong  125\n");
}

TEST(TextTable, WidthsAreOfCharacters) {
  TextTable table({"w", "x"});
  table.Add({"\u00e9\u00e9", "b"});
  table.Add({"abc", "b"});
  EXPECT_EQ(table.Text(), "w    x\n\u00e9\u00e9   b\nabc  b\n");
}

TEST(TextTable, OfAHeaderAlone) {
  EXPECT_EQ(TextTable({"a", "b"}).Text(), "a  b\n");
}

TEST(TextTable, Numbers) {
  EXPECT_EQ(ShortNumber(12345.678), "1.235e+04");
  EXPECT_EQ(ShortNumber(0.123456), "0.1235");
  EXPECT_EQ(WithInterval(12.34, 12, 13.006), "12.3 (12-13)");
  EXPECT_EQ(WithInterval(1234.4, 999.6, 123456), "1234 (1000-123456)");
  EXPECT_EQ(WithInterval(12.34, -kInfinity, kInfinity), "12.3");
  EXPECT_EQ(WithInterval(0.00012345, -1e9, kInfinity), "0.000123 (-1e+09-inf)");
}

}  // namespace
}  // namespace tradewind
