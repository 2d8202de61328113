// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/metric.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(Metric, OriginsHaveNamesThatReadBack) {
  EXPECT_EQ(OriginName(Origin::kMeasured), "measured");
  EXPECT_EQ(OriginName(Origin::kRecorded), "recorded");
  EXPECT_EQ(OriginName(Origin::kModelled), "modelled");
  EXPECT_EQ(OriginName(Origin::kAssumed), "assumed");
  for (Origin origin : {Origin::kMeasured, Origin::kRecorded, Origin::kModelled, Origin::kAssumed}) {
    EXPECT_EQ(ParseOrigin(OriginName(origin)), origin);
  }
  EXPECT_FALSE(ParseOrigin("guessed"));
  EXPECT_FALSE(ParseOrigin(""));
}

}  // namespace
}  // namespace tradewind
