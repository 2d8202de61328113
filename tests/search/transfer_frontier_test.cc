// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer_frontier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

using V = std::vector<double>;

TEST(TransferFrontier, TheVolumeOfAStaircase) {
  // Rectangles by hand: (10 - 2) * 1 + (10 - 4) * 2; the third point is dominated, the fourth beyond the reference.
  EXPECT_DOUBLE_EQ(QualityCostVolume(V{1, 3, 2, 9}, V{2, 4, 5, 11}, 0, 10), 20);
  EXPECT_EQ(QualityCostFrontier(V{1, 3, 2, 3}, V{2, 4, 5, 4}), (std::vector<size_t>{0, 1}));
}

// Against the definition: no frontier point is dominated, and every other is.
TEST(TransferFrontier, TheFrontierIsWhatNothingDominates) {
  Random random(4);
  V quality, cost;
  for (int i = 0; i < 200; ++i) {
    quality.push_back(static_cast<double>(random.Below(20)));
    cost.push_back(static_cast<double>(random.Below(20)));
  }
  const std::vector<size_t> frontier = QualityCostFrontier(quality, cost);
  for (size_t i = 0; i < quality.size(); ++i) {
    bool dominated = false;
    for (size_t j = 0; j < quality.size(); ++j) {
      dominated |= quality[j] >= quality[i] && cost[j] <= cost[i] && (quality[j] > quality[i] || cost[j] < cost[i] || j < i);
    }
    EXPECT_EQ(std::count(frontier.begin(), frontier.end(), i), dominated ? 0 : 1) << i;
  }
}

TEST(TransferFrontier, TrueCostsGiveAllOfItAndAnyRisingFunctionOfThemToo) {
  Random random(5);
  V quality, cost, squared;
  for (int i = 0; i < 100; ++i) {
    quality.push_back(random.Uniform());
    cost.push_back(1 + random.Uniform());
    squared.push_back(cost.back() * cost.back());
  }
  EXPECT_DOUBLE_EQ(TransferFrontier(quality, squared, cost).share, 1);
  V reversed;
  for (const double c : cost) reversed.push_back(-c);
  EXPECT_LT(TransferFrontier(quality, reversed, cost).share, 0.9);
}

TEST(SearchUnderBound, AMissIsMeasuredAndMended) {
  // All predictions are half of the truth: the first choice misses, the second knows by how much.
  const V quality = {1, 2, 3, 4};
  const V truth = {2, 4, 6, 8};
  const V predicted = {1, 2, 3, 4};
  const BoundedChoice blind = SearchUnderBound(quality, predicted, truth, 4, 0);
  EXPECT_EQ(blind.chosen, 3U);
  EXPECT_FALSE(blind.within);
  const BoundedChoice checked = SearchUnderBound(quality, predicted, truth, 4, 3);
  EXPECT_EQ(checked.chosen, 1U);
  EXPECT_EQ(checked.checks, 2U);
  EXPECT_TRUE(checked.within);
  EXPECT_EQ(checked.quality, checked.best_quality);
  EXPECT_EQ(checked.unaided, 3U);  // 4 and 3 are above the bound, 2 keeps it
}

TEST(SearchUnderBound, ABoundThatNothingKeepsGivesTheCheapestMeasured) {
  const BoundedChoice choice = SearchUnderBound(V{1, 2}, V{1, 2}, V{10, 20}, 1, 5);
  EXPECT_EQ(choice.chosen, 0U);
  EXPECT_FALSE(choice.within);
  EXPECT_EQ(choice.best_quality, -INFINITY);
  EXPECT_LE(choice.checks, 2U);
  EXPECT_EQ(choice.unaided, 2U);
}

}  // namespace
}  // namespace tradewind
