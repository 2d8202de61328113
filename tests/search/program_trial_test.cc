// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/program_trial.h"

#include <gtest/gtest.h>

#include "search/integer_program.h"

namespace tradewind {
namespace {

TEST(ProgramTrial, TheProgramIsAsGoodAsTryingEverything) {
  if (!HasIntegerPrograms()) GTEST_SKIP() << "this build has no CBC";
  const auto trial = TryPrograms({.cases = 40, .parts = 4, .forms = 3, .resources = 2, .seed = 3});
  ASSERT_TRUE(trial) << trial.error().ToString();
  EXPECT_EQ(trial->cases, 40);
  EXPECT_EQ(trial->equal, 40) << trial->largest_gap;
  EXPECT_GT(trial->impossible, 0) << "both kinds must come up";
  EXPECT_LT(trial->impossible, 30);
  EXPECT_EQ(TryPrograms({.cases = 10, .parts = 3, .forms = 2, .resources = 0})->impossible, 0);
}

TEST(ProgramTrial, RefusesWhatCannotBeTried) {
  for (const ProgramTrialOptions& options :
       {ProgramTrialOptions{.cases = 0}, {.parts = 9}, {.forms = 1}, {.parts = 8, .forms = 8}, {.resources = -1}}) {
    EXPECT_EQ(TryPrograms(options).error().code(), StatusCode::kInvalidInput);
  }
  if (!HasIntegerPrograms()) {
    EXPECT_EQ(TryPrograms({}).error().code(), StatusCode::kUnsupported);
  }
}

}  // namespace
}  // namespace tradewind
