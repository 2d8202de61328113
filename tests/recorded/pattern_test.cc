// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::ElementsAre;

TEST(PatternTest, GroupsOfTheFirstMatch) {
  const auto pattern = Pattern::Make("^lat_(\\w+?)_(\\d+)?$").value();
  EXPECT_EQ(pattern.groups(), 2u);
  EXPECT_THAT(pattern.Match("lat_gpu_32").value(), ElementsAre("gpu", "32"));
  EXPECT_THAT(pattern.Match("lat_gpu_").value(), ElementsAre("gpu", ""));
  EXPECT_FALSE(pattern.Match("latency"));
  EXPECT_FALSE(pattern.Match(""));
}

TEST(PatternTest, Replaces) {
  const auto pattern = Pattern::Make("(\\d)n").value();
  EXPECT_EQ(pattern.Replace("a1n b2n", "<$1>"), "a<1> b<2>");
  EXPECT_EQ(pattern.Replace("none", "<$1>"), "none");
  EXPECT_EQ(pattern.Replace("", "x"), "");
}

TEST(PatternTest, WhatIsNoPatternSaysWhere) {
  const auto pattern = Pattern::Make("a(b");
  ASSERT_FALSE(pattern);
  EXPECT_THAT(pattern.error().message(), testing::HasSubstr("at its byte 3"));
  EXPECT_FALSE(Pattern::Make(std::string(5000, 'a')));
}

TEST(PatternTest, StepsAreLimited) {
  const auto pattern = Pattern::Make("^(a+)+$").value();
  EXPECT_FALSE(pattern.Match(std::string(5000, 'a') + "b"));
  EXPECT_FALSE(Pattern::Make("(a|ab)(c|bcd)(d*)x").value().Match("\xFF\xFE"));
}

}  // namespace
}  // namespace tradewind
