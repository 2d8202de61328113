// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Costs and links as they are found: bytes are exact, and a shaped link is never found faster than it is.
#include "collab/cut_profile.h"

#include <gmock/gmock.h>

#include "collab/split_testing.h"

namespace tradewind {
namespace {

TEST(CutProfile, FindsWhatCrosses) {
  const auto net = SplitNet::Open(SmallModel(), {});
  ASSERT_TRUE(net) << net.error().ToString();
  const std::vector<Image> pictures = {TestPicture(12), TestPicture(20)};
  const SplitConditions before{.link = {.bandwidth_bytes_per_s = 1e6, .delay_ms = 1}, .worker_load = 2};
  ASSERT_TRUE((*net)->SetConditions(before));
  const auto profile = ProfileCuts(**net, pictures, Coding::kF32, {.most_edges = 100, .runs = 2});
  ASSERT_TRUE(profile) << profile.error().ToString();
  EXPECT_EQ((*net)->conditions().link.delay_ms, 1) << "conditions are put back";
  ASSERT_EQ(profile->costs.size(), 2 + (*net)->model().cuts.size());
  EXPECT_EQ(profile->costs[0].cut, "none");
  EXPECT_EQ(profile->costs[0].sent_bytes, 0);
  EXPECT_EQ(profile->costs[0].worker_ms, 0);
  EXPECT_GT(profile->costs[0].device_ms, 0);
  EXPECT_EQ(profile->costs[1].cut, "input");
  const size_t around = kMessageHeaderBytes + 4 + 5 + 4 + 2 + 4 * 8;
  EXPECT_EQ(profile->costs[1].sent_bytes, static_cast<double>(3 * 12 * 12 * 4 + around));
  for (size_t i = 1; i < profile->costs.size(); ++i) {
    EXPECT_GT(profile->costs[i].worker_ms, 0);
    EXPECT_GT(profile->costs[i].received_bytes, 0);
  }
}

TEST(CutProfile, AJpegPictureHasNoEdges) {
  const auto net = SplitNet::Open(SmallModel(), {});
  ASSERT_TRUE(net);
  const Image picture = TestPicture(12);
  const auto profile = ProfileCuts(**net, {&picture, 1}, Coding::kJpeg, {.runs = 1});
  ASSERT_TRUE(profile) << profile.error().ToString();
  EXPECT_EQ(profile->costs.size(), 2u);
}

TEST(CutProfile, ALinkIsFoundNoFasterThanItIs) {
  const auto net = SplitNet::Open(SmallModel(), {});
  ASSERT_TRUE(net);
  const Image picture = TestPicture(12);
  const auto profile = ProfileCuts(**net, {&picture, 1}, Coding::kInt8Zlib, {.runs = 3});
  ASSERT_TRUE(profile);
  for (const double rate : {2.5e5, 2.5e6}) {
    ASSERT_TRUE((*net)->SetConditions({.link = {.bandwidth_bytes_per_s = rate, .delay_ms = 8}}));
    const auto state = ProbePath(**net, *profile, picture);
    ASSERT_TRUE(state) << state.error().ToString();
    EXPECT_GE(state->round_trip_ms, 16);
    // The round trip that is taken off may have been a slow one: by as much, the rate seems higher.
    EXPECT_LE(state->bytes_per_s, rate * 2);
    EXPECT_GT(state->bytes_per_s, 0);
    EXPECT_GE(state->worker_load, 1);
  }
}

TEST(CutProfile, ATestPictureIsNoFlatOne) {
  const Image picture = TestPicture(64);
  EXPECT_EQ(picture.width, 64);
  EXPECT_EQ(TestPicture(64).pixels, picture.pixels);
  const auto [low, high] = std::minmax_element(picture.pixels.begin(), picture.pixels.end());
  EXPECT_GT(*high - *low, 100);
}

}  // namespace
}  // namespace tradewind
