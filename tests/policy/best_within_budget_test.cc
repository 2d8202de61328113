// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/best_within_budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

const Axis kLower = {"bits_per_byte", Direction::kLowerIsBetter};
const Axis kHigher = {"accuracy", Direction::kHigherIsBetter};

Prediction Within(double value, double half) {
  return {value, {value - half, value + half, 0.9}};
}

Candidate Make(const Axis& axis, double quality, double ttft, double tpot, double total, double mebibytes) {
  Candidate c;
  c.point.setting.Set("id", std::to_string(quality) + " " + std::to_string(tpot));
  c.point.measurements = {{axis.metric, quality, {quality, quality, 0.95}, 5}};
  c.ttft_ms = Within(ttft, ttft / 10);
  c.tpot_ms = Within(tpot, tpot / 10);
  c.total_ms = Within(total, total / 10);
  c.memory_bytes = mebibytes * 1048576;
  return c;
}

Decision Choose(const std::vector<Candidate>& candidates, const Budget& budget, const Axis& axis = kLower) {
  BestWithinBudget policy;
  return policy.Choose(candidates, budget, axis);
}

// The ratios of cost to allowance, written out once more.
std::vector<double> Ratios(const Candidate& c, const Budget& b, const Axis& axis, double best) {
  std::vector<double> ratios = {0};
  if (b.ttft) ratios.push_back(c.ttft_ms->interval.high / b.ttft->ms());
  if (b.tpot) ratios.push_back(c.tpot_ms->interval.high / b.tpot->ms());
  if (b.deadline) ratios.push_back(c.total_ms->interval.high / b.deadline->ms());
  if (b.memory_bytes) ratios.push_back(c.memory_bytes / static_cast<double>(*b.memory_bytes));
  const double quality = c.point.measurements[0].value;
  if (b.quality) ratios.push_back(*b.quality / (axis.direction == Direction::kLowerIsBetter ? best / quality : quality / best));
  return ratios;
}

TEST(BestWithinBudget, AgreesWithALookAtEveryCandidate) {
  Random random(4);
  int chosen = 0;
  int missed = 0;
  for (int round = 0; round < 5000; ++round) {
    const Axis& axis = round % 2 ? kLower : kHigher;
    const bool lower = axis.direction == Direction::kLowerIsBetter;
    std::vector<Candidate> candidates;
    double best = lower ? INFINITY : 0;
    for (uint64_t n = 1 + random.Below(6); n > 0; --n) {
      const double quality = 1 + static_cast<double>(random.Below(4)) / 4;
      candidates.push_back(Make(axis, quality, 1 + 100 * random.Uniform(), 1 + 50 * random.Uniform(), 100 + 900 * random.Uniform(),
                                100 + 900 * random.Uniform()));
      best = lower ? std::min(best, quality) : std::max(best, quality);
    }
    Budget budget;
    if (random.Below(2)) budget.ttft = Duration::Millis(1 + 120 * random.Uniform());
    if (random.Below(2)) budget.tpot = Duration::Millis(1 + 60 * random.Uniform());
    if (random.Below(2)) budget.deadline = Duration::Millis(100 + 1000 * random.Uniform());
    if (random.Below(2)) budget.memory_bytes = static_cast<uint64_t>((100 + 1000 * random.Uniform()) * 1048576);
    if (random.Below(2)) budget.quality = 0.5 + 0.5 * random.Uniform();

    const Decision d = Choose(candidates, budget, axis);
    const auto worst = [&](size_t i) {
      const std::vector<double> ratios = Ratios(candidates[i], budget, axis, best);
      return *std::max_element(ratios.begin(), ratios.end());
    };
    const auto quality = [&](size_t i) { return candidates[i].point.measurements[0].value * (lower ? 1 : -1); };
    ASSERT_FALSE(d.reason.empty());
    ASSERT_NE(d.chosen.has_value(), d.nearest.has_value());
    ASSERT_EQ(d.rejected.size(), candidates.size() - d.chosen.has_value());
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (d.chosen) {
        ASSERT_LE(worst(*d.chosen), 1 + 1e-9) << round;
        if (worst(i) > 1 - 1e-9) continue;
        ASSERT_LE(quality(*d.chosen), quality(i)) << round;
        ASSERT_TRUE(quality(i) != quality(*d.chosen) || candidates[*d.chosen].tpot_ms->value <= candidates[i].tpot_ms->value) << round;
      } else {
        ASSERT_GT(worst(i), 1 - 1e-9) << round;
        ASSERT_LE(worst(*d.nearest), worst(i) + 1e-9) << round;
      }
    }
    ++(d.chosen ? chosen : missed);
  }
  EXPECT_GT(chosen, 1000);
  EXPECT_GT(missed, 1000);
}

