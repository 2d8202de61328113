// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/summary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/numbers.h"
#include "simulation.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;

TEST(Summary, MeanAndVariance) {
  EXPECT_DOUBLE_EQ(Mean(Sample{1, 2, 3, 6}), 3);
  EXPECT_DOUBLE_EQ(Variance(Sample{2, 4, 4, 4, 5, 5, 7, 9}), 32.0 / 7);
  EXPECT_EQ(Variance(Sample{5}), 0);
  EXPECT_TRUE(std::isnan(Mean(Sample{})));
  // NIST StRD NumAcc4: 10000000.2, then 500 pairs of 10000000.1 and 10000000.3; the certified deviation is 0.1.
  Sample hard = {10000000.2};
  for (int i = 0; i < 500; ++i) hard.insert(hard.end(), {10000000.1, 10000000.3});
  EXPECT_NEAR(Mean(hard), 10000000.2, 1e-8);
  EXPECT_NEAR(std::sqrt(Variance(hard)), 0.1, 1e-8);
}

TEST(Summary, QuantilesAreOfType7) {
  const Sample sample = {40, 15, 50, 20, 35};
  EXPECT_DOUBLE_EQ(Quantile(sample, 0), 15);
  EXPECT_DOUBLE_EQ(Quantile(sample, 1), 50);
  EXPECT_DOUBLE_EQ(Quantile(sample, 0.4), 29);  // 20 + 0.6 * 15
  EXPECT_DOUBLE_EQ(Median(sample), 35);
  EXPECT_DOUBLE_EQ(Median(Sample{4, 1, 3, 2}), 2.5);
  EXPECT_DOUBLE_EQ(Quantile(Sample{1, 2, 3, 4}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(Quantile(Sample{7}, 0.9), 7);
  EXPECT_DOUBLE_EQ(Quantile(Sample{3, 3, 3}, 0.77), 3);
  EXPECT_TRUE(std::isnan(Quantile(Sample{}, 0.5)));
  EXPECT_TRUE(std::isnan(Quantile(sample, 1.5)));
}

TEST(Summary, MeanIntervalByHand) {
  const Interval interval = MeanInterval(Sample{1, 2, 3, 4, 5}, 0.95);
  EXPECT_NEAR(interval.low, 3 - 2.776445 * std::sqrt(2.5 / 5), 1e-5);  // t of 4 degrees at 97.5 %
  EXPECT_NEAR(interval.high, 3 + 2.776445 * std::sqrt(2.5 / 5), 1e-5);
  EXPECT_EQ(interval.confidence, 0.95);
  EXPECT_EQ(MeanInterval(Sample{1}, 0.95).high, kInfinity);
}

TEST(Summary, MeanIntervalCoversAsOftenAsItSays) {
  constexpr int kTrials = 4000;
  for (const double confidence : {0.90, 0.95}) {
    for (const size_t n : {2u, 5u, 30u}) {
      const double share =
          Coverage(kTrials, [&](Random& random) { return MeanInterval(NormalSample(random, n, 10, 3), confidence).Contains(10); });
      EXPECT_NEAR(share, confidence, Slack(confidence, kTrials)) << n;
    }
  }
}

// Ranks for the median at 95 %, as in tables of the sign test: n = 6: 1 to 6, 10: 2 to 9, 20: 6 to 15, 50: 18 to 33.
TEST(Summary, MedianIntervalTakesTheTabledRanks) {
  const struct {
    int n, low, high;
  } rows[] = {{6, 1, 6}, {10, 2, 9}, {20, 6, 15}, {50, 18, 33}};
  for (const auto& row : rows) {
    Sample sample;
    for (int i = row.n; i >= 1; --i) sample.push_back(i);
    const Interval interval = QuantileInterval(sample, 0.5, 0.95);
    EXPECT_EQ(interval.low, row.low) << row.n;
    EXPECT_EQ(interval.high, row.high) << row.n;
  }
  EXPECT_EQ(QuantileInterval(Sample{1, 2, 3, 4, 5}, 0.5, 0.95).low, -kInfinity);
  EXPECT_EQ(QuantileInterval(Sample{1, 2, 3, 4, 5}, 0.5, 0.95).high, kInfinity);
}

TEST(Summary, QuantileIntervalCoversAtLeastAsOftenAsItSays) {
  constexpr int kTrials = 3000;
  for (const double p : {0.5, 0.9}) {
    for (const size_t n : {20u, 200u}) {
      const double truth = std::exp(0.8 * (p == 0.5 ? 0.0 : 1.2815515655446));
      const double share =
          Coverage(kTrials, [&](Random& random) { return QuantileInterval(SkewedSample(random, n, 0.8), p, 0.95).Contains(truth); });
      EXPECT_GE(share, 0.95 - Slack(0.95, kTrials)) << p << " " << n;
      EXPECT_LE(share, 0.99) << p << " " << n;
    }
  }
}

// Newcombe (1998), Statistics in Medicine 17:857, table I, method 3.
TEST(Summary, WilsonAgreesWithThePublishedTable) {
  const struct {
    int64_t successes, trials;
    double low, high;
  } rows[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0.0, 0.1611}, {1, 29, 0.0061, 0.1718}};
  for (const auto& row : rows) {
    const Interval interval = WilsonInterval(row.successes, row.trials, 0.95);
    EXPECT_NEAR(interval.low, row.low, 0.00006);
    EXPECT_NEAR(interval.high, row.high, 0.00006);
    const Interval mirrored = WilsonInterval(row.trials - row.successes, row.trials, 0.95);
    EXPECT_NEAR(mirrored.low, 1 - interval.high, 1e-12);
  }
  EXPECT_EQ(WilsonInterval(0, 0, 0.95).high, 1);
}

// Averaged over the proportion, Wilson's interval covers as often as it says (Brown, Cai & DasGupta 2001).
TEST(Summary, WilsonCoversAsOftenAsItSays) {
  constexpr int kTrials = 6000;
  for (const double confidence : {0.90, 0.95}) {
    const double share = Coverage(kTrials, [&](Random& random) {
      const double truth = random.Uniform();
      int64_t successes = 0;
      for (int i = 0; i < 40; ++i) successes += random.Uniform() < truth;
      return WilsonInterval(successes, 40, confidence).Contains(truth);
    });
    EXPECT_NEAR(share, confidence, Slack(confidence, kTrials) + 0.003);
  }
}

}  // namespace
}  // namespace tradewind
