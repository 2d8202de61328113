// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/drift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tradewind {
namespace {

// As stated in drift.cc.
constexpr double kLevelSpread = 0.10;
constexpr double kOffsetSpread = 0.08;
constexpr double kScatter = 0.10;
constexpr double kMemorySeconds = 600;

double Kernel(const PastRatio& a, const PastRatio& b) {
  const double level = kLevelSpread * kLevelSpread * std::exp(-std::fabs(a.seconds_ago - b.seconds_ago) / kMemorySeconds);
  return level + (a.trial == b.trial ? kOffsetSpread * kOffsetSpread : 0);
}

// Oracle: k' (K + scatter^2 I)^-1 y, by elimination.
double MeanByElimination(const std::vector<PastRatio>& ratios, int64_t trial) {
  const size_t n = ratios.size();
  std::vector<std::vector<double>> rows(n, std::vector<double>(n + 1));
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) rows[i][j] = Kernel(ratios[i], ratios[j]) + (i == j ? kScatter * kScatter : 0);
    rows[i][n] = std::log(ratios[i].ratio);
  }
  for (size_t pivot = 0; pivot < n; ++pivot) {
    for (size_t i = 0; i < n; ++i) {
      if (i == pivot) continue;
      const double share = rows[i][pivot] / rows[pivot][pivot];
      for (size_t j = pivot; j <= n; ++j) rows[i][j] -= share * rows[pivot][j];
    }
  }
  double mean = 0;
  for (size_t i = 0; i < n; ++i) mean += Kernel(ratios[i], {0, trial, 1}) * rows[i][n] / rows[i][i];
  return mean;
}

TEST(Drift, WithoutAnswersNothingIsCorrected) {
  const Drift drift = DriftOf({}, 1);
  EXPECT_EQ(drift.factor, 1);
  const Prediction p = drift.Apply({100, {100, 100, 0.9}});
  EXPECT_EQ(p.value, 100);
  EXPECT_LT(p.interval.low, 90) << "a machine in use moves by more than a tenth";
  EXPECT_GT(p.interval.high, 110);
}

TEST(Drift, IsTheGaussianProcessOfTheAnswers) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> gap(0.5, 400), log_ratio(-0.5, 0.5);
  for (int round = 0; round < 50; ++round) {
    std::vector<PastRatio> ratios(1 + static_cast<size_t>(round) % 12);
    double ago = gap(random);
    for (size_t i = ratios.size(); i-- > 0; ago += gap(random))
      ratios[i] = {ago, static_cast<int64_t>(random() % 3), std::exp(log_ratio(random))};
    EXPECT_NEAR(std::log(DriftOf(ratios, 1).factor), MeanByElimination(ratios, 1), 1e-9) << round;
  }
}

TEST(Drift, ATrialThatWasMeasuredInALuckyHourKeepsItsOffset) {
  std::vector<PastRatio> mixed;
  for (int i = 12; i > 0; --i) mixed.push_back({i * 5.0, i % 2, i % 2 ? 1.25 : 1.0});
  EXPECT_NEAR(DriftOf(mixed, 1).factor, 1.25, 0.05);
  EXPECT_NEAR(DriftOf(mixed, 0).factor, 1.0, 0.05);
  EXPECT_GT(DriftOf(mixed, 9).factor, 1.02) << "another trial shares the level";
  EXPECT_GT(DriftOf(mixed, 9).deviation, 1.2 * DriftOf(mixed, 1).deviation);
}

TEST(Drift, WhatIsLongPastIsForgotten) {
  const std::vector<PastRatio> slow = {{30, 1, 2.0}, {20, 1, 2.0}, {10, 1, 2.0}};
  EXPECT_NEAR(DriftOf(slow, 1).factor, 2, 0.25);
  const std::vector<PastRatio> yesterday = {{864000, 1, 2.0}, {863990, 1, 2.0}};
  EXPECT_NEAR(DriftOf(yesterday, 2).factor, 1, 1e-9);
  EXPECT_NEAR(DriftOf(yesterday, 2).deviation, DriftOf({}, 1).deviation, 1e-9);
}

TEST(Drift, SteadyAnswersNarrowAndSurprisesWiden) {
  std::vector<PastRatio> steady, restless;
  for (int i = 20; i > 0; --i) {
    steady.push_back({i * 5.0, 1, 1.3});
    restless.push_back({i * 5.0, 1, i % 2 ? 1.0 : 1.7});
  }
  EXPECT_LT(DriftOf(steady, 1).deviation, 0.75 * DriftOf({}, 1).deviation);
  EXPECT_GT(DriftOf(restless, 1).deviation, 2 * DriftOf(steady, 1).deviation);
}

TEST(Drift, BothUncertaintiesAreInTheInterval) {
  const Drift drift{2, 0.1};
  const Prediction narrow = drift.Apply({50, {50, 50, 0.9}});
  EXPECT_EQ(narrow.value, 100);
  EXPECT_NEAR(narrow.interval.low, 100 * std::exp(-1.6449 * 0.1), 0.1 + 100 * 0.015);
  EXPECT_NEAR(narrow.interval.high, 100 * std::exp(1.6449 * 0.1), 0.01);
  const Prediction wide = drift.Apply({50, {35, 65, 0.9}});
  EXPECT_NEAR(wide.interval.high, 100 * (1 + std::hypot(0.3, std::exp(1.6449 * 0.1) - 1)), 0.01);
  EXPECT_LT(wide.interval.low, 70);
  EXPECT_GT(wide.interval.low, 60);
}

// A machine three times as restless as assumed: after some answers, most still come within their 90 % intervals.
TEST(Drift, IntervalsHoldOnARestlessMachine) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  int held = 0, asked = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<double> logs, times;
    const double offset = 3 * kOffsetSpread * normal(random);
    double level = 3 * kLevelSpread * normal(random);
    for (int i = 0; i < 30; ++i) {
      const double kept = std::exp(-5 / kMemorySeconds);
      level = level * kept + 3 * kLevelSpread * std::sqrt(1 - kept * kept) * normal(random);
      logs.push_back(offset + level + 3 * kScatter * normal(random));
      times.push_back(5.0 * i);
      if (i < 10) continue;
      std::vector<PastRatio> before;
      for (int j = 0; j < i; ++j)
        before.push_back({times.back() - times[static_cast<size_t>(j)], 1, std::exp(logs[static_cast<size_t>(j)])});
      const Prediction p = DriftOf(before, 1).Apply({1, {1, 1, 0.9}});
      const double came = std::exp(logs.back());
      held += came >= p.interval.low && came <= p.interval.high;
      ++asked;
    }
  }
  const double share = static_cast<double>(held) / asked;
  EXPECT_GT(share, 0.85) << "of 0.90: the assumed scale still counts as three answers";
  EXPECT_LT(share, 0.96) << "not by intervals that hold everything";
}

}  // namespace
}  // namespace tradewind
