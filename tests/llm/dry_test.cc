// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/dry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

// The definition: for each place, how many tokens before it equal the last ones, up to the last break.
std::map<int32_t, int64_t> ByComparing(const std::vector<int32_t>& tokens, const std::vector<uint8_t>& breaks) {
  std::map<int32_t, int64_t> longest;
  const size_t count = tokens.size();
  for (size_t next = 1; next < count; ++next) {
    if (breaks[next] != 0) continue;
    int64_t length = 0;
    for (size_t back = 1; back <= next; ++back) {
      if (tokens[next - back] != tokens[count - back] || breaks[count - back] != 0) break;
      ++length;
    }
    if (length > 0) longest[tokens[next]] = std::max(longest[tokens[next]], length);
  }
  return longest;
}

TEST(Dry, RepeatedEndsAreThoseOfTheDefinition) {
  Random random(3);
  size_t found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<int32_t> tokens(random.Below(40));
    std::vector<uint8_t> breaks(tokens.size());
    const uint64_t alphabet = 1 + random.Below(4);
    for (int32_t& t : tokens) t = static_cast<int32_t>(random.Below(alphabet));
    for (uint8_t& b : breaks) b = random.Below(12) == 0;
    const auto ends = RepeatedEnds(tokens, breaks);
    ASSERT_EQ(ends, ByComparing(tokens, breaks)) << round;
    found += ends.size();
    const std::vector<uint8_t> none(tokens.size());
    ASSERT_EQ(RepeatedEnds(tokens, {}), ByComparing(tokens, none)) << round;
  }
  EXPECT_GT(found, 1000u);
}

// A quadratic walk of a million equal tokens would take hours.
TEST(Dry, IsLinear) {
  const std::vector<int32_t> same(1'000'000, 7);
  EXPECT_EQ(RepeatedEnds(same, {}).at(7), 999'999);
}

TEST(Dry, LongRepetitionsStayFinite) {
  const std::vector<int32_t> same(5000, 1);
  std::vector<float> logits = {0, 0};
  Sampling options;
  options.dry_multiplier = 1;
  PenalizeDry(options, same, {}, logits);
  EXPECT_EQ(logits[0], 0);
  EXPECT_LT(logits[1], -1e5F);
  EXPECT_TRUE(std::isfinite(logits[1]));
}

TEST(DryBreaks, AreWhereABreakerEnds) {
  DryBreaks breaks({"\n", "STOP", ""});
  for (const char* token : {"a\nb", "x", "ST", "O", "P", "STO", "x", "\n", "P"}) breaks.Add(token);
  EXPECT_EQ(std::vector<uint8_t>(breaks.marks().begin(), breaks.marks().end()), (std::vector<uint8_t>{1, 0, 0, 0, 1, 0, 0, 1, 0}));
}

TEST(DryBreaks, AgreeWithLookingThroughTheWholeText) {
  Random random(8);
  for (int round = 0; round < 500; ++round) {
    const std::vector<std::string> breakers = {"ab", "b", "aab", "caba"};
    const std::vector<std::string> chosen(breakers.begin() + static_cast<std::ptrdiff_t>(random.Below(4)), breakers.end());
    DryBreaks breaks(chosen);
    std::string text;
    for (int t = 0; t < 20; ++t) {
      const size_t begin = text.size();
      for (uint64_t i = random.Below(4); i > 0; --i) text += "abc"[random.Below(3)];
      breaks.Add(std::string_view(text).substr(begin));
      bool ends = false;
      for (const std::string& b : chosen) {
        for (size_t at = text.find(b); at != std::string::npos; at = text.find(b, at + 1)) ends = ends || at + b.size() > begin;
      }
      ASSERT_EQ(breaks.marks().back() != 0, ends) << text;
    }
  }
}

}  // namespace
}  // namespace tradewind
