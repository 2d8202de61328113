// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/strategies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "search/loop.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

const SearchGoal kGoal{.axes = {{"error", Direction::kLowerIsBetter}, {"ms", Direction::kLowerIsBetter}}};

SearchSpace ThreeByFour() {
  return {.base = {},
          .dimensions = {{.knob = "x", .values = {std::string("a"), std::string("b"), std::string("c")}},
                         {.knob = "y", .values = {int64_t{1}, int64_t{2}, int64_t{4}, int64_t{8}}, .ordered = true}}};
}

Result<std::optional<Point>> Known(const Setting& setting) {
  const double y = static_cast<double>(setting.IntegerOr("y", 0));
  return std::optional<Point>(
      Point{setting, {{.metric = "error", .value = 8 - y, .interval = {}}, {.metric = "ms", .value = y, .interval = {}}}});
}

std::vector<std::string> Tried(const std::string& strategy, const LoopOptions& loop, StrategyOptions options = {}) {
  auto made = MakeStrategy(strategy, ThreeByFour(), kGoal, options);
  EXPECT_TRUE(made) << made.error().ToString();
  std::vector<std::string> texts;
  const auto result = RunTrials(**made, loop, Known);
  for (const Point& p : result->points) texts.push_back(p.setting.Text());
  return texts;
}

TEST(MakeStrategy, SaysWhatIsWrong) {
  const auto unknown = MakeStrategy("nosuch", ThreeByFour(), kGoal, {});
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(unknown.error().message(), testing::AllOf(HasSubstr("exhaustive"), HasSubstr("random")));
  EXPECT_THAT(MakeStrategy("random", ThreeByFour(), kGoal, {.parameters = {{"heat", "1"}}}).error().message(), HasSubstr("heat"));
  EXPECT_FALSE(MakeStrategy("random", ThreeByFour(), {}, {})) << "no axis";
  SearchGoal goal = kGoal;
  goal.reference = {1};
  EXPECT_FALSE(MakeStrategy("random", ThreeByFour(), goal, {})) << "one value for two axes";
  goal = kGoal;
  goal.fidelity = "epochs";
  EXPECT_EQ(MakeStrategy("random", ThreeByFour(), goal, {}).error().where(), "--fidelity");
  SearchSpace range = ThreeByFour();
  range.dimensions.push_back({.knob = "r", .values = {}, .range = RealDomain{0, 1}});
  EXPECT_EQ(MakeStrategy("exhaustive", range, kGoal, {}).error().code(), StatusCode::kUnsupported);
}

TEST(NumberParameter, IsReadAndBounded) {
  const StrategyOptions options{.parameters = {{"size", "20"}, {"rate", "x"}}};
  EXPECT_EQ(NumberParameter(options, "size", 1, 2, 100), 20);
  EXPECT_EQ(NumberParameter(options, "other", 1, 2, 100), 1);
  EXPECT_FALSE(NumberParameter(options, "size", 1, 30, 100));
  EXPECT_FALSE(NumberParameter(options, "rate", 1, 0, 1));
}

TEST(Exhaustive, TriesEveryCombinationTheLastTurningFastest) {
  const std::vector<std::string> tried = Tried("exhaustive", {});
  ASSERT_EQ(tried.size(), 12u);
  EXPECT_EQ(tried[0], "x=a y=1");
  EXPECT_EQ(tried[1], "x=a y=2");
  EXPECT_EQ(std::set<std::string>(tried.begin(), tried.end()).size(), 12u);
}

TEST(Random, TriesNoneTwiceAndEndsWhenTheSpaceIsUsedUp) {
  EXPECT_EQ(Tried("random", {}, {.trials = 5}).size(), 5u);
  EXPECT_EQ(Tried("random", {}, {.trials = 100}).size(), 12u);
  EXPECT_EQ(Tried("random", {}, {.seed = 7, .trials = 6}), Tried("random", {}, {.seed = 7, .trials = 6}));
  EXPECT_NE(Tried("random", {}, {.seed = 7, .trials = 6}), Tried("random", {}, {.seed = 8, .trials = 6}));
}

TEST(RunTrials, StopsAtTheTrialsAndIsTheSameSideBySide) {
  EXPECT_EQ(Tried("exhaustive", {.trials = 7}).size(), 7u);
  EXPECT_EQ(Tried("exhaustive", {.trials = 7, .parallel = 3}), Tried("exhaustive", {.trials = 7}));
}

// Proposes one setting for ever, and another every tenth time until there were `others` of them.
class Stubborn final : public Strategy {
 public:
  explicit Stubborn(int64_t others) : others_(others) {}
  std::string_view name() const override { return "stubborn"; }
  std::vector<Setting> Propose(size_t) override {
    Setting setting;
    ++proposed_;
    setting.Set("y", proposed_ % 10 == 0 ? std::min(others_, proposed_ / 10) : int64_t{0});
    return {setting};
  }
  void Observe(const Point& point) override { observed.push_back(point.setting.IntegerOr("y", -1)); }
  std::optional<size_t> TotalTrials() const override { return std::nullopt; }
  std::vector<int64_t> observed;

 private:
  int64_t others_;
  int64_t proposed_ = 0;
};

TEST(RunTrials, EvaluatesASettingOnceTellsOfItEveryTimeAndEnds) {
  Stubborn strategy(3);
  int evaluated = 0;
  const auto result = RunTrials(strategy, {}, [&](const Setting& s) {
    ++evaluated;
    return Known(s);
  });
  ASSERT_TRUE(result);
  EXPECT_EQ(evaluated, 4);
  EXPECT_EQ(result->points.size(), 4u);
  EXPECT_EQ(strategy.observed.size(), 1030u) << "until 1,000 proposals brought nothing new";
}

TEST(RunTrials, WhatIsLeftOutIsCountedAndAnErrorEndsIt) {
  Stubborn strategy(3);
  const auto left = RunTrials(strategy, {}, [](const Setting& s) -> Result<std::optional<Point>> {
    if (s.IntegerOr("y", 0) == 2) return std::optional<Point>();
    return Known(s);
  });
  EXPECT_EQ(left->points.size(), 3u);
  EXPECT_GT(left->left_out, 0u);
  const auto failed = RunTrials(strategy, {}, [](const Setting&) -> Result<std::optional<Point>> { return Fail(StatusCode::kIo, "gone"); });
  EXPECT_EQ(failed.error().message(), "gone");
}

}  // namespace
}  // namespace tradewind
