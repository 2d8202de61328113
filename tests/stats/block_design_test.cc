// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/block_design.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "stats/grouped_bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

TEST(BlockDesign, WithoutNoiseEachTreatmentIsItsOwnAtTheMeanBlock) {
  const std::vector<std::vector<double>> values = {{1, 2, 4, 10, 40}, {3, 6, 12, 30, 120}};
  const std::vector<int64_t> strata = {0, 0, 0, 7, 7};
  const BlockedValues second = WithoutBlockEffects(values, 1, strata);
  for (int b = 0; b < 3; ++b) EXPECT_NEAR(second.values[static_cast<size_t>(b)], 6, 1e-12);
  for (int b = 3; b < 5; ++b) EXPECT_NEAR(second.values[static_cast<size_t>(b)], 60, 1e-12);
  EXPECT_NEAR(second.widening, std::sqrt(2), 1e-12);
  const Interval wide = second.Widen({3, 12, 0.95}, 6);
  EXPECT_NEAR(wide.low, 6 / std::pow(2, std::sqrt(2)), 1e-12);
  EXPECT_NEAR(wide.high, 6 * std::pow(2, std::sqrt(2)), 1e-12);
  EXPECT_EQ(wide.confidence, 0.95);
}

// A machine that drifts by a fifth, settings with noise of 5 % of their own: the interval holds the setting's own level at the speed that
// the machine had on the whole, about as often as it says, and is far shorter than one of raw values.
TEST(BlockDesign, IntervalsHoldTheTreatmentsLevelOnADriftingMachine) {
  Random random(5);
  constexpr int kRuns = 400, kBlocks = 24, kTreatments = 4;
  int held = 0;
  double width = 0, raw_width = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<std::vector<double>> values(kTreatments);
    std::vector<int64_t> strata;
    double drift = 0, level = 0;
    for (int b = 0; b < kBlocks; ++b) {
      drift = 0.8 * drift + 0.12 * random.Normal();
      level += drift / kBlocks;
      strata.push_back(b % 2);
      const double prompt = b % 2 == 0 ? 1 : 1.05;
      for (int t = 0; t < kTreatments; ++t)
        values[static_cast<size_t>(t)].push_back((10 + t) * prompt * std::exp(drift + 0.05 * random.Normal()));
    }
    const BlockedValues own = WithoutBlockEffects(values, 1, strata);
    const double median = Median(own.values);
    const Interval interval = own.Widen(StratifiedInterval(own.values, strata, {.statistic = Statistic::kMedian}), median);
    const double truth = 11 * std::sqrt(1.05) * std::exp(level);
    held += interval.low <= truth && truth <= interval.high ? 1 : 0;
    width += interval.half_width();
    raw_width += StratifiedInterval(values[1], strata, {.statistic = Statistic::kMedian}).half_width();
  }
  EXPECT_GE(held, kRuns * 0.92);
  EXPECT_LE(held, kRuns * 0.995);
  EXPECT_GT(raw_width, 2.5 * width);
}

}  // namespace
}  // namespace tradewind
