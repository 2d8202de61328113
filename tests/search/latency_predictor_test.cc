// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/latency_predictor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

double Parabola(double n) {
  return 12 + 0.8 * n + 2e-4 * n * n;
}

// Times with noise in proportion to them.
std::vector<Observation> Noisy(Random& random, const std::vector<double>& lengths, int rounds, double noise) {
  std::vector<Observation> observations;
  for (int round = 0; round < rounds; ++round) {
    for (const double n : lengths) observations.push_back({{n}, Parabola(n) * (1 + noise * random.Normal())});
  }
  return observations;
}

Prediction At(const LatencyPredictor& predictor, double n) {
  return predictor.Predict(std::vector<double>{n}, 0.9);
}

const std::vector<double> kLengths = {10, 50, 200, 600, 1200};

TEST(LatencyPredictor, FindsTheCurveWithoutNoise) {
  Random random(1);
  LatencyPredictor predictor(2);
  ASSERT_TRUE(predictor.Fit(Noisy(random, kLengths, 2, 0)));
  for (const double n : {1.0, 33.0, 900.0, 1500.0}) EXPECT_NEAR(At(predictor, n).value, Parabola(n), 1e-6 * Parabola(n));
}

TEST(LatencyPredictor, FindsTheCurveUnderNoise) {
  Random random(2);
  LatencyPredictor predictor(2);
  ASSERT_TRUE(predictor.Fit(Noisy(random, kLengths, 20, 0.03)));
  for (const double n : {10.0, 300.0, 1200.0}) EXPECT_NEAR(At(predictor, n).value, Parabola(n), 0.03 * Parabola(n));
}

TEST(LatencyPredictor, NineOfTenIntervalsOfTheMeanHoldTheCurve) {
  Random random(4);
  int inside = 0;
  constexpr int kRounds = 1000;
  for (int round = 0; round < kRounds; ++round) {
    LatencyPredictor predictor(2);
    ASSERT_TRUE(predictor.Fit(Noisy(random, kLengths, 3, 0.05)));
    const Prediction mean = predictor.PredictMean(150, 0.9);
    EXPECT_EQ(mean.value, At(predictor, 150).value);
    EXPECT_LT(mean.interval.half_width(), At(predictor, 150).interval.half_width());
    inside += mean.interval.low <= Parabola(150) && Parabola(150) <= mean.interval.high;
  }
  EXPECT_NEAR(static_cast<double>(inside) / kRounds, 0.9, 0.03);
}

TEST(LatencyPredictor, NineOfTenNewTimesLieInTheInterval) {
  Random random(3);
  int inside = 0;
  int all = 0;
  for (int round = 0; round < 400; ++round) {
    LatencyPredictor predictor(2);
    ASSERT_TRUE(predictor.Fit(Noisy(random, kLengths, 3, 0.05)));
    for (const double n : {20.0, 150.0, 1000.0}) {
      const Interval interval = At(predictor, n).interval;
      const double seen = Parabola(n) * (1 + 0.05 * random.Normal());
      inside += interval.low <= seen && seen <= interval.high;
      ++all;
    }
  }
  const double coverage = static_cast<double>(inside) / all;
  EXPECT_GT(coverage, 0.86);
  EXPECT_LT(coverage, 0.94);
}

TEST(LatencyPredictor, TakesNoMoreCoefficientsThanTheLengthsCarry) {
  LatencyPredictor predictor(2);
  ASSERT_TRUE(predictor.Fit(std::vector<Observation>{{{100}, 20}, {{100}, 22}, {{100}, 21}}));
  EXPECT_NEAR(At(predictor, 1000).value, 21, 0.5) << "one length gives a constant";
  ASSERT_TRUE(predictor.Fit(std::vector<Observation>{{{100}, 20}, {{100}, 20}, {{200}, 40}, {{200}, 40}}));
  EXPECT_NEAR(At(predictor, 300).value, 60, 1e-6) << "two give a line";
}

TEST(LatencyPredictor, ATimeIsNeverNegative) {
  LatencyPredictor predictor(1);
  ASSERT_TRUE(predictor.Fit(std::vector<Observation>{{{100}, 1}, {{100}, 1}, {{200}, 50}, {{200}, 50}, {{300}, 99}}));
  EXPECT_GE(At(predictor, 1).value, 0);
  EXPECT_GE(At(predictor, 1).interval.low, 0);
}

TEST(LatencyPredictor, TooLittleIsRefused) {
  LatencyPredictor predictor(1);
  EXPECT_FALSE(predictor.Fit({}));
  EXPECT_FALSE(predictor.Fit(std::vector<Observation>{{{5}, 1}}));
  EXPECT_FALSE(predictor.Fit(std::vector<Observation>{{{}, 1}, {{}, 2}})) << "times of no length";
}

}  // namespace
}  // namespace tradewind
