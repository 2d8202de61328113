// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

TEST(Evolution, FindsMostOfTheFrontInAThirdOfTheTrials) {
  double share = 0;
  for (uint64_t seed = 1; seed <= 5; ++seed)
    share += FrontShare(NetProblem(), RunProblem(NetProblem(), "evolution", {.seed = seed, .trials = 90})) / 5;
  EXPECT_GT(share, 0.65);
}

TEST(Evolution, BeatsRandomAndItsScreenPays) {
  const Comparison screened = AgainstRandom(CellProblem(), "evolution", 120, 10);
  EXPECT_GT(screened.gain, 0.02);
  EXPECT_LT(screened.p, 0.01);
  EXPECT_GT(screened.gain, AgainstRandom(CellProblem(), "evolution", 120, 10, {{"screen", "1"}}).gain);
}

}  // namespace
}  // namespace tradewind
