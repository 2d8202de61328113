// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/speed_gate.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace tradewind {
namespace {

// Times about a mean, with noise of some per cent.
std::vector<double> Times(double mean, double noise, uint64_t seed, int count = 15) {
  Random random(seed);
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(mean * (1 + noise * random.Normal()));
  return out;
}

TEST(SpeedGate, AFasterOneHoldsAndASlowerOneBreaks) {
  EXPECT_TRUE(JudgeClaim("a", "b", Times(0.8, 0.02, 1), Times(1, 0.02, 2)).holds);
  const GateClaim slower = JudgeClaim("a", "b", Times(1.2, 0.02, 1), Times(1, 0.02, 2));
  EXPECT_FALSE(slower.holds);
  EXPECT_NEAR(slower.ratio, 1.2, 0.05);
  EXPECT_TRUE(slower.interval.Contains(slower.ratio));
}

TEST(SpeedGate, NoiseBreaksNothing) {
  int broken = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) broken += !JudgeClaim("a", "b", Times(1, 0.1, seed), Times(1, 0.1, seed + 1000)).holds;
  // An interval that covers 95 % leaves 2.5 % on this side, and the tolerance takes from that.
  EXPECT_LE(broken, 5);
  EXPECT_TRUE(JudgeClaim("a", "b", Times(1.02, 0.001, 1), Times(1, 0.001, 2)).holds) << "within the tolerance";
}

TEST(SpeedGate, ShareOfTheLimit) {
  const GateShare share = ShareOfLimit("work", 0.5, std::vector<double>{1, 1, 1, 2, 0.5});
  EXPECT_DOUBLE_EQ(share.share, 0.5);
  EXPECT_LE(share.interval.low, 0.5);
  EXPECT_GE(share.interval.high, 0.5);
  EXPECT_LE(share.interval.high, 1.0);
}

TEST(SpeedGate, RunsSpanAllTheirIntervals) {
  const std::vector<std::vector<GateShare>> runs = {{{"x", 0.5, {0.45, 0.55}}, {"y", 1, {1, 1}}},
                                                    {{"x", 0.7, {0.69, 0.71}}, {"y", 2, {2, 2}}},
                                                    {{"x", 0.6, {0.3, 0.62}}, {"y", 3, {3, 3}}}};
  const std::vector<GateShare> spans = SpanOfRuns(runs);
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].what, "x");
  EXPECT_EQ(spans[0].share, 0.6);
  EXPECT_EQ(spans[0].interval.low, 0.3);
  EXPECT_EQ(spans[0].interval.high, 0.71);
  EXPECT_EQ(spans[1].share, 2);
  EXPECT_TRUE(SpanOfRuns({}).empty());
}

TEST(SpeedGate, WhatHoldsOnceHolds) {
  const auto claim = [](const char* what, const char* than, double ratio, bool holds) {
    return GateClaim{.what = what, .than = than, .ratio = ratio, .interval = {}, .holds = holds};
  };
  std::vector<GateClaim> claims = {claim("x", "BF16", 1.5, false), claim("x", "the baseline", 1.5, false), claim("y", "BF16", 0.5, true)};
  const std::vector<GateClaim> again = {claim("x", "BF16", 0.9, true), claim("x", "the baseline", 1.4, false),
                                        claim("y", "BF16", 2, false)};
  TakeWhatHolds(claims, again);
  EXPECT_TRUE(claims[0].holds);
  EXPECT_EQ(claims[0].ratio, 0.9);
  EXPECT_FALSE(claims[1].holds) << "another claim about the same work held";
  EXPECT_EQ(claims[1].ratio, 1.5);
  EXPECT_TRUE(claims[2].holds);
}

TEST(SpeedGate, ABaselineIsKeptAndJudged) {
  GateBaseline baseline;
  const std::vector<GateShare> then = {{"x", 0.8, {0.78, 0.82}}, {"gone", 0.5, {0.4, 0.6}}};
  baseline.Set("A, avx2", then);
  baseline.Set("B, avx2", std::vector<GateShare>{{"x", 0.1, {0.1, 0.1}}});
  const auto read = GateBaseline::Parse(baseline.Text(), "file");
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_TRUE(read->Has("B, avx2"));
  EXPECT_FALSE(read->Has("C"));
  EXPECT_TRUE(read->Judge("C", then).empty());
  const auto judge = [&](double share) {
    return read->Judge("A, avx2", std::vector<GateShare>{{"x", share, {share - 0.02, share + 0.02}}, {"new", 1, {1, 1}}});
  };
  ASSERT_EQ(judge(0.8).size(), 1u) << "what the baseline has not is not judged";
  EXPECT_TRUE(judge(0.8)[0].holds);
  EXPECT_TRUE(judge(0.7)[0].holds) << "machines wander";
  EXPECT_FALSE(judge(0.6)[0].holds);
  EXPECT_NEAR(judge(0.6)[0].ratio, 0.8 / 0.6, 1e-12);
}

TEST(SpeedGate, ABaselineThatIsNoneIsRefusedByField) {
  EXPECT_TRUE(GateBaseline::Parse("", "file"));
  for (const auto& [text, where] : std::vector<std::pair<std::string, std::string>>{{"{", "the file"},
                                                                                    {"[]", "the file"},
                                                                                    {R"({"A": 1})", "A"},
                                                                                    {R"({"A": {"x": 1}})", "A: x"},
                                                                                    {R"({"A": {"x": [1, 2]}})", "A: x"},
                                                                                    {R"({"A": {"x": [1, 3, 2]}})", "A: x"},
                                                                                    {R"({"A": {"x": [0, 1, 2]}})", "A: x"},
                                                                                    {R"({"A": {"x": [1, null, 2]}})", "A: x"}}) {
    const auto refused = GateBaseline::Parse(text, "file");
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().where(), where) << text;
    EXPECT_EQ(refused.error().code(), StatusCode::kInvalidInput);
  }
}

}  // namespace
}  // namespace tradewind
