// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "measure/trial.h"

namespace tradewind {
namespace {

// 0, 1, ..., 100 ms: the 95th percentile (type 7) of equally spaced values is 95 exactly.
TEST(TpotP95Ms, EquallySpacedAnswers) {
  Trial trial;
  for (int ms = 100; ms >= 0; --ms) {
    Outcome outcome;
    outcome.tpot = Duration::Millis(ms);
    trial.timed.push_back(outcome);
  }
  const auto m = Metrics().Find("tpot_p95_ms")->compute(trial);
  ASSERT_TRUE(m);
  EXPECT_NEAR(m->value, 95, 1e-9);
  EXPECT_EQ(m->count, 101);
  EXPECT_LE(m->interval.low, 95);
  EXPECT_GE(m->interval.high, 95);
}

TEST(TpotP95Ms, AnswersOfOneTokenHaveNone) {
  Trial trial;
  trial.timed.emplace_back();
  EXPECT_FALSE(Metrics().Find("tpot_p95_ms")->compute(trial));
}

}  // namespace
}  // namespace tradewind
