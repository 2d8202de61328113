// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/cut_race.h"

#include <gmock/gmock.h>

#include "collab/cut_profile.h"
#include "collab/split_testing.h"

namespace tradewind {
namespace {

TEST(CutRace, TheFastestRanEveryRound) {
  EXPECT_EQ(FastestPlan(std::vector<PlanTimes>{{.latency_ms = {5, 6, 7}}, {.latency_ms = {4, 4, 40}}, {.latency_ms = {6, 6, 6}}}), 1u);
  EXPECT_EQ(FastestPlan(std::vector<PlanTimes>{{.latency_ms = {5, 6, 7}}, {.latency_ms = {1, 1}}}), 0u) << "it was put aside";
}

TEST(CutRace, WhatIsFarBehindRunsLess) {
  const auto net = SplitNet::Open(SmallModel(), {});
  ASSERT_TRUE(net) << net.error().ToString();
  // Sending singles of the picture takes 86 ms more than nothing.
  ASSERT_TRUE((*net)->SetConditions({.link = {.bandwidth_bytes_per_s = 20'000}}));
  const std::vector<SplitPlan> plans = {{.cut = "input", .coding = Coding::kF32}, {.cut = "none"}};
  const std::vector<Image> pictures = {TestPicture(12), TestPicture(24)};
  const auto times = RaceCuts(**net, plans, pictures, {.rounds = 5, .least_rounds = 2, .hopeless = 1e6});
  ASSERT_TRUE(times) << times.error().ToString();
  EXPECT_EQ((*times)[0].latency_ms.size(), 2u);
  EXPECT_EQ((*times)[1].latency_ms.size(), 5u);
  EXPECT_EQ((*times)[1].sent_bytes, 0);
  EXPECT_GT((*times)[0].sent_bytes, 3 * 12 * 12 * 4);
  EXPECT_EQ(FastestPlan(*times), 1u);
  const auto fewer = RaceCuts(**net, plans, pictures, {.rounds = 5, .least_rounds = 2});
  ASSERT_TRUE(fewer) << fewer.error().ToString();
  EXPECT_EQ((*fewer)[0].latency_ms.size(), 1u) << "hopeless";
  EXPECT_EQ((*fewer)[1].latency_ms.size(), 5u);
  EXPECT_FALSE(RaceCuts(**net, std::vector<SplitPlan>{{.cut = "nowhere"}}, pictures, {}));
}

}  // namespace
}  // namespace tradewind
