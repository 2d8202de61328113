// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/guided.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

// Plans a spread design, then what it is given.
class Planner final : public GuidedStrategy {
 public:
  Planner(const SearchProblem& problem, size_t trials)
      : GuidedStrategy(Space::Make(problem.space).value(), problem.goal, {.seed = 1, .trials = trials}) {}
  std::string_view name() const override { return "planner"; }
  using GuidedStrategy::Fresh;
  using GuidedStrategy::SpreadDesign;
  std::vector<Genome> plan;

 private:
  std::vector<Genome> Plan() override { return plan; }
};

TEST(GuidedStrategy, ProposesNothingTwiceAndNoMoreThanTheTrials) {
  Planner planner(NetProblem(), 3);
  planner.plan = {{0, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}};
  EXPECT_EQ(planner.Propose(5).size(), 2u) << "rather a smaller batch than a plan that does not know what it brings";
  planner.plan = {{0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}};
  EXPECT_EQ(planner.Propose(5).size(), 1u);
  EXPECT_EQ(planner.Propose(1).size(), 0u);
}

TEST(GuidedStrategy, ToldOfAnotherSettingItDoesNotProposeIt) {
  const SearchProblem problem = NetProblem();
  Planner planner(problem, 10);
  const Space space = Space::Make(problem.space).value();
  planner.Observe(**problem(space.Decode({0, 0, 0, 0})));
  planner.plan = {{0, 0, 0, 0}, {0, 0, 0, 1}};
  const std::vector<Setting> proposed = planner.Propose(5);
  ASSERT_EQ(proposed.size(), 1u);
  EXPECT_EQ(proposed[0].Text(), "part0=0 part1=0 part2=0 part3=1");
}

TEST(GuidedStrategy, ASpreadDesignGivesEachValueItsShare) {
  Planner planner(NetProblem(), 100);
  std::vector<std::vector<int>> counts(4, std::vector<int>(4, 0));
  for (const Genome& g : planner.SpreadDesign(16)) {
    for (size_t d = 0; d < 4; ++d) ++counts[d][static_cast<size_t>(g[d])];
  }
  // A combination that comes up twice is drawn anew, so that a count may be off by one or two.
  for (const auto& dimension : counts) EXPECT_THAT(dimension, testing::Each(testing::AllOf(testing::Ge(2), testing::Le(6))));
}

TEST(GuidedStrategy, ASpreadDesignCoversARangePartByPart) {
  SearchProblem problem = NetProblem();
  problem.space.dimensions = {{.knob = "x", .values = {}, .range = RealDomain{0, 20}}};
  Planner planner(problem, 100);
  std::set<int> parts;
  for (const Genome& g : planner.SpreadDesign(20)) parts.insert(static_cast<int>(g[0]));
  EXPECT_EQ(parts.size(), 20u);
}

}  // namespace
}  // namespace tradewind
