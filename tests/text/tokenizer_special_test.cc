// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The matcher against a search that tries every piece at every place.
#include "text/tokenizer_special.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.h"

namespace tradewind {
namespace {

SpecialMatcher::Match Slowly(const std::vector<std::string>& pieces, std::string_view text, size_t from) {
  for (size_t at = from; at < text.size(); ++at) {
    SpecialMatcher::Match best{at, 0, kNoToken};
    for (size_t id = 0; id < pieces.size(); ++id) {
      if (pieces[id].size() > best.length && text.substr(at).starts_with(pieces[id]))
        best = {at, pieces[id].size(), static_cast<int32_t>(id)};
    }
    if (best.id != kNoToken) return best;
  }
  return {text.size(), 0, kNoToken};
}

TEST(SpecialMatcherTest, AgreesWithTryingEverything) {
  Random random(3);
  const auto word = [&random](uint64_t longest) {
    std::string text;
    for (uint64_t length = random.Below(longest + 1); text.size() < length;) text.push_back("<a\xFF"[random.Below(3)]);
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> pieces;
    for (int i = 0; i < 12; ++i) {
      const std::string piece = word(5);
      if (std::ranges::find(pieces, piece) == pieces.end()) pieces.push_back(piece);
    }
    std::vector<int32_t> ids(pieces.size());
    std::iota(ids.begin(), ids.end(), 0);
    const SpecialMatcher matcher(pieces, ids);
    const std::string text = word(60);
    for (size_t from = 0; from <= text.size(); ++from) {
      const auto found = matcher.Next(text, from);
      const auto want = Slowly(pieces, text, from);
      ASSERT_EQ(found.begin, want.begin);
      ASSERT_EQ(found.length, want.length);
      ASSERT_EQ(found.id, want.id);
    }
  }
}

TEST(SpecialMatcherTest, NothingToFind) {
  EXPECT_EQ(SpecialMatcher().Next("abc", 1).begin, 3u);
  const std::vector<std::string> pieces = {"<x>"};
  EXPECT_EQ(SpecialMatcher(pieces, {}).Next("<x>", 0).id, kNoToken);
  EXPECT_EQ(SpecialMatcher(pieces, {0}).Next("", 0).id, kNoToken);
}

}  // namespace
}  // namespace tradewind
