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
  // Over 16 seeds 0.817, deviation 0.045; random 0.312.
  EXPECT_GT(MeanFrontShare(NetProblem(), "additive", 80, 3), 0.71);
}

TEST(Additive, BeatsRandomWhereTheTablesAreNotExact) {
  if (!HasIntegerPrograms()) GTEST_SKIP() << "this build has no CBC";
  // Over 16 seeds a gain of 0.103, deviation 0.038.
  const Comparison c = AgainstRandom(CellProblem(), "additive", 50, 6);
  EXPECT_GT(c.gain, 0.041);
  EXPECT_LT(c.p, 0.05);
}

TEST(Additive, SaysThatItNeedsASolver) {
  if (HasIntegerPrograms()) GTEST_SKIP() << "this build has CBC";
  const SearchProblem problem = NetProblem();
  EXPECT_THAT(MakeStrategy("additive", problem.space, problem.goal, {}).error().message(), testing::HasSubstr("coinor-libcbc-dev"));
}

}  // namespace
}  // namespace tradewind
