// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/integer_program.h"
#include "search/strategy_problems.h"

namespace tradewind {
namespace {

// Both axes of this problem are sums over the parts: the tables are exact, and the programs find points of the front alone.
TEST(Additive, FindsTheFrontOfAnAdditiveProblemInFewTrials) {
  if (!HasIntegerPrograms()) GTEST_SKIP() << "this build has no CBC";
  for (uint64_t seed = 1; seed <= 1; ++seed) {
    EXPECT_GT(FrontShare(NetProblem(), RunProblem(NetProblem(), "additive", {.seed = seed, .trials = 80})), 0.7) << seed;
  }
}

TEST(Additive, BeatsRandomWhereTheTablesAreNotExact) {
  if (!HasIntegerPrograms()) GTEST_SKIP() << "this build has no CBC";
  const Comparison c = AgainstRandom(CellProblem(), "additive", 50, 6);
  EXPECT_GT(c.gain, 0.02);
  EXPECT_LT(c.p, 0.05);
}

TEST(Additive, SaysThatItNeedsASolver) {
  if (HasIntegerPrograms()) GTEST_SKIP() << "this build has CBC";
  const SearchProblem problem = NetProblem();
  EXPECT_THAT(MakeStrategy("additive", problem.space, problem.goal, {}).error().message(), testing::HasSubstr("coinor-libcbc-dev"));
}

}  // namespace
}  // namespace tradewind
