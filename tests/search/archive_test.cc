// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

using testing::ElementsAre;

const SearchGoal kArchiveGoal{.axes = {{"accuracy", Direction::kHigherIsBetter}, {"ms", Direction::kLowerIsBetter}},
                       .constraints = {{.metric = "mib", .limit = 100}}};

Point At(double accuracy, double ms, double mib) {
  Point point;
  const std::pair<const char*, double> values[] = {{"accuracy", accuracy}, {"ms", ms}, {"mib", mib}};
  for (const auto& [metric, value] : values) point.measurements.push_back({.metric = metric, .value = value, .interval = {value, value}});
  return point;
}
ScoredTrial Feasible(std::vector<double> values) {
  return {.genome = {}, .values = std::move(values)};
}

TEST(Archive, MinimisesEveryAxisAndSumsWhatBreaksConstraints) {
  const Archive archive(kArchiveGoal);
  const ScoredTrial kept = archive.Score({0}, At(90, 5, 100));
  EXPECT_THAT(kept.values, ElementsAre(-90, 5));
  EXPECT_TRUE(kept.Feasible());
  EXPECT_DOUBLE_EQ(archive.Score({0}, At(90, 5, 150)).violation, 0.5);
  Point partial = At(90, 5, 10);
  partial.measurements.erase(partial.measurements.begin() + 1);
  const ScoredTrial missing = archive.Score({0}, partial);
  EXPECT_FALSE(missing.complete);
  EXPECT_TRUE(std::isinf(missing.values[1]));
  EXPECT_FALSE(missing.Feasible());
}

TEST(Beats, FeasibleThenLeastViolationThenDomination) {
  const ScoredTrial good = Feasible({1, 2});
  ScoredTrial broken = Feasible({0, 0});
  broken.violation = 0.1;
  ScoredTrial worse = broken;
  worse.violation = 0.2;
  ScoredTrial missing = Feasible({0, INFINITY});
  missing.complete = false;
  EXPECT_TRUE(Beats(good, broken));
  EXPECT_TRUE(Beats(broken, worse));
  EXPECT_FALSE(Beats(worse, broken));
  EXPECT_TRUE(Beats(worse, missing));
  EXPECT_TRUE(Beats(good, Feasible({1, 3})));
  EXPECT_FALSE(Beats(good, good));
  EXPECT_FALSE(Beats(good, Feasible({0, 3})));
}

// Worked out on paper: three layers of a 2-D set.
TEST(RankTrials, PeelsLayersAndMeasuresLoneliness) {
  const std::vector<ScoredTrial> trials = {Feasible({0, 4}), Feasible({1, 2}), Feasible({4, 0}), Feasible({2, 3}), Feasible({5, 5})};
  const Ranking ranking = RankTrials(trials);
  EXPECT_THAT(ranking.rank, ElementsAre(0, 0, 0, 1, 2));
  EXPECT_TRUE(std::isinf(ranking.crowding[0]));
  EXPECT_TRUE(std::isinf(ranking.crowding[2]));
  EXPECT_DOUBLE_EQ(ranking.crowding[1], 4.0 / 4 + 4.0 / 4);
  EXPECT_THAT(SelectBest(trials, 4), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(SelectBest(trials, 2), ElementsAre(0, 2)) << "the ends of the first layer are the loneliest";
}

TEST(Archive, KeepsTheFrontUpToDate) {
  Archive archive(kArchiveGoal);
  archive.Add({0}, At(50, 5, 10));
  archive.Add({1}, At(40, 4, 10));
  archive.Add({2}, At(45, 6, 10));   // dominated by the first
  archive.Add({3}, At(99, 1, 101));  // not feasible
  EXPECT_THAT(archive.Front(), ElementsAre(0, 1)) << "by rising first axis, which is minus the accuracy";
  archive.Add({4}, At(51, 4, 10));
  EXPECT_THAT(archive.Front(), ElementsAre(4));
  EXPECT_EQ(archive.Add({4}, At(60, 1, 1)), 4u) << "the first values stay";
  EXPECT_THAT(archive.trials()[4].values, ElementsAre(-51, 4));
  EXPECT_EQ(archive.Find({5}), nullptr);
}

TEST(Archive, TakesAReferenceBeyondTheWorstFeasibleValuesWhereTheGoalHasNone) {
  Archive archive(kArchiveGoal);
  archive.Add({0}, At(50, 5, 10));
  archive.Add({1}, At(40, 4, 10));
  archive.Add({2}, At(10, 100, 1000));
  EXPECT_THAT(archive.Reference(), ElementsAre(testing::DoubleEq(-39), testing::DoubleEq(5.1)));
  SearchGoal goal = kArchiveGoal;
  goal.reference = {20, 30};
  EXPECT_THAT(Archive(goal).Reference(), ElementsAre(-20, 30));
}

}  // namespace
}  // namespace tradewind
