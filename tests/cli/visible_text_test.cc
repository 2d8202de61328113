// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/visible_text.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(VisibleText, LeavesTextAlone) {
  for (const char* text : {"", "plain\n\ttext", "caf\u00e9 \u20ac \U0001F600", "\u200f\u05e9\u05dc\u05d5\u05dd"})
    EXPECT_EQ(VisibleText(text), text);
}

TEST(VisibleText, ShowsWhatWouldActOnATerminal) {
  EXPECT_EQ(VisibleText("\x1b[2J\x1b]0;title\x07"), "^[[2J^[]0;title^G");
  EXPECT_EQ(VisibleText(std::string_view("a\0b\x7f", 4)), "a^@b^?");
  EXPECT_EQ(VisibleText("over\rwritten"), "over^Mwritten");
  EXPECT_EQ(VisibleText("line\r\nend\r"), "line\nend^M");
  EXPECT_EQ(VisibleText("\u009b31m \u0085"), "<U+009B>31m <U+0085>") << "CSI in one character";
  EXPECT_EQ(VisibleText("\u202eabc\u2066"), "<U+202E>abc<U+2066>");
}

TEST(VisibleText, ShowsBytesThatAreNoText) {
  EXPECT_EQ(VisibleText("\x9b\xe2\x82z"), "<9B><E2><82>z");
  EXPECT_EQ(VisibleText("\xc0\x80"), "<C0><80>");
}

// Whatever the bytes are, none that a terminal acts upon is left, and shown again the text stays.
TEST(VisibleText, OfAnyBytesNothingActs) {
  std::string all;
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; b += 5) all += {static_cast<char>(a), static_cast<char>(b)};
  }
  const std::string shown = VisibleText(all);
  for (size_t i = 0; i < shown.size(); ++i) {
    const auto c = static_cast<unsigned char>(shown[i]);
    EXPECT_TRUE(c >= 0x20 || c == '\n' || c == '\t') << i;
    EXPECT_NE(c, 0x7f);
    if (c == 0xC2) {
      EXPECT_GE(static_cast<unsigned char>(shown[i + 1]), 0xA0) << i;
    }
  }
  EXPECT_EQ(VisibleText(shown), shown);
}

}  // namespace
}  // namespace tradewind
