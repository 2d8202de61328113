// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Maps of characters that lie, one change each, and a small one that does not. Real ones: tokenizer_encoder_golden_test.cc.
#include "text/tokenizer_charsmap.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/random.h"
#include "text/tokenizer_charsmap_testing.h"

namespace tradewind {
namespace {

void ExpectBadCharsmap(const std::string& bytes, const std::string& says) {
  const Result<Charsmap> charsmap = Charsmap::Read(bytes);
  ASSERT_FALSE(charsmap) << says;
  EXPECT_EQ(charsmap.error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(charsmap.error().where(), "tokenizer.ggml.precompiled_charsmap");
  EXPECT_NE(charsmap.error().message().find(says), std::string::npos) << charsmap.error().message();
}

std::string Spoilt(const std::function<void(std::vector<uint32_t>&)>& spoil) {
  std::vector<uint32_t> units = TinyCharsmapUnits();
  spoil(units);
  return CharsmapBytes(units, kTinyReplacements);
}

TEST(CharsmapTest, TakesTheLongest) {
  const Result<Charsmap> charsmap = Charsmap::Read(CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements));
  ASSERT_TRUE(charsmap) << charsmap.error().ToString();
  const auto at = [&](std::string_view text, size_t where) { return charsmap->LongestAt(text, where); };
  EXPECT_EQ(at("aab", 0).length, 1u);
  EXPECT_EQ(at("aab", 0).replacement, "xy");
  EXPECT_EQ(at("aab", 1).length, 2u);
  EXPECT_EQ(at("aab", 1).replacement, " ");
  EXPECT_EQ(at("c", 0).length, 1u);
  EXPECT_EQ(at("c", 0).replacement, "");
  for (const char* other : {"", "b", "d", "\xFF", "A"}) EXPECT_EQ(at(other, 0).length, 0u) << other;
  EXPECT_EQ(at(std::string_view("\0", 1), 0).length, 0u);
  EXPECT_EQ(Charsmap().LongestAt("a", 0).length, 0u);
  ASSERT_TRUE(Charsmap::Read(""));
}

// Units that are not used have the label of a zero byte, each its own child here: a text of zeros must not walk them.
TEST(CharsmapTest, ZeroBytesEndTheWalk) {
  const Result<Charsmap> charsmap = Charsmap::Read(CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements));
  ASSERT_TRUE(charsmap);
  EXPECT_EQ(charsmap->LongestAt(std::string(100, '\0'), 0).steps, 0u);
  const std::string mixed = std::string("a") + std::string(100, '\0');
  EXPECT_EQ(charsmap->LongestAt(mixed, 0).steps, 1u);
  EXPECT_EQ(charsmap->LongestAt(mixed, 0).length, 1u);
}

TEST(CharsmapTest, Lengths) {
  const std::string good = CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements);
  for (const size_t size : {1, 2, 3}) ExpectBadCharsmap(good.substr(0, size), "first number");
  ExpectBadCharsmap(good.substr(0, 4), "fewer than its trie's 1024");
  ExpectBadCharsmap(good.substr(0, 4 + 1023), "fewer than its trie's 1024");
  ExpectBadCharsmap(good.substr(0, 4 + 1024), "last replacement");
  ExpectBadCharsmap(good.substr(0, 4 + 1024 + 2), "last replacement");
  ExpectBadCharsmap(std::string(4, '\xFF') + good, "fewer");
  ExpectBadCharsmap(CharsmapBytes({}, kTinyReplacements), "whole blocks");
  ExpectBadCharsmap(CharsmapBytes(std::vector<uint32_t>(255), kTinyReplacements), "whole blocks");
  ExpectBadCharsmap(std::string("\x01\x04\0\0", 4) + good.substr(4) + std::string(8, '\0'), "whole blocks");
}

TEST(CharsmapTest, UnitsThatPointOutside) {
  ExpectBadCharsmap(Spoilt([](auto& units) { units[7] = CharsmapUnit(256, 'a', false); }), "unit 7 pointing outside");
  ExpectBadCharsmap(Spoilt([](auto& units) { units[0] = CharsmapUnit(1, 0, false) | 0x200; }), "unit 0 pointing outside");
  ExpectBadCharsmap(Spoilt([](auto& units) { units['a'] |= 0x7FFFFC00; }), "pointing outside");
  ExpectBadCharsmap(Spoilt([](auto& units) { units[0] = CharsmapValue(0); }), "root");
}

TEST(CharsmapTest, ValuesThatAreNone) {
  ExpectBadCharsmap(Spoilt([](auto& units) { units['c' ^ 8] = CharsmapUnit(0, 'x', false); }), "no replacement for unit 99");
  ExpectBadCharsmap(Spoilt([](auto& units) { units['c' ^ 8] = CharsmapValue(6); }), "no replacement for unit 99");
  ExpectBadCharsmap(Spoilt([](auto& units) { units['c' ^ 8] = CharsmapValue(0x7FFFFFFF); }), "no replacement for unit 99");
  ExpectBadCharsmap(CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements + std::string(257, 'x')), "last replacement");
  const std::string longest(Charsmap::kMaxReplacementBytes, 'x');
  EXPECT_TRUE(Charsmap::Read(CharsmapBytes(TinyCharsmapUnits(), longest + std::string(1, '\0'))));
  ExpectBadCharsmap(CharsmapBytes(TinyCharsmapUnits(), longest + std::string("x\0", 2)), "over 256 bytes");
}

// A trie may be a circle: the walk ends by itself.
TEST(CharsmapTest, CirclesAreCutOff) {
  std::vector<uint32_t> units(256, CharsmapUnit(0, '\0', false));
  units['a'] = CharsmapUnit('a', 'a', true);  // children at 0 ^ byte: 'a' leads back to itself
  units[0] = CharsmapUnit(0, '\0', false);
  const Result<Charsmap> refused = Charsmap::Read(CharsmapBytes(units, std::string("x\0", 2)));
  EXPECT_FALSE(refused);  // its value would be the root
  units['a'] = CharsmapUnit('a', 'a', false);
  const Result<Charsmap> charsmap = Charsmap::Read(CharsmapBytes(units, std::string("x\0", 2)));
  ASSERT_TRUE(charsmap) << charsmap.error().ToString();
  EXPECT_EQ(charsmap->LongestAt(std::string(100'000, 'a'), 0).steps, Charsmap::kMaxKeyBytes);
}

// Whatever bits change, no walk leaves the map (what the sanitizers would see).
TEST(CharsmapTest, RandomChangesAreRefusedOrHarmless) {
  Random random(17);
  const std::string good = CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements);
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    for (uint64_t changes = 1 + random.Below(4); changes-- > 0;) bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    const Result<Charsmap> charsmap = Charsmap::Read(bytes);
    if (!charsmap) continue;
    ++read;
    std::string text;
    for (int i = 0; i < 50; ++i) text.push_back(random.Below(2) ? "abc"[random.Below(3)] : static_cast<char>(random.Below(256)));
    for (size_t at = 0; at <= text.size(); ++at) {
      const Charsmap::Match match = charsmap->LongestAt(text, at);
      ASSERT_LE(match.length, text.size() - at);
      ASSERT_LE(match.replacement.size(), Charsmap::kMaxReplacementBytes);
    }
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace tradewind
