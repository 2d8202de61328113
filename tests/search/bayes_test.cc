// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

TEST(Bayes, FindsNearlyAllOfTheFrontInAFourthOfTheTrials) {
  // Over 12 seeds 0.990, deviation 0.016.
  EXPECT_GT(MeanFrontShare(NetProblem(), "bayes", 64, 3), 0.952);
}

TEST(Bayes, BeatsRandomOnChoices) {
  // Over 12 seeds a gain of 0.106, deviation 0.042.
  const Comparison c = AgainstRandom(CellProblem(), "bayes", 60, 8, {{"refit", "0.15"}, {"candidates", "150"}});
  EXPECT_GT(c.gain, 0.047);
  EXPECT_LT(c.p, 0.05);
}

// Every knob is a range: the process is taken by itself.
TEST(Bayes, DescendsOnRealKnobs) {
  const SearchProblem problem = Zdt1Problem(6);
  // At the front the area is 1.1 * 6 less the area under 1 - sqrt(f1), which is 1/3: 6.27.
  EXPECT_GT(Area(problem, RunProblem(problem, "bayes", {.seed = 1, .trials = 60, .parameters = {{"refit", "0.1"}}})), 5.9);
  EXPECT_LT(Area(problem, RunProblem(problem, "random", {.seed = 1, .trials = 60})), 5.0);
}

}  // namespace
}  // namespace tradewind
