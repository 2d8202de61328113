// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/warm_start.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "laws_table.h"
#include "search/laws/warm_start_trial.h"
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
  constexpr int kSearches = 800;
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
    EXPECT_NEAR(1 - WarmStartPays(question)->miss_warm, SimulatedHits(question, correlation, 6), 0.05) << correlation;
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

// The measured threshold agrees with the law's, within what the searches can tell and the error of its integration.
TEST(WarmStart, MeasuredThresholdIsTheLaws) {
  for (const WarmStartQuestion& question : {WarmStartQuestion{.settings = 300, .trials = 40, .price = 10},
                                            {.settings = 300, .trials = 40, .price = 25},
                                            {.settings = 1000, .trials = 50, .price = 40}}) {
    const auto trial = MeasureThreshold(question, {.searches = 1000, .confidence = 0.999, .seed = 3});
    ASSERT_TRUE(trial);
    EXPECT_GE(trial->law, trial->interval.low - 0.01) << question.price;
    EXPECT_LE(trial->law, trial->interval.high + 0.01) << question.price;
    RecordProperty("threshold_" + std::to_string(question.settings) + "_" + std::to_string(question.price),
                   "law " + std::to_string(trial->law) + ", measured " + std::to_string(trial->measured) + " in [" +
                       std::to_string(trial->interval.low) + ", " + std::to_string(trial->interval.high) + "]");
  }
  EXPECT_FALSE(MeasureThreshold({.settings = 300, .trials = 40, .price = 0}, {}));
  EXPECT_FALSE(MeasureThreshold({.settings = 300, .trials = 40, .price = 40}, {}));
}

TEST(WarmStartTrial, PerfectAndReversedPredictions) {
  Column truth;
  for (int i = 0; i < 100; ++i) truth.push_back(i * 7 % 100);
  Column reversed;
  for (const double x : truth) reversed.push_back(-x);
  const WarmStartQuestion question = {.settings = 50, .trials = 10, .price = 9};
  const auto perfect = TryWarmStart(truth, truth, question, {.searches = 200});
  ASSERT_TRUE(perfect);
  EXPECT_EQ(perfect->hit, 1);
  EXPECT_TRUE(perfect->law.pays && perfect->right);
  EXPECT_DOUBLE_EQ(perfect->hit_cold, 0.2);
  const auto bad = TryWarmStart(truth, reversed, question, {.searches = 200});
  ASSERT_TRUE(bad);
  EXPECT_DOUBLE_EQ(bad->spearman, -1);
  EXPECT_EQ(bad->hit, 0);
  EXPECT_TRUE(!bad->law.pays && bad->right);
  EXPECT_FALSE(TryWarmStart(truth, Column{1}, question, {}));
  EXPECT_FALSE(TryWarmStart(truth, Column(100, 1), question, {}));
  EXPECT_FALSE(TryWarmStart(truth, truth, {.settings = 101, .trials = 1}, {}));
  EXPECT_FALSE(TryWarmStart(truth, truth, question, {.searches = 1}));
}

// Known functions: the accuracy of NAS-Bench-201's networks after 200 epochs on a dataset, predicted by 12 epochs on the same or another.
// What the law decides is what happens. (Latency as the predictor does not have normal tails: with two trials or fewer left it misses the
// best, which is seldom the slowest, while the law by its rank correlation says that it pays: six of 90 pairs tried went wrong, all so.)
TEST(WarmStartTrial, DecidesRightlyOnNasBench201) {
  const auto path = SharedPath("assets/nas/nb201_acc_latency_joined.csv");
  if (!path) GTEST_SKIP() << "absent: shared/assets/nas/nb201_acc_latency_joined.csv";
  const auto table = ReadCsv(*path);
  int right = 0, all = 0;
  for (const std::string wanted : {"e200_cifar10_test", "e200_cifar100_test", "e200_imagenet16_test"}) {
    const Column truth = Numbers(table.at(wanted));
    for (const std::string cheap : {"e12_cifar10_val", "e12_imagenet_val"}) {
      for (const int64_t price : {0, 19}) {
        const auto trial =
            TryWarmStart(truth, Numbers(table.at(cheap)), {.settings = 400, .trials = 20, .price = price}, {.searches = 400});
        ASSERT_TRUE(trial);
        ++all;
        right += trial->right ? 1 : 0;
        RecordProperty(wanted + "_" + cheap + "_" + std::to_string(price),
                       std::string(trial->right ? "right" : "WRONG") + ", Spearman " + std::to_string(trial->spearman) + ", threshold " +
                           std::to_string(trial->law.threshold) + ", hit " + std::to_string(trial->hit) + " in [" +
                           std::to_string(trial->hit_interval.low) + ", " + std::to_string(trial->hit_interval.high) + "], law " +
                           std::to_string(1 - trial->law.miss_warm) + ", cold " + std::to_string(trial->hit_cold));
      }
    }
  }
  RecordProperty("right", std::to_string(right) + " of " + std::to_string(all));
  EXPECT_GE(right, all * 9 / 10);
}

}  // namespace
}  // namespace tradewind
