// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Well-formedness against utf8proc, over every sequence of up to two bytes and random longer ones; and the round trip of every character.
#include "text/utf8.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include "base/random.h"

namespace tradewind {
namespace {

// utf8proc's verdict: the length of the character that starts the text, or nothing.
std::optional<size_t> Oracle(std::string_view text) {
  utf8proc_int32_t value = -1;
  const auto length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (length <= 0) return std::nullopt;
  return static_cast<size_t>(length);
}

TEST(Utf8Test, AgreesWithUtf8procOnShortSequences) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const std::string& tail : {std::string(), std::string("\x80"), std::string("\xBF\x80"), std::string("x")}) {
        const std::string text = std::string{static_cast<char>(first), static_cast<char>(second)} + tail;
        ASSERT_EQ(Utf8Length(text, 0), Oracle(text)) << first << " " << second << " " << tail.size();
      }
    }
  }
}

TEST(Utf8Test, AgreesWithUtf8procOnRandomBytes) {
  Random random(1);
  for (int round = 0; round < 100'000; ++round) {
    std::string text;
    for (int i = 0; i < 4; ++i) text.push_back(static_cast<char>(random.Below(2) ? 0x80 + random.Below(0x80) : random.Below(256)));
    ASSERT_EQ(Utf8Length(text, 0), Oracle(text));
  }
}

TEST(Utf8Test, EveryCharacterSurvives) {
  for (char32_t value = 0; value <= 0x10FFFF; ++value) {
    if (value >= 0xD800 && value < 0xE000) continue;
    std::string text = "x";
    AppendUtf8(value, text);
    const auto length = Utf8Length(text, 1);
    ASSERT_EQ(length, text.size() - 1) << std::hex << static_cast<uint32_t>(value);
    ASSERT_EQ(Utf8Value(text, 1, *length), value);
  }
}

TEST(Utf8Test, ReplacesOnlyWhatIsBroken) {
  EXPECT_FALSE(ReplaceInvalidUtf8("plain \xC3\xA9 \xF0\x9F\x98\x80", '?'));
  EXPECT_FALSE(ReplaceInvalidUtf8("", '?'));
  EXPECT_EQ(ReplaceInvalidUtf8("a\xFF\xC3\xA9\xE2\x82z\xED\xA0\x80", '?'), "a?\xC3\xA9??z???");
}

TEST(Utf8, WholeBytesLeaveOutACharacterThatIsYetToEnd) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";  // of one to four bytes
  const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
  for (size_t bytes = 0; bytes <= text.size(); ++bytes) EXPECT_EQ(WholeUtf8Bytes(text.substr(0, bytes)), ends[bytes]) << bytes;
  EXPECT_EQ(WholeUtf8Bytes("a\x80\x80\x80\x80"), 5u) << "broken bytes are not waited for";
}

}  // namespace
}  // namespace tradewind
