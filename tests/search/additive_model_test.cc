// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/additive_model.h"

#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

TEST(AdditiveModel, RecoversASumOfEffectsFromAFewTrials) {
  const SearchProblem problem = NetProblem();
  const Space space = Space::Make(problem.space).value();
  Random random(3);
  std::vector<Genome> genomes;
  std::vector<double> ms;
  for (int i = 0; i < 40; ++i) {
    genomes.push_back(space.Sample(random));
    ms.push_back(problem.measure(space.Decode(genomes.back()))[1].value);
  }
  const AdditiveModel table = AdditiveModel::Fit(space, genomes, ms).value();
  for (uint64_t i = 0; i < 256; ++i) {
    const Genome genome = space.At(i);
    EXPECT_NEAR(table.Predict(genome), problem.measure(space.Decode(genome))[1].value, 0.01) << i;
  }
  // The first part costs 4 s (1 + 0.1 s) at size s.
  EXPECT_NEAR(table.Effect(0, 3) - table.Effect(0, 0), 4 * 3 * 1.3, 0.01);
}

TEST(AdditiveModel, CutsARangeIntoPartsAndSkipsWhatIsNotActive) {
  const Space space = Space::Make(MixedProblem().space).value();
  std::vector<Genome> genomes;
  std::vector<double> y;
  Random random(5);
  for (int i = 0; i < 400; ++i) {
    genomes.push_back(space.Sample(random));
    y.push_back(genomes.back()[2] < 0.5 ? 1 : 3);  // the share, a range of 0 to 1
  }
  const AdditiveModel table = AdditiveModel::Fit(space, genomes, y).value();
  EXPECT_EQ(table.Levels(2), 8u);
  EXPECT_NEAR(table.Predict({0, kInactive, 0.2, 1}), 1, 0.02);
  EXPECT_NEAR(table.Predict({0, kInactive, 0.9, 1}), 3, 0.02);
  EXPECT_FALSE(AdditiveModel::Fit(space, std::span(genomes).first(1), std::span(y).first(1)));
}

}  // namespace
}  // namespace tradewind
