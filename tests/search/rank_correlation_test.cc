// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/rank_correlation.h"

#include <gtest/gtest.h>

#include <vector>

namespace tradewind {
namespace {

using V = std::vector<double>;

TEST(RankCorrelation, KnownSmallCases) {
  EXPECT_DOUBLE_EQ(SpearmanCorrelation(V{1, 2, 3}, V{10, 200, 3000}), 1);
  EXPECT_DOUBLE_EQ(SpearmanCorrelation(V{1, 2, 3}, V{3, 2, 1}), -1);
  // 1 - 6 sum d^2 / (n (n^2 - 1)) = 1 - 6 * 2 / 60.
  EXPECT_DOUBLE_EQ(SpearmanCorrelation(V{1, 2, 3, 4}, V{1, 3, 2, 4}), 0.8);
  // Ranks 1, 2.5, 2.5, 4 against 1 to 4: 4.5 / sqrt(4.5 * 5).
  EXPECT_NEAR(SpearmanCorrelation(V{1, 2, 2, 3}, V{1, 2, 3, 4}), 0.9486832980505138, 1e-12);
}

TEST(RankCorrelation, AConstantHasNone) {
  EXPECT_EQ(SpearmanCorrelation(V{5, 5, 5}, V{1, 2, 3}), 0);
  EXPECT_EQ(SpearmanCorrelation(V{}, V{}), 0);
}

}  // namespace
}  // namespace tradewind
