// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/compare.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

TEST(Compare, Verdicts) {
  const struct {
    double low, high;
    Verdict verdict;
  } cases[] = {{1.03, 1.20, Verdict::kDifferent}, {0.50, 0.97, Verdict::kDifferent},
               {0.99, 1.01, Verdict::kSame},      {0.95, 1.05, Verdict::kSame},
               {0.94, 1.00, Verdict::kUndecided}, {1.00, 1.06, Verdict::kUndecided},
               {1.03, 1.04, Verdict::kDifferent},  // also within the bounds of "same"
               {1.02, 1.20, Verdict::kUndecided},  // touches
               {0.50, 2.00, Verdict::kUndecided}, {NAN, 1, Verdict::kUndecided},
               {1, NAN, Verdict::kUndecided},     {-INFINITY, INFINITY, Verdict::kUndecided}};
  for (const auto& c : cases) EXPECT_EQ(Judge({c.low, c.high, 0.95}), c.verdict) << c.low << " " << c.high;
}

TEST(Compare, BoundsAreTheCallers) {
  EXPECT_EQ(Judge({1.03, 1.2, 0.95}, {.different_high = 1.1}), Verdict::kUndecided);
  EXPECT_EQ(Judge({0.9, 1.1, 0.95}, {.same_low = 0.9, .same_high = 1.1}), Verdict::kSame);
}

TEST(Compare, NamesAreThoseOfTheJson) {
  EXPECT_EQ(VerdictName(Verdict::kDifferent), "different");
  EXPECT_EQ(VerdictName(Verdict::kSame), "same");
  EXPECT_EQ(VerdictName(Verdict::kUndecided), "undecided");
}

}  // namespace
}  // namespace tradewind
