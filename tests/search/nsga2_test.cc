// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

TEST(Nsga2, FindsMostOfTheFrontInAThirdOfTheTrials) {
  double share = 0;
  for (uint64_t seed = 1; seed <= 5; ++seed)
    share += FrontShare(NetProblem(), RunProblem(NetProblem(), "nsga2", {.seed = seed, .trials = 90})) / 5;
  EXPECT_GT(share, 0.5) << "random finds a third";
}

TEST(Nsga2, BeatsRandomAtManyAndAtFewTrials) {
  for (const size_t trials : {size_t{100}, size_t{300}}) {
    const Comparison c = AgainstRandom(CellProblem(), "nsga2", trials, 16);
    EXPECT_GT(c.gain, 0.01) << trials;
    EXPECT_LT(c.p, 0.01) << trials;
  }
}

}  // namespace
}  // namespace tradewind
