// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/surrogate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "search/acquisition.h"
#include "search/strategy_problems.h"

namespace tradewind {
namespace {

Archive Filled(const SearchProblem& problem, const Space& space, size_t count) {
  Archive archive(problem.goal);
  Random random(9);
  for (size_t i = 0; i < count; ++i) {
    const Genome genome = space.Sample(random);
    archive.Add(genome, **problem(space.Decode(genome)));
  }
  return archive;
}

class SurrogateOf : public testing::TestWithParam<SurrogateKind> {};

TEST_P(SurrogateOf, PredictsWhatItNeverSawBetterThanTheMean) {
  const SearchProblem problem = NetProblem();
  const Space space = Space::Make(problem.space).value();
  const Archive archive = Filled(problem, space, 60);
  const Surrogate surrogate = Surrogate::Fit(space, archive, GetParam(), 1).value();
  double error = 0;
  double spread = 0;
  double mean = 0;
  for (const ScoredTrial& trial : archive.trials()) mean += std::log(trial.values[1]) / static_cast<double>(archive.trials().size());
  for (uint64_t i = 0; i < 256; ++i) {
    const Genome genome = space.At(i);
    if (archive.Find(genome) != nullptr) continue;
    const double truth = surrogate.ToUnits(archive.Score(genome, **problem(space.Decode(genome))).values)[1];
    EXPECT_NEAR(truth, std::log(problem.measure(space.Decode(genome))[1].value), 1e-12) << "positive costs by their logarithm";
    error += std::pow(surrogate.Predict(genome).means[1] - truth, 2);
    spread += std::pow(mean - truth, 2);
  }
  EXPECT_LT(error, 0.3 * spread);
}

INSTANTIATE_TEST_SUITE_P(Kinds, SurrogateOf, testing::Values(SurrogateKind::kForest, SurrogateKind::kGaussianProcess));

TEST(Surrogate, LearnsWhereConstraintsBreak) {
  SearchProblem problem = NetProblem();
  problem.goal.constraints = {{.metric = "ms", .limit = 20}};
  const Space space = Space::Make(problem.space).value();
  const Surrogate surrogate = Surrogate::Fit(space, Filled(problem, space, 80), SurrogateKind::kForest, 1).value();
  EXPECT_GT(surrogate.Predict({0, 0, 0, 0}).feasible, 0.8);
  EXPECT_LT(surrogate.Predict({3, 3, 3, 3}).feasible, 0.2);
  EXPECT_GT(surrogate.Predict({3, 3, 3, 3}).violation, surrogate.Predict({0, 0, 0, 0}).violation);
  EXPECT_FALSE(Surrogate::Fit(space, Archive(problem.goal), SurrogateKind::kForest, 1));
}

// With an exact surrogate the picks would be the front's own missing points; with a forest most of them still enlarge the front.
TEST(PickByImprovement, PicksDistinctSettingsThatEnlargeTheFront) {
  const SearchProblem problem = CellProblem();
  const Space space = Space::Make(problem.space).value();
  const Archive archive = Filled(problem, space, 150);
  const Surrogate surrogate = Surrogate::Fit(space, archive, SurrogateKind::kForest, 1).value();
  Random random(4);
  const auto skip = [&](const Genome& g) { return archive.Find(g) != nullptr; };
  const std::vector<Genome> candidates = CandidatesAroundFront(space, archive, 500, skip, random);
  EXPECT_GE(candidates.size(), 400u);
  const std::vector<Genome> picked = PickByImprovement(archive, surrogate, candidates, 10);
  EXPECT_EQ(std::set<Genome>(picked.begin(), picked.end()).size(), 10u);
  const auto enlarging = [&](const std::vector<Genome>& genomes) {
    size_t count = 0;
    for (const Genome& g : genomes) {
      const ScoredTrial trial = archive.Score(g, **problem(space.Decode(g)));
      bool beaten = false;
      for (const size_t i : archive.Front()) beaten = beaten || Beats(archive.trials()[i], trial);
      count += beaten ? 0 : 1;
    }
    return static_cast<double>(count) / static_cast<double>(genomes.size());
  };
  EXPECT_GT(enlarging(picked), 2 * enlarging(candidates));
  EXPECT_GE(enlarging(picked), 0.4);
}

}  // namespace
}  // namespace tradewind
