// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/expert_selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

struct DrawnInstance {
  std::vector<ExpertCost> costs;
  SelectionLimits limits;
  std::vector<double> utility;
};

// Experts that are each good at some of the samples; better ones cost more energy, as sizes of models do.
DrawnInstance DrawInstance(Random& random, size_t experts, size_t samples) {
  DrawnInstance out;
  std::vector<double> skill;
  double energy = 0;
  for (size_t e = 0; e < experts; ++e) {
    skill.push_back(0.3 + 0.6 * random.Uniform());
    out.costs.push_back({.energy_j = 1 + 20 * skill[e] * skill[e] * (0.5 + random.Uniform()), .latency_ms = 50 + 300 * random.Uniform()});
    energy += out.costs[e].energy_j;
  }
  for (size_t i = 0; i < samples; ++i) {
    for (size_t e = 0; e < experts; ++e) out.utility.push_back(skill[e] * random.Uniform());
  }
  out.limits = {.energy_j = energy * (0.2 + 0.4 * random.Uniform()), .latency_ms = 200 + 150 * random.Uniform()};
  return out;
}

void ExpectFits(const DrawnInstance& instance, const Selection& selection) {
  double energy = 0, latency = 0;
  for (size_t e = 0; e < instance.costs.size(); ++e) {
    if ((selection.experts >> e & 1) == 0) continue;
    energy += instance.costs[e].energy_j;
    latency = std::max(latency, instance.costs[e].latency_ms);
  }
  EXPECT_DOUBLE_EQ(selection.energy_j, energy);
  EXPECT_DOUBLE_EQ(selection.latency_ms, latency);
  EXPECT_LE(energy, instance.limits.energy_j);
  EXPECT_LE(latency, instance.limits.latency_ms);
}

TEST(ExpertSelection, ExactFindsWhatTryingAllFinds) {
  Random random(11);
  int64_t exact = 0, all = 0;
  for (int round = 0; round < 60; ++round) {
    const size_t experts = 1 + random.Below(12);
    const DrawnInstance instance = DrawInstance(random, experts, 40);
    const GatedQuality quality(instance.utility, experts);
    const Selection truth = *SelectByTryingAll(instance.costs, instance.limits, quality);
    for (const ExactOptions& options : {ExactOptions{}, ExactOptions{.submodular = true}, quality.Exactly()}) {
      const Selection found = *SelectExact(instance.costs, instance.limits, quality, options);
      EXPECT_DOUBLE_EQ(found.quality, truth.quality) << round << " " << options.submodular;
      EXPECT_DOUBLE_EQ(quality(found.experts), found.quality);
      ExpectFits(instance, found);
      if (experts == 12 && options.gains) exact += found.evaluations, all += truth.evaluations;
    }
    const Selection greedy = *SelectGreedy(instance.costs, instance.limits, quality);
    ExpectFits(instance, greedy);
    EXPECT_LE(greedy.quality, truth.quality + 1e-12);
  }
  ASSERT_GT(exact, 0);
}

// Monotone but not submodular: experts 0 and 1 are worth something only together. The bound by gains would cut it; the corner's does not.
TEST(ExpertSelection, AMonotoneQualityNeedNotBeSubmodular) {
  Random random(3);
  for (int round = 0; round < 40; ++round) {
    const DrawnInstance instance = DrawInstance(random, 8, 1);
    std::vector<double> bonus(64);
    for (double& b : bonus) b = random.Uniform();
    // A sum of worths of pairs: supermodular.
    const auto quality = [&](ExpertSet set) {
      double sum = 0;
      for (size_t a = 0; a < 8; ++a) {
        for (size_t b = a + 1; b < 8; ++b) sum += (set >> a & 1) != 0 && (set >> b & 1) != 0 ? bonus[a * 8 + b] : 0;
      }
      return sum;
    };
    const Selection truth = *SelectByTryingAll(instance.costs, instance.limits, quality);
    EXPECT_DOUBLE_EQ(SelectExact(instance.costs, instance.limits, quality)->quality, truth.quality);
  }
}

