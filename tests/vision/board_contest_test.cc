// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Contests and deadlines on boards whose times are put in by hand, against answers worked out on paper.
#include "vision/board_contest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

TimedNet Net(const std::string& name, double top1, double ms, double low, double high) {
  return {.name = name, .resolution = 224, .top1 = top1, .backend = "native", .latency_ms = ms, .interval = {low, high, 0.75}};
}

// Two nets and three rivals:      ms
//   a 70 %    10 (9 to 11)        r 68 %   8 (7 to 9)
//   b 75 %    20 (19 to 21)       s 74 %  20 (18 to 22)
//                                 t 72 %  10.5 (9.5 to 12)
const std::vector<TimedNet> kNets = {Net("a", 70, 10, 9, 11), Net("b", 75, 20, 19, 21)};
const std::vector<TimedNet> kRivals = {Net("r", 68, 8, 7, 9), Net("s", 74, 20, 18, 22), Net("t", 72, 10.5, 9.5, 12)};

TEST(BoardContest, TheMostAccurateRivalThatIsNotSlowerCounts) {
  const BoardContest contest = ContestAtEqualTime(kNets, kRivals, 0);
  ASSERT_EQ(contest.bouts.size(), 2u);
  EXPECT_EQ(contest.bouts[0].rival, 0u);  // t takes 10.5 ms
  EXPECT_DOUBLE_EQ(contest.bouts[0].difference, 2);
  EXPECT_DOUBLE_EQ(contest.bouts[0].interval.low, -2) << "t may take 9.5 ms, and a 11";
  EXPECT_DOUBLE_EQ(contest.bouts[0].interval.high, 2) << "r takes 9 ms at most, and a 9 at least";
  EXPECT_EQ(contest.bouts[1].rival, 1u);
  EXPECT_DOUBLE_EQ(contest.bouts[1].difference, 1);
  EXPECT_DOUBLE_EQ(contest.bouts[1].interval.low, 1);
  EXPECT_DOUBLE_EQ(contest.bouts[1].interval.high, 3) << "s may take 22 ms, and b 19: then t is the best";
  const auto summary = SummaryOf(contest.bouts, 0);
  ASSERT_TRUE(summary);
  EXPECT_DOUBLE_EQ(summary->share_won.value, 1);
  EXPECT_DOUBLE_EQ(summary->share_won.interval.low, 0.5);
  EXPECT_DOUBLE_EQ(SummaryOf(contest.bouts, 1)->share_won.value, 0.5) << "by more than a point: a, and not b";
  EXPECT_DOUBLE_EQ(summary->mean_difference.value, 1.5);
  EXPECT_DOUBLE_EQ(summary->mean_difference.interval.low, -0.5);
  EXPECT_DOUBLE_EQ(summary->mean_difference.interval.high, 2.5);
  EXPECT_DOUBLE_EQ(summary->least_difference.value, 1);
  EXPECT_DOUBLE_EQ(summary->least_difference.interval.low, -2);
  EXPECT_DOUBLE_EQ(summary->least_difference.interval.high, 2);
  EXPECT_DOUBLE_EQ(summary->mean_difference.interval.confidence, 0.75);
}

TEST(BoardContest, RivalsMayTakeLongerByAShare) {
  const BoardContest contest = ContestAtEqualTime(kNets, kRivals, 0.05);
  EXPECT_EQ(contest.bouts[0].rival, 2u) << "10.5 ms are a twentieth more than 10";
  EXPECT_DOUBLE_EQ(contest.bouts[0].difference, -2);
}

// r: a is at least as accurate and the faster, 8 / 10 (7 / 11 to 9 / 9). s: b alone, 20 / 20. t: b alone, 10.5 / 20.
TEST(BoardContest, RacesAreForEqualAccuracy) {
  const BoardContest contest = ContestAtEqualTime(kNets, kRivals, 0);
  ASSERT_EQ(contest.races.size(), 3u);
  EXPECT_EQ(contest.races[0].net, 0u);
  EXPECT_DOUBLE_EQ(contest.races[0].speedup, 0.8);
  EXPECT_DOUBLE_EQ(contest.races[0].interval.low, 7.0 / 11);
  EXPECT_DOUBLE_EQ(contest.races[0].interval.high, 1);
  EXPECT_DOUBLE_EQ(contest.races[1].speedup, 1);
  EXPECT_EQ(contest.races[2].net, 1u);
  const auto mean = MeanSpeedup(contest.races);
  ASSERT_TRUE(mean);
  EXPECT_NEAR(mean->value, std::cbrt(0.8 * 1 * 0.525), 1e-12);
}

TEST(BoardContest, WhatCannotBeComparedIsLeftOut) {
  const std::vector<TimedNet> slow = {Net("u", 80, 100, 90, 110)};
  const BoardContest contest = ContestAtEqualTime(kNets, slow, 0);
  EXPECT_FALSE(contest.bouts[0].rival);
  EXPECT_EQ(SummaryOf(contest.bouts, 0).error().code(), StatusCode::kNotFound);
  EXPECT_FALSE(contest.races[0].net);
  EXPECT_FALSE(MeanSpeedup(contest.races));
}

// 1.96 standard errors of the difference of two shares of 0.75, of 50,000 each.
TEST(BoardContest, ChanceIsTheBinomials) {
  EXPECT_NEAR(kChancePoints, 100 * 1.96 * std::sqrt(2 * 0.75 * 0.25 / 50'000), 0.005);
}

TEST(BoardContest, DeadlinesArePowersOfTwoThatBuyMore) {
  const std::vector<TimedNet> nets = {Net("a", 60, 0.4, 0.4, 0.4), Net("b", 70, 3, 3, 3), Net("c", 65, 7, 7, 7), Net("d", 71, 8, 8, 8),
                                      Net("e", 71, 40, 40, 40)};
  const std::vector<BoardTier> tiers = TiersOf(nets);
  ASSERT_EQ(tiers.size(), 3u);
  EXPECT_DOUBLE_EQ(tiers[0].at_most_ms, 0.5);
  EXPECT_EQ(tiers[0].net, 0u);
  EXPECT_DOUBLE_EQ(tiers[1].at_most_ms, 4) << "1 and 2 ms buy no more than half a millisecond";
  EXPECT_EQ(tiers[1].net, 1u);
  EXPECT_DOUBLE_EQ(tiers[2].at_most_ms, 8);
  EXPECT_EQ(tiers[2].net, 3u) << "64 ms buy no more";
  EXPECT_TRUE(TiersOf({}).empty());
}

}  // namespace
}  // namespace tradewind
