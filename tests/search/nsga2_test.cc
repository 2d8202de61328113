// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

TEST(Nsga2, FindsHalfOfTheFrontInAThirdOfTheTrials) {
  // Over 100 seeds 0.525, deviation 0.069; random 0.351, deviation 0.066.
  EXPECT_GT(MeanFrontShare(NetProblem(), "nsga2", 90, 40), 0.481);
}

TEST(Nsga2, BeatsRandomAtManyAndAtFewTrials) {
  // Over 100 seeds a gain of 0.050, deviation 0.041; and of 0.049, deviation 0.025.
  for (const auto& [trials, least] : {std::pair<size_t, double>{100, 0.024}, {300, 0.033}}) {
    const Comparison c = AgainstRandom(CellProblem(), "nsga2", trials, 40);
    EXPECT_GT(c.gain, least) << trials;
    EXPECT_LT(c.p, 1e-3) << trials;
  }
}

TEST(Nsga2, OffspringOneByOneDescendFurther) {
  constexpr int kSeeds = 80;
  double gain = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const StrategyOptions one{.seed = seed, .trials = 400, .parameters = {}};
    StrategyOptions whole = one;
    whole.parameters["offspring"] = "24";  // as many as are kept
    const SearchProblem problem = Zdt1Problem(10);
    gain += (Area(problem, RunProblem(problem, "nsga2", one)) - Area(problem, RunProblem(problem, "nsga2", whole))) / kSeeds;
  }
  EXPECT_GT(gain, 0) << "over 100 seeds 0.119, deviation 0.245";
}

}  // namespace
}  // namespace tradewind
