// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Spellings from GPT-2's published byte table.
#include "text/bpe_alphabet.h"

#include <gtest/gtest.h>

#include <set>

namespace tradewind {
namespace {

TEST(BpeAlphabetTest, KnownSpellings) {
  EXPECT_EQ(SpellBytes("Az~"), "Az~");
  EXPECT_EQ(SpellBytes(" \n\t"), "\u0120\u010A\u0109");
  EXPECT_EQ(SpellBytes(std::string(1, '\0')), "\u0100");
  EXPECT_EQ(SpellBytes("\x7F\xA0\xAD\xFF"), "\u0121\u0142\u0143\u00FF");
}

TEST(BpeAlphabetTest, EveryByteHasItsOwnSpellingAndComesBack) {
  std::set<std::string> seen;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(1, static_cast<char>(byte));
    EXPECT_TRUE(seen.insert(SpellBytes(bytes)).second);
    EXPECT_EQ(UnspellBytes(SpellBytes(bytes)), bytes);
  }
}

TEST(BpeAlphabetTest, OtherCharactersAreKept) {
  EXPECT_EQ(UnspellBytes("\u4F60\u0120x\u0144"), "\u4F60 x\u0144");
  EXPECT_EQ(UnspellBytes("a b\xFF"), "a b\xFF");  // a plain space and a stray byte spell nothing
}

}  // namespace
}  // namespace tradewind
