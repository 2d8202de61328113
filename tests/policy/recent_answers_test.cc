// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/recent_answers.h"

#include <gtest/gtest.h>

#include "store/store_testing.h"

namespace tradewind {
namespace {

using RecentAnswersTest = StoreTest;

TEST_F(RecentAnswersTest, AreKeptByDevice) {
  auto profile = DeviceProfile::Open(Path());
  ASSERT_TRUE(profile);
  EXPECT_TRUE(RecentAnswers::Load(*profile, "d")->answers().empty());
  RecentAnswers answers;
  answers.Add({.unix_seconds = 1000, .trial = 7, .prefill = 1.5, .step = {}});
  answers.Add({.unix_seconds = 1003, .trial = 8, .prefill = {}, .step = 0.8});
  ASSERT_TRUE(answers.Save(*profile, "d"));
  const auto again = RecentAnswers::Load(*profile, "d");
  ASSERT_TRUE(again);
  ASSERT_EQ(again->answers().size(), 2u);
  EXPECT_EQ(again->answers()[0].unix_seconds, 1000);
  EXPECT_EQ(again->answers()[0].trial, 7);
  EXPECT_EQ(again->answers()[0].prefill, 1.5);
  EXPECT_EQ(again->answers()[0].step, std::nullopt);
  EXPECT_EQ(again->answers()[1].step, 0.8);
  EXPECT_TRUE(RecentAnswers::Load(*profile, "e")->answers().empty());
}

TEST_F(RecentAnswersTest, TheOldestGoAndOrderIsByTime) {
  RecentAnswers answers;
  for (int i = 40; i > 0; --i) answers.Add({.unix_seconds = 100.0 + i, .trial = 1, .prefill = 1, .step = 1});
  ASSERT_EQ(answers.answers().size(), 32u);
  EXPECT_EQ(answers.answers().front().unix_seconds, 109);
  EXPECT_EQ(answers.answers().back().unix_seconds, 140);
}

TEST_F(RecentAnswersTest, WhatCannotBeReadIsPassedOver) {
  auto profile = DeviceProfile::Open(Path());
  ASSERT_TRUE(profile);
  for (const char* bad :
       {"3", "{}", R"(["x", {"unix_seconds": "now"}, {"prefill": 2}, {"unix_seconds": 3}, {"unix_seconds": 3, "trial": 1e300}])"}) {
    ASSERT_TRUE(profile->Put("d", "recent_answers", bad));
    const auto loaded = RecentAnswers::Load(*profile, "d");
    ASSERT_TRUE(loaded) << bad;
    EXPECT_TRUE(loaded->answers().empty()) << bad;
  }
  ASSERT_TRUE(profile->Put("d", "recent_answers", R"([{"unix_seconds": 5, "trial": 2, "prefill": -2, "step": 1.25}])"));
  const auto loaded = RecentAnswers::Load(*profile, "d");
  ASSERT_EQ(loaded->answers().size(), 1u);
  EXPECT_EQ(loaded->answers()[0].prefill, std::nullopt) << "no time is negative";
  EXPECT_EQ(loaded->answers()[0].step, 1.25);
}

TEST_F(RecentAnswersTest, ReadingAndGeneratingHavePacesOfTheirOwn) {
  RecentAnswers answers;
  for (int i = 0; i < 5; ++i) answers.Add({.unix_seconds = 1000.0 + i, .trial = 1, .prefill = 2, .step = 0.5});
  const MachineDrift drift = answers.DriftAt(1006, 1);
  EXPECT_NEAR(drift.prefill.factor, 2, 0.25);
  EXPECT_NEAR(drift.step.factor, 0.5, 0.06);
  EXPECT_EQ(answers.DriftAt(900, 1).step.factor, 1) << "a clock that was set back leaves nothing to go by";
}

}  // namespace
}  // namespace tradewind
