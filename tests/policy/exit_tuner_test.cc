// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Thresholds of exits on streams whose best thresholds are known.
#include "policy/exit_tuner.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace tradewind {
namespace {

// Two exits; the first is right exactly where it is surer than `right_above`, the second always.
ExitRecord Draw(Random& random, double right_above) {
  const double first = random.Uniform();
  return {.certainty = {first, random.Uniform()}, .agrees = {first > right_above, true}};
}

TEST(ExitTuner, LeavesAtTheFirstThatIsSureEnough) {
  const std::vector<double> thresholds = {0.9, 0.5, 1.0};
  EXPECT_EQ(LeavesAt(std::vector<double>{0.95, 0.1, 1.0}, thresholds), 0u);
  EXPECT_EQ(LeavesAt(std::vector<double>{0.9, 0.6, 1.0}, thresholds), 1u);
  EXPECT_EQ(LeavesAt(std::vector<double>{0.5, 0.5, 1.0}, thresholds), 3u) << "1 lets nobody go";
}

TEST(ExitTuner, FindsWhatMayLeave) {
  ExitTuner tuner({10, 4}, {.most_loss = 0.01});
  Random random(1);
  EXPECT_EQ(tuner.thresholds(), (std::vector<double>{1, 1}));
  for (int i = 0; i < 1000; ++i) tuner.Observe(Draw(random, 0.7));
  EXPECT_NEAR(tuner.thresholds()[0], 0.7, 0.03);
  EXPECT_EQ(tuner.thresholds()[1], 0) << "all may leave at an exit that is never wrong";
}

TEST(ExitTuner, AnExitThatIsOftenWrongLetsNobodyGo) {
  ExitTuner tuner({10}, {});
  Random random(2);
  for (int i = 0; i < 1000; ++i) {
    const double certainty = random.Uniform();
    tuner.Observe({.certainty = {certainty}, .agrees = {random.Uniform() < 0.5}});
  }
  EXPECT_GT(tuner.thresholds()[0], 0.98);
}

// The stream changes: what was safe is not any more. The loss in every window of 500 behind the first stays near what is allowed.
TEST(ExitTuner, FollowsADriftingStream) {
  ExitTuner tuner({10, 4}, {.most_loss = 0.01});
  Random random(3);
  int wrong = 0;
  for (int i = 0; i < 6000; ++i) {
    if (i % 500 == 0) wrong = 0;
    const ExitRecord record = Draw(random, i < 3000 ? 0.3 : 0.8);
    const size_t exit = LeavesAt(record.certainty, tuner.thresholds());
    if (exit < 2 && !record.agrees[exit]) ++wrong;
    tuner.Observe(record);
    // At the change itself it takes one look at the last records to see it.
    EXPECT_TRUE(i % 500 != 499 || wrong <= (i / 500 == 6 ? 15 : 5)) << "window " << i / 500;
  }
  EXPECT_NEAR(tuner.thresholds()[0], 0.8, 0.03);
  for (int i = 0; i < 1500; ++i) tuner.Observe(Draw(random, 0.3));
  EXPECT_NEAR(tuner.thresholds()[0], 0.3, 0.05) << "and back, where it may let more go again";
}

TEST(ExitTuner, IsDeterministic) {
  const auto run = [] {
    ExitTuner tuner({10, 4}, {});
    Random random(4);
    for (int i = 0; i < 700; ++i) tuner.Observe(Draw(random, 0.6));
    return tuner.thresholds();
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace tradewind
