// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/matrix_factorisation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;

TEST(Bilinear, ScoreInClosedForm) {
  // P = (1 2), b = 3, v = (2), (-1), c = 0.5, 0
  const BilinearModel model{2, 2, 1, {1, 2, 3, 2, -1, 0.5, 0}};
  const Values x = {1, -1};
  EXPECT_DOUBLE_EQ(model.Score(x, 0), 2 * 2 + 0.5);
  EXPECT_DOUBLE_EQ(model.Score(x, 1), -2);
  EXPECT_NEAR(model.Probability(x, 0), 1 / (1 + std::exp(-4.5)), 1e-15);
  EXPECT_NEAR(model.WinProbability(x, 1, 0), 1 / (1 + std::exp(6.5)), 1e-15);
}

TEST(Bilinear, GradientIsTheDifferences) {
  Random random(1);
  BilinearModel model{3, 4, 2, {}};
  model.parameters.resize(2 * 3 + 2 + 4 * 2 + 4);
  for (double& p : model.parameters) p = random.Normal();
  Values items(5 * 3);
  for (double& x : items) x = random.Normal();
  std::vector<ArmOutcome> outcomes;
  for (size_t i = 0; i < 12; ++i) {
    outcomes.push_back({i % 5, i % 4, i % 3 == 0 ? std::optional<size_t>((i + 1) % 4) : std::nullopt, random.Uniform()});
  }
  Values gradient(model.parameters.size()), unused(gradient.size());
  BilinearGradient(model, items, outcomes, 0.3, gradient);
  for (size_t i = 0; i < gradient.size(); ++i) {
    const double at = model.parameters[i];
    model.parameters[i] = at + 1e-6;
    const double up = BilinearGradient(model, items, outcomes, 0.3, unused);
    model.parameters[i] = at - 1e-6;
    const double down = BilinearGradient(model, items, outcomes, 0.3, unused);
    model.parameters[i] = at;
    EXPECT_NEAR(gradient[i], (up - down) / 2e-6, 1e-8) << i;
  }
}

// Two arms, each good at what the other is not: comparisons alone show which, on items not seen before.
TEST(Bilinear, LearnsWhoWinsWhere) {
  Random random(2);
  Values items;
  std::vector<ArmOutcome> pairs, singles;
  for (size_t i = 0; i < 600; ++i) {
    for (int j = 0; j < 6; ++j) items.push_back(random.Normal());
    const double edge = 3 * (items[6 * i] - items[6 * i + 1]);
    if (i >= 400) continue;
    pairs.push_back({i, 0, 1, random.Uniform() < 1 / (1 + std::exp(-edge)) ? 1.0 : 0.0});
    singles.push_back({i, 0, std::nullopt, random.Uniform() < 1 / (1 + std::exp(-edge)) ? 1.0 : 0.0});
    singles.push_back({i, 1, std::nullopt, random.Uniform() < 1 / (1 + std::exp(edge)) ? 1.0 : 0.0});
  }
  for (const auto& outcomes : {pairs, singles}) {
    const auto model = FitBilinear(items, 6, 2, outcomes, {.rank = 3, .l2 = 0.005});
    ASSERT_TRUE(model);
    int right = 0;
    for (size_t i = 400; i < 600; ++i) {
      const auto x = std::span<const double>(items).subspan(6 * i, 6);
      right += (model->WinProbability(x, 0, 1) > 0.5) == (x[0] > x[1]) ? 1 : 0;
    }
    EXPECT_GT(right, 190);  // of 200, although a tenth or more of the outcomes it saw went the other way
  }
}

// Without features that differ, the offsets are what is left: the log odds of each arm.
TEST(Bilinear, KnowsHowGoodAnArmIsOverall) {
  std::vector<ArmOutcome> outcomes;
  for (int i = 0; i < 20; ++i) {
    outcomes.push_back({0, 0, std::nullopt, i % 4 == 0 ? 1.0 : 0.0});
    outcomes.push_back({0, 1, std::nullopt, i % 5 == 0 ? 0.0 : 1.0});
  }
  const auto model = FitBilinear(Values{0}, 1, 2, outcomes, {.l2 = 0, .epochs = 2000, .batch = 40});
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->Probability(Values{0}, 0), 0.25, 1e-9);
  EXPECT_NEAR(model->Probability(Values{0}, 1), 0.8, 1e-9);
}

TEST(Bilinear, RefusesIndicesThatThereAreNot) {
  const Values items = {1, 2};
  EXPECT_FALSE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{{1, 0, std::nullopt, 1}}, {}));
  EXPECT_FALSE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{{0, 2, std::nullopt, 1}}, {}));
  EXPECT_FALSE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{{0, 1, 1, 1}}, {}));
  EXPECT_FALSE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{{0, 1, 0, 2}}, {}));
  EXPECT_FALSE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{}, {}));
  EXPECT_FALSE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{{0, 1, 0, 1}}, {.rank = 0}));
  EXPECT_TRUE(FitBilinear(items, 2, 2, std::vector<ArmOutcome>{{0, 1, 0, 1}}, {}));
}

}  // namespace
}  // namespace tradewind
