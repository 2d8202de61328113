// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace tradewind::jinja {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(JinjaText, CodePoints) {
  EXPECT_EQ(CodePoints("aé世🎉"), 4u);
  EXPECT_EQ(CodePoints("\xFF\xC3\x80\xE4\xB8"), 4u);  // an invalid byte, À, and two bytes of a cut character
  EXPECT_EQ(ByteOffset("aé世🎉", 2), 3u);
  EXPECT_EQ(ByteOffset("ab", 9), 2u);
  EXPECT_EQ(CodePointAt("é", 0), U'é');
}

TEST(JinjaText, Strip) {
  EXPECT_EQ(Strip("\u3000 a b\u00a0\n", std::nullopt, true, true), "a b");
  EXPECT_EQ(Strip(" a ", std::nullopt, true, false), "a ");
  EXPECT_EQ(Strip(" a ", std::nullopt, false, true), " a");
  EXPECT_EQ(Strip("éaé", "é", true, true), "a");
  EXPECT_EQ(Strip("\xA9"
                  "a\xC3",
                  "é", true, true),
            "\xA9"
            "a\xC3")
      << "half a character is not the character";
  EXPECT_EQ(Strip("   ", std::nullopt, true, true), "");
}

TEST(JinjaText, Case) {
  EXPECT_EQ(Upper("aßé"), "ASSÉ");
  EXPECT_EQ(Lower("AÉΩ"), "aéω");
  EXPECT_EQ(Title("they're x-ray"), "They'Re X-Ray");
  EXPECT_EQ(TitleFilter("they're x-ray"), "They're X-Ray");
  EXPECT_EQ(Capitalize("éA"), "Éa");
  EXPECT_TRUE(IsUpper("A1"));
  EXPECT_FALSE(IsUpper("1"));
}

TEST(JinjaText, Split) {
  EXPECT_THAT(Split("a,,b", ",", -1), ElementsAre("a", "", "b"));
  EXPECT_THAT(Split("", ",", -1), ElementsAre(""));
  EXPECT_THAT(Split("", std::nullopt, -1), IsEmpty());
  EXPECT_THAT(Split(" a  b c ", std::nullopt, 1), ElementsAre("a", "b c "));
  EXPECT_THAT(SplitRight("aXXXb", "XX", 1), ElementsAre("aX", "b"));
  EXPECT_THAT(SplitRight(" a b  c ", std::nullopt, 1), ElementsAre(" a b", "c"));
  EXPECT_THAT(SplitLines("a\r\nb\rc\u2028d\n", false), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(SplitLines("a\n\n", true), ElementsAre("a\n", "\n"));
}

TEST(JinjaText, SplitAndJoinGiveTheTextBack) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (unsigned n = random() % 12; n > 0; --n) text += "ab,"[random() % 3];
    const std::string separator = i % 2 ? "," : "ab";
    for (const auto& parts : {Split(text, separator, i % 5 - 1), SplitRight(text, separator, i % 5 - 1)}) {
      std::string joined;
      for (size_t p = 0; p < parts.size(); ++p) joined += (p ? separator : "") + std::string(parts[p]);
      EXPECT_EQ(joined, text);
    }
  }
}

TEST(JinjaText, Find) {
  EXPECT_EQ(FindText("abcabc", "c", 3), 5u);
  EXPECT_EQ(FindLastText("abcabc", "bc", std::string_view::npos), 4u);
  EXPECT_EQ(FindLastText("abc", "x", std::string_view::npos), std::string_view::npos);
  EXPECT_EQ(CountText("aaaa", "aa"), 2u);
  EXPECT_EQ(CountText("éé", ""), 3u);
}

}  // namespace
}  // namespace tradewind::jinja
