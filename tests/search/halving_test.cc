// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/strategy_problems.h"

namespace tradewind {
namespace {

double EpochsSpent(const std::vector<Point>& points) {
  double sum = 0;
  for (const Point& p : points) sum += static_cast<double>(p.setting.IntegerOr("epochs", 0));
  return sum;
}

TEST(Halving, IsUnsupportedWithoutAFidelityAndSaysSo) {
  const SearchProblem problem = NetProblem();
  const auto made = MakeStrategy("halving", problem.space, problem.goal, {});
  EXPECT_EQ(made.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(made.error().message(), testing::HasSubstr("--fidelity"));
}

TEST(Halving, GoesUpOnlyWithWhatWasTriedBelow) {
  std::set<std::string> tried;
  std::map<int64_t, int> at;
  for (const Point& p : RunProblem(EpochsProblem(), "halving", {.seed = 2, .trials = 90})) {
    Setting below = p.setting;
    const int64_t epochs = p.setting.IntegerOr("epochs", 0);
    ++at[epochs];
    below.Set("epochs", epochs / 4);
    if (epochs > 1) {
      EXPECT_TRUE(tried.count(below.Text())) << p.setting.Text();
    }
    tried.insert(p.setting.Text());
  }
  EXPECT_GT(at[1], at[4]);
  EXPECT_GT(at[4], at[16]);
  EXPECT_GT(at[16], 0);
}

// What it saves is epochs: at the epochs that random spends on full trials, it reaches more.
TEST(Halving, BeatsRandomAtEqualEpochs) {
  const SearchProblem problem = EpochsProblem();
  int wins = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const std::vector<Point> ours = RunProblem(problem, "halving", {.seed = seed, .trials = 90});
    const auto equal = static_cast<size_t>(EpochsSpent(ours) / 16);
    const std::vector<Point> random = RunProblem(problem, "random", {.seed = seed, .trials = equal});
    EXPECT_GE(EpochsSpent(random), EpochsSpent(ours) - 16);
    wins += Area(problem, ours) > Area(problem, random) ? 1 : 0;
  }
  EXPECT_GE(wins, 9) << "of 10; by chance once in 93";
}

TEST(Halving, StopsWhatIsDominatedEarly) {
  const auto promoted = [](const char* patience) {
    const std::vector<Point> points =
        RunProblem(EpochsProblem(), "halving", {.seed = 1, .trials = 60, .parameters = {{"patience", patience}, {"eta", "1.5"}}});
    return std::count_if(points.begin(), points.end(), [](const Point& p) { return p.setting.IntegerOr("epochs", 0) > 1; });
  };
  EXPECT_LT(promoted("0"), promoted("1000"));
}

}  // namespace
}  // namespace tradewind
