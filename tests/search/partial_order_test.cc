// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(PartialOrder, IsUnsupportedWithoutAnOrder) {
  const SearchProblem problem = CellProblem();
  const auto made = MakeStrategy("partial_order", problem.space, problem.goal, {});
  EXPECT_EQ(made.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(made.error().message(), HasSubstr("ordered=all"));
  EXPECT_TRUE(MakeStrategy("partial_order", problem.space, problem.goal, {.parameters = {{"ordered", "all"}}}));
}

// The order holds in this problem: what is pruned cannot be on the front, and the search ends before it has tried everything.
TEST(PartialOrder, FindsTheWholeFrontAndEndsByItself) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const std::vector<Point> points = RunProblem(NetProblem(), "partial_order", {.seed = seed, .trials = 256});
    EXPECT_DOUBLE_EQ(FrontShare(NetProblem(), points), 1) << seed;
    EXPECT_LT(points.size(), 220u) << seed;
  }
}

TEST(PartialOrder, BeatsRandom) {
  const Comparison c = AgainstRandom(NetProblem(), "partial_order", 60, 10);
  EXPECT_GT(c.gain, 0.0);
  EXPECT_LT(c.p, 0.02);
}

TEST(PartialOrder, CountsWhereTheOrderIsWrong) {
  SearchProblem problem = NetProblem();
  const auto remark = [&] {
    auto strategy = MakeStrategy("partial_order", problem.space, problem.goal, {.seed = 1, .trials = 60}).value();
    EXPECT_TRUE(RunTrials(*strategy, {.trials = 60}, problem));
    return strategy->Remark();
  };
  EXPECT_THAT(remark(), HasSubstr("wrong for 0 of"));
  problem.measure = [inner = problem.measure](const Setting& s) {
    std::vector<Measurement> m = inner(s);
    if (s.IntegerOr("part3", 0) == 2) m[0].value -= 9;  // size 2 of the last part does harm
    return m;
  };
  EXPECT_THAT(remark(), testing::Not(HasSubstr("wrong for 0 of")));
}

}  // namespace
}  // namespace tradewind
