// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/stop_matcher.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace tradewind {
namespace {

struct Shown {
  std::string text;
  size_t tokens = 0;
  bool matched = false;
};

Shown Show(const std::vector<std::string>& pieces, const std::vector<std::string>& stops) {
  StopMatcher matcher(stops);
  Shown shown;
  const auto drain = [&] {
    while (const auto token = matcher.Pop()) {
      shown.text += token->bytes;
      ++shown.tokens;
    }
  };
  for (const std::string& piece : pieces) {
    Token token;
    token.bytes = piece;
    matcher.Add(std::move(token));
    drain();
    if (matcher.Matched()) break;
  }
  shown.matched = matcher.Matched();
  matcher.Finish();
  drain();
  return shown;
}

TEST(StopMatcher, ShowsAllWithoutAStop) {
  const Shown shown = Show({"a", "", "bc"}, {""});
  EXPECT_EQ(shown.text, "abc");
  EXPECT_EQ(shown.tokens, 3u);
  EXPECT_FALSE(shown.matched);
}

TEST(StopMatcher, CutsTheTokenThatAStopBeginsIn) {
  EXPECT_EQ(Show({"one\nUs", "er: two"}, {"\nUser:"}).text, "one");
  EXPECT_EQ(Show({"x", "END"}, {"END"}).tokens, 1u);
  EXPECT_TRUE(Show({"x", "END"}, {"END"}).matched);
}

TEST(StopMatcher, WhatOnlyBeganLikeAStopIsShownInTheEnd) {
  const Shown shown = Show({"a", "\nUs", "ual", "\nUse"}, {"\nUser:"});
  EXPECT_EQ(shown.text, "a\nUsual\nUse");
  EXPECT_FALSE(shown.matched);
}

TEST(StopMatcher, HoldsBackOnlyWhatMayBecomeAStop) {
  StopMatcher matcher({"aab"});
  Token token;
  token.bytes = "a";
  for (int i = 0; i < 3; ++i) matcher.Add(token);
  EXPECT_TRUE(matcher.Pop());  // of "aaa" the last two may begin a stop
  EXPECT_FALSE(matcher.Pop());
}

// Against the whole text so far, token by token: never shown is a stop, nor the beginning of one that came.
TEST(StopMatcher, AgreesWithALookAtTheWholeText) {
  Random random(3);
  const auto word = [&](uint64_t most) {
    std::string text;
    for (uint64_t n = random.Below(most + 1); n > 0; --n) text += static_cast<char>('a' + random.Below(2));
    return text;
  };
  int matches = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::string> stops;
    for (uint64_t n = 1 + random.Below(3); n > 0; --n) stops.push_back(word(4));
    std::vector<std::string> pieces;
    for (uint64_t n = random.Below(12); n > 0; --n) pieces.push_back(word(3));

    std::string expected;
    bool matched = false;
    for (size_t i = 0; i < pieces.size() && !matched; ++i) {
      expected += pieces[i];
      size_t at = std::string::npos;
      for (const std::string& stop : stops) {
        if (!stop.empty()) at = std::min(at, expected.find(stop));
      }
      matched = at != std::string::npos;
      if (matched) expected.resize(at);
    }
    const Shown shown = Show(pieces, stops);
    ASSERT_EQ(shown.text, expected) << round;
    ASSERT_EQ(shown.matched, matched) << round;
    matches += matched;
  }
  EXPECT_GT(matches, 5000);
}

}  // namespace
}  // namespace tradewind
