// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/utf8_class.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

bool Takes(const Utf8Class& set, const std::string& bytes) {
  int node = Utf8Class::kStart;
  for (size_t i = 0; i < bytes.size(); ++i) {
    node = set.Step(node, static_cast<uint8_t>(bytes[i]));
    if (node == Utf8Class::kReject) return false;
    if (node == Utf8Class::kAccept) return i + 1 == bytes.size();
  }
  return false;
}

bool IsScalar(char32_t c) {
  return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

TEST(Utf8Class, TakesTheCharactersOfItsRangesAndNoOthers) {
  Random random(7);
  const std::vector<char32_t> edges = {0,      0x7F,   0x80,   0x7FF,   0x800,   0xFFF,   0x1000,
                                       0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0x10FFFF};
  const auto character = [&] {
    char32_t c = random.Below(2) == 0 ? edges[random.Below(edges.size())] : static_cast<char32_t>(random.Below(0x110000));
    return std::min<char32_t>(c + static_cast<char32_t>(random.Below(3)), 0x10FFFF);
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<CharRange> ranges;
    for (uint64_t i = 0; i <= random.Below(4); ++i) {
      const char32_t a = character();
      const char32_t b = random.Below(2) == 0 ? a : character();
      ranges.push_back({std::min(a, b), std::max(a, b)});
    }
    const Utf8Class set(MergeRanges(ranges));
    const Utf8Class outside(ComplementRanges(MergeRanges(ranges)));
    std::vector<char32_t> tried = edges;
    for (const CharRange& r : ranges) tried.insert(tried.end(), {r.low, r.high, r.low - 1, r.high + 1});
    for (int i = 0; i < 200; ++i) tried.push_back(character());
    for (const char32_t c : tried) {
      if (!IsScalar(c)) continue;
      std::string bytes;
      AppendUtf8(c, bytes);
      const bool in = std::any_of(ranges.begin(), ranges.end(), [&](const CharRange& r) { return c >= r.low && c <= r.high; });
      ASSERT_EQ(Takes(set, bytes), in) << static_cast<uint32_t>(c);
      ASSERT_EQ(Takes(outside, bytes), !in) << static_cast<uint32_t>(c);
    }
  }
}

TEST(Utf8Class, AllCharactersAreAllWellFormedBytes) {
  const Utf8Class any(ComplementRanges({}));
  Random random(3);
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes(1 + random.Below(4), ' ');
    for (char& b : bytes) b = static_cast<char>(random.Below(2) == 0 ? 0x80 + random.Below(0x80) : random.Below(256));
    const bool whole = Utf8Length(bytes, 0) == bytes.size();
    ASSERT_EQ(Takes(any, bytes), whole) << i;
  }
}

TEST(Utf8Class, SurrogatesAreNoCharacters) {
  EXPECT_TRUE(MergeRanges({{0xD800, 0xDFFF}}).empty());
  EXPECT_EQ(MergeRanges({{0xD000, 0xE001}}), (std::vector<CharRange>{{0xD000, 0xD7FF}, {0xE000, 0xE001}}));
}

}  // namespace
}  // namespace tradewind
