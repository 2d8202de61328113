// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "search/strategy_problems.h"
#include "synthetic/closed_form.h"

namespace tradewind {
namespace {

TEST(Bayes, FindsMostOfTheFrontInAFourthOfTheTrials) {
  double share = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed)
    share += FrontShare(NetProblem(), RunProblem(NetProblem(), "bayes", {.seed = seed, .trials = 64})) / 3;
  EXPECT_GT(share, 0.7);
}

TEST(Bayes, BeatsRandomOnChoices) {
  const Comparison c = AgainstRandom(CellProblem(), "bayes", 60, 8, {{"refit", "0.15"}, {"candidates", "150"}});
  EXPECT_GT(c.gain, 0.02);
  EXPECT_LT(c.p, 0.05);
}

// Every knob is a range: the process is taken by itself.
TEST(Bayes, DescendsOnRealKnobs) {
  const ClosedForm zdt1 = FindClosedForm("zdt1").value();
  SearchProblem problem;
  for (int i = 1; i <= 6; ++i)
    problem.space.dimensions.push_back({.knob = "x" + std::to_string(i), .values = {}, .range = RealDomain{0, 1}});
  problem.goal = {.axes = {{"f1", Direction::kLowerIsBetter}, {"f2", Direction::kLowerIsBetter}}, .reference = {1.1, 6}};
  problem.measure = [&](const Setting& s) {
    std::vector<double> x;
    for (int i = 1; i <= 6; ++i) x.push_back(std::get<double>(*s.Find("x" + std::to_string(i))));
    const std::vector<double> f = zdt1.evaluate(x);
    return std::vector<Measurement>{{.metric = "f1", .value = f[0], .interval = {}}, {.metric = "f2", .value = f[1], .interval = {}}};
  };
  // At the front the area is 1.1 * 6 less the area under 1 - sqrt(f1), which is 1/3: 6.27.
  EXPECT_GT(Area(problem, RunProblem(problem, "bayes", {.seed = 1, .trials = 60, .parameters = {{"refit", "0.1"}}})), 5.9);
  EXPECT_LT(Area(problem, RunProblem(problem, "random", {.seed = 1, .trials = 60})), 5.0);
}

}  // namespace
}  // namespace tradewind
