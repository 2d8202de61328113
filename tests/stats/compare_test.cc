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

// Each of the four bounds by itself turns a verdict.
TEST(Compare, BoundsAreTheCallers) {
  const auto judge = [](double low, double high, const VerdictBounds& bounds) { return Judge({low, high, 0.95}, bounds); };
  EXPECT_EQ(judge(1.03, 1.2, {.different_high = 1.1}), Verdict::kUndecided);
  EXPECT_EQ(judge(1.001, 1.2, {.different_high = 1}), Verdict::kDifferent);
  EXPECT_EQ(judge(0.8, 0.97, {.different_low = 0.9}), Verdict::kUndecided);
  EXPECT_EQ(judge(0.8, 0.999, {.different_low = 1}), Verdict::kDifferent);
  EXPECT_EQ(judge(0.9, 1.0, {.same_low = 0.9}), Verdict::kSame);
  EXPECT_EQ(judge(0.97, 1.0, {.same_low = 0.98}), Verdict::kUndecided);
  EXPECT_EQ(judge(1.0, 1.1, {.same_high = 1.1}), Verdict::kSame);
  EXPECT_EQ(judge(1.0, 1.04, {.same_high = 1.03}), Verdict::kUndecided);
}

TEST(Compare, BoundsMadeOfShares) {
  const auto usual = VerdictBoundsOf(0.02, 0.05);
  ASSERT_TRUE(usual);
  EXPECT_DOUBLE_EQ(usual->different_low, VerdictBounds{}.different_low);
  EXPECT_DOUBLE_EQ(usual->different_high, VerdictBounds{}.different_high);
  EXPECT_DOUBLE_EQ(usual->same_low, VerdictBounds{}.same_low);
  EXPECT_DOUBLE_EQ(usual->same_high, VerdictBounds{}.same_high);
  EXPECT_TRUE(VerdictBoundsOf(0, 0.1));
  EXPECT_FALSE(VerdictBoundsOf(0.05, 0.02));
  EXPECT_FALSE(VerdictBoundsOf(-0.1, 0.1));
  EXPECT_FALSE(VerdictBoundsOf(0.1, 1));
  EXPECT_FALSE(VerdictBoundsOf(NAN, 0.1));
}

TEST(Compare, BoundsFromOutsideAreChecked) {
  EXPECT_TRUE(CheckVerdictBounds({}));
  const struct {
    VerdictBounds bounds;
    const char* where;
  } wrong[] = {{{.same_low = 0}, "same_low"},
               {{.same_low = NAN}, "same_low"},
               {{.different_low = 0.9}, "different_low"},
               {{.different_low = 1.01}, "1"},
               {{.different_high = 0.99}, "different_high"},
               {{.different_high = INFINITY}, "different_high"},
               {{.same_high = 1.01}, "same_high"},
               {{.same_high = INFINITY}, "same_high"}};
  for (const auto& c : wrong) {
    const auto checked = CheckVerdictBounds(c.bounds);
    ASSERT_FALSE(checked) << c.where;
    EXPECT_EQ(checked.error().code(), StatusCode::kInvalidInput);
    EXPECT_EQ(checked.error().where(), c.where);
  }
}

TEST(Compare, NamesAreThoseOfTheJson) {
  EXPECT_EQ(VerdictName(Verdict::kDifferent), "different");
  EXPECT_EQ(VerdictName(Verdict::kSame), "same");
  EXPECT_EQ(VerdictName(Verdict::kUndecided), "undecided");
}

}  // namespace
}  // namespace tradewind
