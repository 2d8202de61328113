// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The words of WordPiece, by the definition of BERT's basic tokenizer and Unicode's tables. Against another implementation:
// tokenizer_encoder_golden_test.cc.
#include "text/tokenizer_words.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

using CutWords = std::vector<std::string>;

CutWords WordsOf(std::string_view text, WordRules rules = {}) {
  const NormalizedWords normalized = SplitWords(text, rules);
  CutWords words;
  size_t at = 0;
  for (const uint32_t length : normalized.lengths) {
    words.push_back(normalized.text.substr(at, length));
    at += length;
  }
  EXPECT_EQ(at, normalized.text.size());
  return words;
}

TEST(SplitWordsTest, WhiteSpaceAndPunctuation) {
  EXPECT_EQ(WordsOf(""), CutWords());
  EXPECT_EQ(WordsOf(" \t\r\n\u00A0\u2003\u3000\u2028\u2029"), CutWords());
  EXPECT_EQ(WordsOf("  Hello,\tworld!! "), (CutWords{"hello", ",", "world", "!", "!"}));
  EXPECT_EQ(WordsOf("a$b+c<d=e>f^g`h|i~j"),
            (CutWords{"a", "$", "b", "+", "c", "<", "d", "=", "e", ">", "f", "^", "g", "`", "h", "|", "i", "~", "j"}));
  EXPECT_EQ(WordsOf("¿qué?«x»"), (CutWords{"¿", "que", "?", "«", "x", "»"}));
  EXPECT_EQ(WordsOf("5€ ∑x"), (CutWords{"5€", "∑x"}));  // symbols outside ASCII are letters
}

TEST(SplitWordsTest, ControlsVanish) {
  EXPECT_EQ(WordsOf(std::string_view("a\0b\x01"
                                     "c\x7F"
                                     "d\x0B"
                                     "e",
                                     9)),
            CutWords{"abcde"});
  EXPECT_EQ(WordsOf("a\uFFFDb\u200Bc\u00ADd\u0085e\uE000f\uFEFFg"), CutWords{"abcdefg"});
  EXPECT_EQ(WordsOf("\u200D"), CutWords());
}

TEST(SplitWordsTest, CaseAndAccents) {
  EXPECT_EQ(WordsOf("ÀÉÎÕÜ Straße Łódź"), (CutWords{"aeiou", "straße", "łodz"}));
  EXPECT_EQ(WordsOf("e\u0301a\u0316\u0300"), CutWords{"ea"});
  EXPECT_EQ(WordsOf("\u0301"), CutWords());
  EXPECT_EQ(WordsOf("İI"), CutWords{"ii"});
  EXPECT_EQ(WordsOf("ΑΣ"), CutWords{"ασ"});                      // character by character: no final sigma
  EXPECT_EQ(WordsOf("\uAC01"), CutWords{"\u1100\u1161\u11A8"});  // Hangul decomposes
  EXPECT_EQ(WordsOf("\u1FEF\u037E"), (CutWords{"`", ";"}));      // which only decompose to punctuation
  EXPECT_EQ(WordsOf("ǭ"), CutWords{"o"});                        // o, ogonek, macron
}

TEST(SplitWordsTest, CasedModels) {
  const WordRules cased{.lowercase = false, .strip_accents = false};
  EXPECT_EQ(WordsOf("Éa e\u0301 \uAC01", cased), (CutWords{"Éa", "e\u0301", "\uAC01"}));
  EXPECT_EQ(WordsOf("É", {.lowercase = true, .strip_accents = false}), CutWords{"é"});
  EXPECT_EQ(WordsOf("İ", {.lowercase = true, .strip_accents = false}), CutWords{"i\u0307"});
  EXPECT_EQ(WordsOf("É", {.lowercase = false, .strip_accents = true}), CutWords{"E"});
}

TEST(SplitWordsTest, Ideographs) {
  EXPECT_EQ(WordsOf("中文a漢b"), (CutWords{"中", "文", "a", "漢", "b"}));
  EXPECT_EQ(WordsOf("\U00020000\u3400\uFA0E"), (CutWords{"\U00020000", "\u3400", "\uFA0E"}));
  EXPECT_EQ(WordsOf("ひらカナ한"), CutWords{"ひらカナ\u1112\u1161\u11AB"});
}

TEST(SplitWordsTest, BytesOutsideCharactersAreLetters) {
  EXPECT_EQ(WordsOf("A\xFF b\xE4\xB8"), (CutWords{"a\xFF", "b\xE4\xB8"}));
  EXPECT_EQ(WordsOf("\x80"), CutWords{"\x80"});
}

// Long runs of marks in the wrong order, which sorting them would take quadratic time for.
TEST(SplitWordsTest, RunsOfMarks) {
  std::string text = "a";
  for (int i = 0; i < 300'000; ++i) text += i % 2 ? "\u0301" : "\u0316";
  EXPECT_EQ(WordsOf(text), CutWords{"a"});
}

}  // namespace
}  // namespace tradewind
