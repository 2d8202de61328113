// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/step_cost.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

constexpr StepCoefficients kTruth{
    .pass_ms = 20, .prefill_token_ms = 0.4, .prefill_depth_ms = 0.0002, .decode_ms = 0.7, .decode_depth_ms = 0.001};

double Truth_ms(const StepShape& s) {
  return kTruth.pass_ms + kTruth.prefill_token_ms * static_cast<double>(s.prefill_tokens) +
         kTruth.prefill_depth_ms * static_cast<double>(s.prefill_depth) + kTruth.decode_ms * static_cast<double>(s.decodes) +
         kTruth.decode_depth_ms * static_cast<double>(s.decode_depth);
}

StepShape DrawShape(Random& random) {
  StepShape shape;
  for (uint64_t i = random.Below(9); i > 0; --i) shape.Add(static_cast<int64_t>(random.Below(3000)), 1);
  if (random.Below(2) == 0) shape.Add(static_cast<int64_t>(random.Below(2000)), 2 + static_cast<int64_t>(random.Below(400)));
  return shape;
}

double WorstError(const StepCost& cost, double factor) {
  Random random(99);
  double worst = 0;
  for (int i = 0; i < 200; ++i) {
    const StepShape shape = DrawShape(random);
    worst = std::max(worst, std::abs(cost.Predict(shape).ms() / (factor * Truth_ms(shape)) - 1));
  }
  return worst;
}

TEST(StepShape, SumsWhatEachTokenLooksBackOn) {
  StepShape shape;
  shape.Add(10, 4);
  shape.Add(100, 1);
  EXPECT_EQ(shape.prefill_tokens, 4);
  EXPECT_EQ(shape.prefill_depth, 10 + 11 + 12 + 13);
  EXPECT_EQ(shape.decodes, 1);
  EXPECT_EQ(shape.decode_depth, 100);
}

TEST(StepCost, FindsWhatMadeTheTimes) {
  StepCost cost;
  Random random(1);
  EXPECT_FALSE(cost.known());
  for (int i = 0; i < 300; ++i) {
    const StepShape shape = DrawShape(random);
    cost.Observe(shape, Duration::Millis(Truth_ms(shape)));
  }
  EXPECT_TRUE(cost.known());
  EXPECT_LT(WorstError(cost, 1), 0.01);
  const StepCoefficients found = cost.coefficients();
  EXPECT_NEAR(found.pass_ms, kTruth.pass_ms, 0.5);
  EXPECT_NEAR(found.prefill_token_ms, kTruth.prefill_token_ms, 0.01);
  EXPECT_NEAR(found.decode_ms, kTruth.decode_ms, 0.1);
}

TEST(StepCost, StartsFromWhatItIsGiven) {
  StepCost cost(kTruth);
  EXPECT_TRUE(cost.known());
  EXPECT_LT(WorstError(cost, 1), 1e-6);
  StepShape shape;
  shape.Add(0, 100);
  cost.Observe(shape, Duration::Millis(Truth_ms(shape) * 1.05));
  EXPECT_LT(WorstError(cost, 1), 0.05) << "one pass does not overturn it";
}

// Every tenth pass takes three times as long: the usual pass is still foreseen. Plain least squares would be 20 % too high.
TEST(StepCost, FewSlowPassesMoveItLittle) {
  StepCost cost;
  Random random(2);
  for (int i = 0; i < 2000; ++i) {
    const StepShape shape = DrawShape(random);
    const double slow = i > 30 && i % 10 == 0 ? 3 : 1;
    cost.Observe(shape, Duration::Millis(Truth_ms(shape) * slow * std::exp(0.03 * random.Normal())));
  }
  EXPECT_LT(WorstError(cost, 1), 0.1);
}

TEST(StepCost, FollowsAMachineThatHasBecomeSlower) {
  StepCost cost;
  Random random(3);
  for (int i = 0; i < 1500; ++i) {
    const StepShape shape = DrawShape(random);
    cost.Observe(shape, Duration::Millis(Truth_ms(shape) * (i < 500 ? 1 : 2)));
  }
  EXPECT_LT(WorstError(cost, 2), 0.05);
}

TEST(StepCost, NothingIsNegative) {
  StepCost cost;
  Random random(4);
  for (int i = 0; i < 500; ++i) {
    const StepShape shape = DrawShape(random);
    // Shorter the more decode: no such machine, but noise can look like it.
    cost.Observe(shape, Duration::Millis(50 - 3 * static_cast<double>(shape.decodes)));
    const StepCoefficients c = cost.coefficients();
    for (const double value : {c.pass_ms, c.prefill_token_ms, c.prefill_depth_ms, c.decode_ms, c.decode_depth_ms}) ASSERT_GE(value, 0);
  }
}

// Hours of nothing but decoding do not make it forget what reading costs.
TEST(StepCost, WhatIsNotSeenIsNotForgotten) {
  StepCost cost;
  Random random(5);
  for (int i = 0; i < 300; ++i) {
    const StepShape shape = DrawShape(random);
    cost.Observe(shape, Duration::Millis(Truth_ms(shape)));
  }
  for (int i = 0; i < 150'000; ++i) {
    StepShape shape;
    for (uint64_t n = 1 + random.Below(8); n > 0; --n) shape.Add(static_cast<int64_t>(random.Below(3000)), 1);
    cost.Observe(shape, Duration::Millis(Truth_ms(shape)));
  }
  EXPECT_LT(WorstError(cost, 1), 0.1);
}

TEST(StepCost, APassOfNoTimeTellsNothing) {
  StepCost cost(kTruth);
  cost.Observe({}, Duration{});
  EXPECT_EQ(cost.observed(), 0);
}

}  // namespace
}  // namespace tradewind
