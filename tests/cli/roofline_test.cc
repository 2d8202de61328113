// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/roofline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/isa.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

constexpr MachineLimits kLimits = {.threads = 2, .bytes_per_s = 1e9, .int8_ops_per_s = 1e12, .float_ops_per_s = 1e11};

// 3 ms of a product whose bytes alone need 1.5 ms, 1 ms of attention that computes for 0.5 ms; the clock around says 4.05 ms.
Roofline Example(const Clock& clock, VirtualClock& moved) {
  Roofline r{.test = "pp<1>", .limits = kLimits, .times = OpTimes(clock), .whole = Duration::Millis(4.05)};
  r.times.Start();
  moved.Advance(Duration::Millis(3));
  r.times.Add({.bytes = 1.5e6, .int8_ops = 1e9});
  r.times.Lap(Op::kQkv);
  moved.Advance(Duration::Millis(1));
  r.times.Add({.bytes = 1e3, .float_ops = 5e7});
  r.times.Lap(Op::kAttention);
  return r;
}

TEST(Roofline, TheLimitIsTheSlowerOfReadingAndComputing) {
  EXPECT_DOUBLE_EQ(LimitSeconds({.bytes = 2e9, .int8_ops = 1e12}, kLimits), 2);
  EXPECT_DOUBLE_EQ(LimitSeconds({.bytes = 1e9, .int8_ops = 3e12}, kLimits), 3);
  EXPECT_DOUBLE_EQ(LimitSeconds({.int8_ops = 1e12, .float_ops = 1e11}, kLimits), 2) << "one unit after the other";
  EXPECT_DOUBLE_EQ(LimitSeconds({}, kLimits), 0);
}

TEST(Roofline, TheTableHasTheKindsByTimeAndTheirSum) {
  VirtualClock clock;
  const std::string text = RooflineText(Example(clock, clock));
  EXPECT_LT(text.find("query, key, value"), text.find("attention"));
  EXPECT_THAT(text, HasSubstr("all of these"));
  EXPECT_THAT(text, HasSubstr("measured 4.050 ms"));
  EXPECT_THAT(text, HasSubstr("1.0 GB/s read, 1.000 TOPS int8, 0.100 TFLOPS single"));
  EXPECT_EQ(text.find("norms"), std::string::npos) << "took no time";
}

TEST(Roofline, JsonHasSharesOfTimeAndOfTheLimit) {
  VirtualClock clock;
  const Json json = RooflineJson(Example(clock, clock));
  EXPECT_DOUBLE_EQ(json["accounted_seconds"].get<double>(), 4e-3);
  EXPECT_DOUBLE_EQ(json["ops"][0]["share"].get<double>(), 3 / 4.05);
  EXPECT_DOUBLE_EQ(json["ops"][0]["share_of_limit"].get<double>(), 0.5);
  EXPECT_DOUBLE_EQ(json["ops"][1]["share_of_limit"].get<double>(), 0.5);
  EXPECT_EQ(json["ops"].size(), 2u);
}

TEST(Roofline, ThePictureHasABarAndALimitForEach) {
  VirtualClock clock;
  const std::string svg = RooflineSvg("a & b", {Example(clock, clock)});
  EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_THAT(svg, HasSubstr("a &amp; b"));
  EXPECT_THAT(svg, HasSubstr("pp&lt;1&gt;"));
  EXPECT_THAT(svg, HasSubstr("width=\"440.0\" height=\"14\" fill=\"#d8c7a0\""));  // the longest fills the panel
  EXPECT_THAT(svg, HasSubstr("width=\"220.0\" height=\"14\" fill=\"#1f6f8b\""));  // and half of it is the limit
  EXPECT_THAT(svg, HasSubstr("width=\"146.7\""));
}

TEST(Roofline, LimitsAreMeasured) {
  const MachineLimits limits = MeasureLimits(KernelsFor(AvailableIsas().back()), 1, 1 << 20);
  EXPECT_EQ(limits.threads, 1);
  EXPECT_GT(limits.bytes_per_s, 0);
  EXPECT_GT(limits.int8_ops_per_s, 0);
  EXPECT_GT(limits.float_ops_per_s, 0);
}

}  // namespace
}  // namespace tradewind
