// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Of rate_limit.cc, and of error_margin.cc.
#include "sched/rate_limit.h"

#include <gtest/gtest.h>

#include "sched/error_margin.h"

namespace tradewind {
namespace {

constexpr TimePoint AtSecond(double s) {
  return TimePoint{} + Duration::Seconds(s);
}

TEST(RateLimit, AMinutesWorthAtOnceThenAtItsRate) {
  RateLimit limit(60);
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(limit.Wait(1, AtSecond(5)), Duration{}) << i;
    limit.Take(1, AtSecond(5));
  }
  EXPECT_NEAR(limit.Wait(1, AtSecond(5))->seconds(), 1, 1e-6);
  EXPECT_NEAR(limit.Wait(10, AtSecond(7))->seconds(), 8, 1e-6);
  EXPECT_EQ(limit.Wait(1, AtSecond(5) + *limit.Wait(1, AtSecond(5))), Duration{}) << "the wait that it says is long enough";
  EXPECT_FALSE(limit.Full(AtSecond(64)));
  EXPECT_TRUE(limit.Full(AtSecond(65.01)));
}

TEST(RateLimit, MoreThanAMinutesWorthNeverPasses) {
  EXPECT_FALSE(RateLimit(60).Wait(60.5, AtSecond(0)));
  EXPECT_TRUE(RateLimit(60).Wait(60, AtSecond(0)));
}

TEST(RateLimit, WhatIsGivenBackIsThereAgain) {
  RateLimit limit(60);
  limit.Take(60, AtSecond(0));
  limit.Take(-20, AtSecond(0));
  EXPECT_EQ(limit.Wait(20, AtSecond(0)), Duration{});
  EXPECT_NEAR(limit.Wait(21, AtSecond(0))->seconds(), 1, 1e-6);
}

TEST(ErrorMargin, TheQuantileOfWhatWasSeenLately) {
  ErrorMargin margin(0.9, Duration::Seconds(60));
  EXPECT_EQ(margin.Factor(AtSecond(0), {}), 1);
  for (int i = 0; i <= 100; ++i) margin.Add(1 + i * 0.01, AtSecond(1));
  EXPECT_NEAR(margin.Factor(AtSecond(2), {}), 1.9, 1e-9);
  const double open[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
  EXPECT_EQ(margin.Factor(AtSecond(2), open), 3) << "those that are overdue already count";
  EXPECT_EQ(margin.Factor(AtSecond(62), {}), 1) << "what is long ago does not";
}

TEST(ErrorMargin, NeverShortensAndKeepsWithinBounds) {
  ErrorMargin margin(0.9, Duration::Seconds(60));
  for (int i = 0; i < 100; ++i) margin.Add(0.2, AtSecond(1));
  EXPECT_EQ(margin.Factor(AtSecond(1), {}), ErrorMargin::kLeast);
  for (int i = 0; i < 1000; ++i) margin.Add(1e9, AtSecond(1));
  EXPECT_EQ(margin.Factor(AtSecond(1), {}), ErrorMargin::kMost);
}

}  // namespace
}  // namespace tradewind
