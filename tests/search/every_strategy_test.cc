// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What every registered strategy promises (search/guided.h, core/strategy.h), asked of each by its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "search/guided.h"
#include "search/strategy_problems.h"

namespace tradewind {
namespace {

class EveryStrategy : public testing::TestWithParam<std::string> {};

std::vector<std::string> Texts(const std::vector<Point>& points) {
  std::vector<std::string> texts;
  for (const Point& p : points) texts.push_back(p.setting.Text());
  return texts;
}

// The problem that the strategy applies to: some need sizes in order, some epochs.
SearchProblem ProblemFor(const std::string& strategy) {
  return strategy == "halving" ? EpochsProblem() : NetProblem();
}

bool Applies(const std::string& strategy, const SearchProblem& problem) {
  const auto made = MakeStrategy(strategy, problem.space, problem.goal, {.trials = 30});
  if (!made) {
    EXPECT_EQ(made.error().code(), StatusCode::kUnsupported) << made.error().ToString();
  }
  return made.has_value();
}

TEST_P(EveryStrategy, TheSameSeedTriesTheSameAndNothingTwice) {
  const SearchProblem problem = ProblemFor(GetParam());
  const std::vector<std::string> tried = Texts(RunProblem(problem, GetParam(), {.seed = 5, .trials = 60}));
  EXPECT_EQ(tried, Texts(RunProblem(problem, GetParam(), {.seed = 5, .trials = 60})));
  EXPECT_EQ(std::set<std::string>(tried.begin(), tried.end()).size(), tried.size());
  EXPECT_LE(tried.size(), 60u);
  EXPECT_GE(tried.size(), 20u);
  if (GetParam() != "exhaustive") {
    EXPECT_NE(tried, Texts(RunProblem(problem, GetParam(), {.seed = 6, .trials = 60})));
  }
}

TEST_P(EveryStrategy, AnInterruptedRunReplayedGoesOnAsIfNothingHadHappened) {
  const SearchProblem problem = ProblemFor(GetParam());
  const StrategyOptions options{.seed = 3, .trials = 50};
  const std::vector<std::string> whole = Texts(RunProblem(problem, GetParam(), options));
  for (const size_t cut : {size_t{1}, size_t{17}, size_t{33}}) {
    auto first = MakeStrategy(GetParam(), problem.space, problem.goal, options).value();
    std::map<std::string, Point> stored;
    const auto before = RunTrials(*first, {.trials = cut}, problem);
    for (const Point& p : before->points) stored[p.setting.Text()] = p;
    size_t measured = 0;
    auto second = MakeStrategy(GetParam(), problem.space, problem.goal, options).value();
    const auto result = RunTrials(*second, {.trials = options.trials}, [&](const Setting& s) -> Result<std::optional<Point>> {
      const auto found = stored.find(s.Text());
      if (found != stored.end()) return std::optional<Point>(found->second);
      ++measured;
      return problem(s);
    });
    EXPECT_EQ(Texts(result->points), whole);
    EXPECT_EQ(measured, whole.size() - cut) << "what was stored is not measured again";
  }
}

TEST_P(EveryStrategy, SideBySideItTriesAsMany) {
  const SearchProblem problem = ProblemFor(GetParam());
  auto made = MakeStrategy(GetParam(), problem.space, problem.goal, {.seed = 3, .trials = 40}).value();
  const auto result = RunTrials(*made, {.trials = 40, .parallel = 4}, problem);
  const std::vector<std::string> tried = Texts(result->points);
  EXPECT_EQ(std::set<std::string>(tried.begin(), tried.end()).size(), tried.size());
  EXPECT_GE(tried.size(), 20u);
}

TEST_P(EveryStrategy, EndsWhenTheSpaceIsUsedUp) {
  SearchProblem problem = ProblemFor(GetParam());
  problem.space.dimensions.erase(problem.space.dimensions.begin(), problem.space.dimensions.begin() + 2);
  const size_t all = *Space::Make(problem.space)->Combinations();
  const std::vector<Point> points = RunProblem(problem, GetParam(), {.seed = 2, .trials = 500});
  EXPECT_LE(points.size(), all);
  EXPECT_DOUBLE_EQ(FrontShare(problem, points), 1);
}

TEST_P(EveryStrategy, MovesInConditionalAndMixedSpacesWithMissingValues) {
  const SearchProblem problem = MixedProblem();
  if (!Applies(GetParam(), problem)) GTEST_SKIP() << GetParam() << " does not apply to a space with a range";
  const Space space = Space::Make(problem.space).value();
  const std::vector<Point> points = RunProblem(problem, GetParam(), {.seed = 4, .trials = 60});
  EXPECT_GE(points.size(), 30u);
  for (const Point& p : points) {
    EXPECT_TRUE(problem.space.valid(p.setting)) << p.setting.Text();
    EXPECT_TRUE(space.Encode(p.setting)) << p.setting.Text();
  }
}

TEST_P(EveryStrategy, TakesOneToFourAxes) {
  for (size_t axes = 1; axes <= 4; ++axes) {
    SearchProblem problem = ProblemFor(GetParam());
    problem.measure = [inner = problem.measure](const Setting& s) {
      std::vector<Measurement> m = inner(s);
      m.push_back(m[0]);
      m.back().metric = "mib";
      m.back().value = static_cast<double>(s.IntegerOr("part0", 0) + 2 * s.IntegerOr("part1", 0));
      m.push_back(m.back());
      m.back().metric = "joule";
      m.back().value = static_cast<double>(s.IntegerOr("part2", 0) + s.IntegerOr("part3", 0)) - 3;
      return m;
    };
    const std::vector<Axis> all = {{"accuracy", Direction::kHigherIsBetter},
                                   {"ms", Direction::kLowerIsBetter},
                                   {"mib", Direction::kLowerIsBetter},
                                   {"joule", Direction::kLowerIsBetter}};
    problem.goal.axes.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(axes));
    problem.goal.reference.clear();
    if (!Applies(GetParam(), problem)) continue;  // says so by kUnsupported
    EXPECT_GE(RunProblem(problem, GetParam(), {.seed = 1, .trials = 40}).size(), 8u) << axes;
  }
}

TEST_P(EveryStrategy, KeepsToAConstraintBetterThanChance) {
  if (GetParam() == "exhaustive" || GetParam() == "random") GTEST_SKIP() << GetParam() << " looks at no result";
  // Their frontiers keep the constraints, as all do, but their trials are no more often within them than random's.
  if (GetParam() == "bayes" || GetParam() == "halving" || GetParam() == "partial_order") {
    GTEST_SKIP() << GetParam() << " is not drawn to constraints yet";
  }
  SearchProblem problem = ProblemFor(GetParam());
  problem.goal.constraints = {{.metric = "accuracy", .limit = 58, .direction = Direction::kHigherIsBetter}, {.metric = "ms", .limit = 26}};
  if (!Applies(GetParam(), problem)) GTEST_SKIP() << GetParam() << " takes no constraint";
  const auto kept = [&](const std::string& strategy) {
    double share = 0;
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const std::vector<Point> points = RunProblem(problem, strategy, {.seed = seed, .trials = 80});
      double count = 0;
      for (const Point& p : points) count += p.Find("accuracy")->value >= 58 && p.Find("ms")->value <= 26 ? 1 : 0;
      share += count / static_cast<double>(points.size()) / 5;
    }
    return share;
  };
  EXPECT_GT(kept(GetParam()), 1.1 * kept("random"));
}

TEST_P(EveryStrategy, RefusesAParameterOutsideItsBounds) {
  const StrategyInfo* info = Strategies().Find(GetParam());
  ASSERT_NE(info, nullptr);
  EXPECT_FALSE(info->summary.empty());
  const SearchProblem problem = ProblemFor(GetParam());
  for (const StrategyParameter& p : info->parameters) {
    const auto made = MakeStrategy(GetParam(), problem.space, problem.goal, {.parameters = {{p.name, "-7e9"}}});
    ASSERT_FALSE(made) << p.name;
    EXPECT_THAT(made.error().message(), testing::HasSubstr(p.name));
  }
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const auto& [name, unused] : Strategies().All()) names.push_back(name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryStrategy, testing::ValuesIn(AllNames()), [](const auto& named) { return named.param; });

}  // namespace
}  // namespace tradewind
