// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

TEST(Reinforce, BeatsRandomWithEitherReward) {
  for (const char* reward : {"soft", "hard"}) {
    const Comparison c = AgainstRandom(CellProblem(), "reinforce", 300, 10, {{"reward", reward}});
    EXPECT_GT(c.gain, 0.0) << reward;
    EXPECT_LT(c.p, 0.02) << reward;
  }
}

// Of one axis the policy climbs: the last of its trials are far better than chance.
TEST(Reinforce, ThePolicyImproves) {
  SearchProblem problem = CellProblem();
  problem.goal.axes.resize(1);
  problem.goal.reference.clear();
  double gain = 0;
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<Point> points = RunProblem(problem, "reinforce", {.seed = seed, .trials = 300});
    ASSERT_EQ(points.size(), 300u);
    const auto mean = [&](size_t from) {
      double sum = 0;
      for (size_t i = from; i < from + 50; ++i) sum += points[i].Find("accuracy")->value / 50;
      return sum;
    };
    gain += (mean(150) - mean(0)) / 5;
  }
  EXPECT_GT(gain, 10);
}

}  // namespace
}  // namespace tradewind
