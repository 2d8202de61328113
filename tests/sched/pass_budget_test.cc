// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/pass_budget.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(PassBudget, TokensOfAllAndOfReading) {
  const StepCost cost;
  PassBudget budget(100, cost);
  EXPECT_EQ(budget.Allow(0, 1000), 100);
  budget.AddDecode(50);
  budget.AddDecode(60);
  EXPECT_EQ(budget.Allow(0, 1000), 98);
  budget.LimitReading(40);
  EXPECT_EQ(budget.Allow(0, 1000), 40);
  budget.AddRead(0, 30);
  EXPECT_EQ(budget.Allow(0, 1000), 10);
  EXPECT_EQ(budget.Allow(0, 4), 4);
  EXPECT_EQ(budget.left(), 68);
}

// 10 ms a pass, 1 ms a token read, 2 ms a sequence: with two of these and 20 ms in all, 6 tokens.
TEST(PassBudget, AsMuchAsTheTimeLeaves) {
  const StepCost cost({.pass_ms = 10, .prefill_token_ms = 1, .decode_ms = 2});
  PassBudget budget(100, cost);
  budget.AddDecode(5);
  budget.AddDecode(5);
  budget.LimitTime(Duration::Millis(20.001), 3);
  EXPECT_EQ(budget.Allow(0, 50), 6);
  budget.AddRead(0, 6);
  EXPECT_EQ(budget.Allow(0, 50), 0);
}

TEST(PassBudget, ALittleIsReadHoweverShortTheTime) {
  const StepCost cost({.pass_ms = 10, .prefill_token_ms = 1, .decode_ms = 2});
  PassBudget budget(100, cost);
  budget.AddDecode(5);
  budget.LimitTime(Duration::Millis(1), 3);
  EXPECT_EQ(budget.Allow(0, 50), 3);
  budget.AddRead(0, 2);
  EXPECT_EQ(budget.Allow(0, 50), 1);
}

TEST(PassBudget, WithoutKnownCostsTheTimeLimitsNothing) {
  const StepCost cost;
  PassBudget budget(100, cost);
  budget.LimitTime(Duration::Millis(1), 3);
  EXPECT_EQ(budget.Allow(0, 50), 50);
}

}  // namespace
}  // namespace tradewind