TEST(BestWithinBudget, TheCautiousEndOfAPredictionCounts) {
  const std::vector<Candidate> candidates = {Make(kLower, 1, 10, 19, 100, 100)};  // 19 to 20.9 ms
  Budget budget;
  budget.tpot = Duration::Millis(20);
  EXPECT_FALSE(Choose(candidates, budget).chosen);
  budget.tpot = Duration::Millis(21);
  EXPECT_TRUE(Choose(candidates, budget).chosen);
}

TEST(BestWithinBudget, LosersAreToldWhy) {
  const std::vector<Candidate> candidates = {Make(kLower, 1, 10, 40, 100, 100), Make(kLower, 1.2, 10, 10, 100, 100),
                                             Make(kLower, 1.5, 10, 5, 100, 100), Make(kLower, 1.2, 10, 12, 100, 100)};
  Budget budget;
  budget.tpot = Duration::Millis(20);
  const Decision d = Choose(candidates, budget);
  ASSERT_EQ(d.chosen, 1u);
  ASSERT_EQ(d.rejected.size(), 3u);
  EXPECT_EQ(d.rejected[0].reason, "TPOT up to 44 ms over 20 ms");
  EXPECT_EQ(d.rejected[1].reason, "worse bits_per_byte");
  EXPECT_EQ(d.rejected[2].reason, "slower at equal bits_per_byte");
  EXPECT_NE(d.reason.find("3 of 4"), std::string::npos) << d.reason;
}

TEST(BestWithinBudget, TooLittleQualityIsSaidAsAShareOfTheBest) {
  Budget budget;
  budget.quality = 0.9;
  EXPECT_EQ(Choose({Make(kLower, 1, 10, 40, 100, 100), Make(kLower, 1.25, 10, 10, 100, 100)}, budget).rejected[0].reason,
            "quality 0.8 under 0.9");
}

TEST(BestWithinBudget, ABudgetOfNothingHasANearest) {
  const std::vector<Candidate> candidates = {Make(kLower, 1, 10, 40, 100, 100), Make(kLower, 2, 5, 10, 100, 100)};
  Budget budget;
  budget.tpot = Duration{};
  const Decision d = Choose(candidates, budget);
  EXPECT_FALSE(d.chosen);
  EXPECT_TRUE(d.nearest);
}

TEST(BestWithinBudget, WhatIsNotKnownDoesNotFit) {
  Budget budget;
  budget.tpot = Duration::Seconds(10);
  Candidate unknown = Make(kLower, 1, 10, 40, 100, 100);
  unknown.tpot_ms.reset();
  EXPECT_FALSE(Choose({unknown}, budget).chosen);
  EXPECT_TRUE(Choose({unknown}, {}).chosen);
  Budget memory;
  memory.memory_bytes = uint64_t{1} << 40;
  unknown.memory_bytes = 0;
  EXPECT_FALSE(Choose({unknown}, memory).chosen);
}

TEST(BestWithinBudget, OfNothingItChoosesNothing) {
  const Decision d = Choose({}, {});
  EXPECT_FALSE(d.chosen || d.nearest);
  EXPECT_EQ(d.reason, "nothing has been measured");
}

}  // namespace
}  // namespace tradewind