TEST(ExpertSelection, AtTwelveExpertsItAsksFarLessOftenThanTryingAll) {
  Random random(29);
  int64_t exact = 0, feasible = 0;
  for (int round = 0; round < 20; ++round) {
    DrawnInstance instance = DrawInstance(random, 12, 60);
    instance.limits.latency_ms = 400;  // all are quick enough: the hard case
    const GatedQuality quality(instance.utility, 12);
    exact += SelectExact(instance.costs, instance.limits, quality, quality.Exactly())->evaluations;
    feasible += SelectByTryingAll(instance.costs, instance.limits, quality)->evaluations;
  }
  std::printf("evaluations of the quality, 20 instances of 12 experts: exact %lld, all sets that fit %lld\n", static_cast<long long>(exact),
              static_cast<long long>(feasible));
  EXPECT_LT(4 * exact, feasible);
}

// Gains had together are those had one by one.
TEST(ExpertSelection, GainsOfGatedQuality) {
  Random random(7);
  const DrawnInstance instance = DrawInstance(random, 7, 25);
  const GatedQuality quality(instance.utility, 7);
  const std::vector<size_t> experts = {6, 0, 3};
  for (const ExpertSet to : {ExpertSet{0}, ExpertSet{0b0010110}}) {
    const std::vector<double> gains = quality.Gains(to, experts);
    for (size_t k = 0; k < experts.size(); ++k) EXPECT_NEAR(gains[k], quality(to | ExpertSet{1} << experts[k]) - quality(to), 1e-12);
  }
  EXPECT_EQ(GatedQuality({}, 7).Gains(0, experts), std::vector<double>(3, 0));
}

TEST(ExpertSelection, GreedyCanMissWhatExactFinds) {
  // By gain: expert 0 fills the budget alone. By gain for energy: expert 1 first, and then 0 does not fit. The best is {2, 3}.
  const std::vector<ExpertCost> costs = {{10, 1}, {1, 1}, {5, 1}, {5, 1}};
  const auto quality = [](ExpertSet set) {
    return std::max(
        {(set & 1) != 0 ? 10.0 : 0.0, ((set & 2) != 0 ? 4.0 : 0.0) + ((set & 4) != 0 ? 3.0 : 0.0), (set & 12) == 12 ? 12.0 : 0.0});
  };
  const SelectionLimits limits{.energy_j = 10};
  EXPECT_EQ(SelectExact(costs, limits, quality)->experts, ExpertSet{12});
  EXPECT_LT(SelectGreedy(costs, limits, quality)->quality, 12);
}

TEST(ExpertSelection, NoExpertFits) {
  const std::vector<ExpertCost> costs = {{10, 500}, {20, 10}};
  const GatedQuality quality({1, 1}, 2);
  for (const auto& found : {SelectExact(costs, {.energy_j = 15, .latency_ms = 100}, quality),
                            SelectGreedy(costs, {.energy_j = 15, .latency_ms = 100}, quality)}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->experts, 0u);
    EXPECT_EQ(found->quality, 0);
  }
}

TEST(ExpertSelection, GatedQualityIsMonotoneAndSubmodular) {
  Random random(5);
  const DrawnInstance instance = DrawInstance(random, 6, 15);
  const GatedQuality quality(instance.utility, 6);
  for (ExpertSet small = 0; small < 64; ++small) {
    for (ExpertSet large = 0; large < 64; ++large) {
      if ((small & large) != small) continue;
      EXPECT_LE(quality(small), quality(large) + 1e-12);
      for (size_t e = 0; e < 6; ++e) {
        const ExpertSet bit = ExpertSet{1} << e;
        EXPECT_GE(quality(small | bit) - quality(small), quality(large | bit) - quality(large) - 1e-12);
      }
    }
  }
}

TEST(ExpertSelection, BadInputIsRefused) {
  const GatedQuality quality({1}, 1);
  EXPECT_EQ(SelectExact({}, {}, quality).error().code(), StatusCode::kInvalidInput);
  const std::vector<ExpertCost> bad = {{std::nan(""), 1}};
  EXPECT_THAT(SelectGreedy(bad, {}, quality).error().message(), testing::HasSubstr("expert 0"));
  EXPECT_EQ(SelectByTryingAll(std::vector<ExpertCost>(21), {}, quality).error().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace tradewind
