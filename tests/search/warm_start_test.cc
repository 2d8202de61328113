// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/warm_start.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "laws_table.h"
#include "search/laws/leaderboard.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using Column = std::vector<double>;

TEST(SearchRisk, EqualPrioritiesGiveTheShareNotTried) {
  EXPECT_NEAR(SearchRisk(Column(20, 1), 5), 0.75, 1e-12);
  EXPECT_EQ(SearchRisk(Column(20, 1), 20), 0);
}

TEST(SearchRisk, NoChoiceOfProbabilitiesDoesBetter) {
  const Column priorities = {1, 0.8, 0.3, 0.1, 0.05, 0.01};
  const double risk = SearchRisk(priorities, 2);
  double spent = 0;
  for (const double priority : priorities) spent += std::max(0.0, 1 - risk / priority);
  EXPECT_NEAR(spent, 2, 1e-9);  // attained
  Random random(4);
  for (int i = 0; i < 2000; ++i) {
    // Two trials, each of one setting drawn by random weights: one of the many searches.
    Column weights(6);
    for (double& w : weights) w = std::pow(random.Uniform(), 4);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    double worst = 0;
    for (size_t k = 0; k < 6; ++k) worst = std::max(worst, priorities[k] * (1 - std::min(1.0, 2 * weights[k] / sum)));
    EXPECT_GE(worst, risk - 1e-12);
  }
}

TEST(SearchRisk, ACertainPriorNeedsOneTrial) {
  EXPECT_LT(SearchRisk(Column{1, 1e-9, 1e-9}, 1), 1.1e-9);
}

// How often the best of `settings` values is tried, by a search that has them in the order of noisy predictions.
double SimulatedHits(const WarmStartQuestion& question, double correlation, uint64_t seed) {
  Random random(seed);
  constexpr int kSearches = 3000;
  int hits = 0;
  for (int i = 0; i < kSearches; ++i) {
    Column truth, predicted;
    for (int64_t k = 0; k < question.settings; ++k) {
      truth.push_back(random.Normal());
      predicted.push_back(correlation * truth.back() + std::sqrt(1 - correlation * correlation) * random.Normal());
    }
    const auto best = static_cast<size_t>(std::max_element(truth.begin(), truth.end()) - truth.begin());
    const auto above = std::count_if(predicted.begin(), predicted.end(), [&](double x) { return x > predicted[best]; });
    hits += above < question.trials - question.price ? 1 : 0;
  }
  return static_cast<double>(hits) / kSearches;
}

TEST(WarmStart, PredictedMissesAgreeWithSimulatedSearches) {
  for (const double correlation : {-0.3, 0.0, 0.3, 0.7, 0.95}) {
    const WarmStartQuestion question = {.settings = 300, .trials = 40, .price = 10, .correlation = correlation};
    EXPECT_NEAR(1 - WarmStartPays(question)->miss_warm, SimulatedHits(question, correlation, 6), 0.03) << correlation;
  }
}

// The threshold is where warm and cold searches, simulated, find the best equally often; on either side the law is right.
TEST(WarmStart, ThresholdPartsWinsFromLosses) {
  for (const int64_t price : {10, 25}) {
    WarmStartQuestion question = {.settings = 300, .trials = 40, .price = price, .correlation = 0};
    const double threshold = WarmStartPays(question)->threshold, cold = 40.0 / 300;
    ASSERT_GT(threshold, 0.02);
    EXPECT_GT(SimulatedHits(question, threshold + 0.12, 7), cold);
    EXPECT_LT(SimulatedHits(question, threshold - 0.12, 8), cold);
    question.correlation = threshold + 0.01;
    EXPECT_TRUE(WarmStartPays(question)->pays);
    question.correlation = threshold - 0.01;
    EXPECT_FALSE(WarmStartPays(question)->pays);
    RecordProperty("threshold_at_price_" + std::to_string(price), std::to_string(threshold));
  }
}

TEST(WarmStart, LimitsOfThePrice) {
  const auto free = WarmStartPays({.settings = 1000, .trials = 10, .price = 0, .correlation = 0});
  EXPECT_NEAR(free->miss_warm, free->miss_cold, 0.002);
  EXPECT_EQ(free->threshold, 0);
  EXPECT_FALSE(free->pays);
  const auto dear = WarmStartPays({.settings = 1000, .trials = 10, .price = 10, .correlation = 1});
  EXPECT_TRUE(std::isinf(dear->threshold));
  EXPECT_FALSE(dear->pays);
  EXPECT_EQ(WarmStartPays({.settings = 1000, .trials = 10, .price = 9, .correlation = 1})->miss_warm, 0);
  double last = 0;
  for (const int64_t price : {1, 3, 5, 8}) {
    const double threshold = WarmStartPays({.settings = 1000, .trials = 10, .price = price, .correlation = 0.5})->threshold;
    EXPECT_GT(threshold, last);
    last = threshold;
  }
}

TEST(WarmStart, WrongQuestionsAreRefused) {
  EXPECT_FALSE(WarmStartPays({.settings = 1, .trials = 1}));
  EXPECT_FALSE(WarmStartPays({.settings = 10, .trials = 11}));
  EXPECT_FALSE(WarmStartPays({.settings = 10, .trials = 5, .price = -1}));
  EXPECT_FALSE(WarmStartPays({.settings = 10, .trials = 5, .correlation = std::nan("")}));
}

// A known function: accuracy of NAS-Bench-201's networks after 200 epochs, predicted by that after 12. Searches of 400 networks drawn from
// it with 20 trials, for prices on both sides: what the law decides is what happens.
TEST(WarmStart, DecidesRightlyOnNasBench201) {
  const auto path = SharedPath("assets/nas/nb201_acc_latency_joined.csv");
  if (!path) GTEST_SKIP() << "absent: shared/assets/nas/nb201_acc_latency_joined.csv";
  const auto table = ReadCsv(*path);
  for (const std::string cheap : {"e12_cifar10_val", "e12_imagenet_val"}) {
    const Column truth = Numbers(table.at("e200_cifar100_test")), predicted = Numbers(table.at(cheap));
    const double spearman = (*RankCorrelations(std::vector<Column>{truth, predicted}))[1];
    for (const int64_t price : {0, 10, 19}) {
      const WarmStartQuestion question = {
          .settings = 400, .trials = 20, .price = price, .correlation = 2 * std::sin(std::numbers::pi * spearman / 6)};
      const auto answer = WarmStartPays(question);
      ASSERT_TRUE(answer);
      Random random(21);
      int hits = 0;
      constexpr int kSearches = 2000;
      for (int i = 0; i < kSearches; ++i) {
        std::vector<size_t> nets(400);
        for (size_t& net : nets) net = random.Below(truth.size());
        const size_t best = *std::max_element(nets.begin(), nets.end(), [&](size_t a, size_t b) { return truth[a] < truth[b]; });
        const auto above = std::count_if(nets.begin(), nets.end(), [&](size_t net) { return predicted[net] > predicted[best]; });
        hits += above < question.trials - price ? 1 : 0;
      }
      const double happened = static_cast<double>(hits) / kSearches;
      RecordProperty(cheap + "_price_" + std::to_string(price),
                     "Spearman " + std::to_string(spearman) + ", hits " + std::to_string(happened) + ", law " +
                         std::to_string(1 - answer->miss_warm) + ", cold " + std::to_string(1 - answer->miss_cold) + ", threshold " +
                         std::to_string(answer->threshold));
      EXPECT_EQ(answer->pays, happened > 1 - answer->miss_cold) << cheap << " " << price;
    }
  }
}

}  // namespace
}  // namespace tradewind
