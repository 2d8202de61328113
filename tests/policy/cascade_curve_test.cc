// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Cascades whose curves are worked out by hand, and the curve against the cascade run at each of its limits.
#include "policy/cascade_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

const std::vector<CascadeRecord> kFour = {{.certainty = 0.9, .light_right = true, .heavy_right = true, .light_ms = 1, .heavy_ms = 10},
                                          {.certainty = 0.2, .light_right = false, .heavy_right = true, .light_ms = 1, .heavy_ms = 10},
                                          {.certainty = 0.6, .light_right = true, .heavy_right = false, .light_ms = 1, .heavy_ms = 10},
                                          {.certainty = 0.4, .light_right = false, .heavy_right = true, .light_ms = 1, .heavy_ms = 10}};

TEST(CascadeCurve, OfFourByHand) {
  const auto curve = CascadeCurve(kFour);
  ASSERT_EQ(curve.size(), 5u);
  const double accuracy[] = {0.5, 0.75, 1.0, 0.75, 0.75};
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_DOUBLE_EQ(curve[i].deferred, 0.25 * static_cast<double>(i));
    EXPECT_DOUBLE_EQ(curve[i].accuracy, accuracy[i]);
    EXPECT_DOUBLE_EQ(curve[i].latency_ms, 1 + 2.5 * static_cast<double>(i));
  }
  EXPECT_DOUBLE_EQ(AreaUnder(curve), 0.25 * (0.625 + 0.875 + 0.875 + 0.75));
  EXPECT_DOUBLE_EQ(CheapestLimit(kFour, 0.99), 0.4) << "the least sure one asks, and that is enough for the heavy one's 3 of 4";
  EXPECT_DOUBLE_EQ(CascadeAt(kFour, 0.4).accuracy, 0.75);
}

TEST(CascadeCurve, IsTheCascadeAtEachLimit) {
  Random random(1);
  std::vector<CascadeRecord> records;
  for (int i = 0; i < 300; ++i) {
    records.push_back({.certainty = std::floor(random.Uniform() * 50) / 50,  // with ties
                       .light_right = random.Uniform() < 0.6,
                       .heavy_right = random.Uniform() < 0.8,
                       .light_ms = random.Uniform(),
                       .heavy_ms = 3 + random.Uniform()});
  }
  const auto curve = CascadeCurve(records);
  EXPECT_LE(curve.size(), 51u);
  for (const CascadePoint& point : curve) {
    const CascadePoint run = CascadeAt(records, point.limit);
    EXPECT_NEAR(run.deferred, point.deferred, 1e-12);
    EXPECT_NEAR(run.accuracy, point.accuracy, 1e-12);
    EXPECT_NEAR(run.latency_ms, point.latency_ms, 1e-9);
  }
  EXPECT_EQ(curve.front().deferred, 0);
  EXPECT_EQ(curve.back().deferred, 1);
}

TEST(CascadeCurve, OfNothingIsNothing) {
  EXPECT_TRUE(CascadeCurve({}).empty());
  EXPECT_EQ(CascadeAt({}, 1).latency_ms, 0);
  EXPECT_EQ(AreaUnder({}), 0);
}

}  // namespace
}  // namespace tradewind
