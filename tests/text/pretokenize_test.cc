// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Expected cuts follow by hand from each tokenizer's published expression.
#include "text/pretokenize.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "base/random.h"

namespace tradewind {
namespace {

using Words = std::vector<std::string>;

Words Cut(std::string_view name, std::string_view text) {
  const Result<PreTokenizer> pre = PreTokenizer::Make(name);
  EXPECT_TRUE(pre) << pre.error().ToString();
  const Result<std::vector<uint32_t>> lengths = pre->Split(text);
  EXPECT_TRUE(lengths) << lengths.error().ToString();
  Words words;
  size_t at = 0;
  for (const uint32_t length : *lengths) {
    words.emplace_back(text.substr(at, length));
    at += length;
  }
  EXPECT_EQ(at, text.size());
  return words;
}

TEST(PreTokenizerTest, Gpt2) {
  EXPECT_EQ(Cut("gpt-2", "It's 1234, OK?"), (Words{"It", "'s", " 1234", ",", " OK", "?"}));
  EXPECT_EQ(Cut("gpt-2", "IT'S"), (Words{"IT", "'", "S"}));
  EXPECT_EQ(Cut("gpt-2", "a   b\n\n c  "), (Words{"a", "  ", " b", "\n\n", " c", "  "}));
  EXPECT_EQ(Cut("gpt-2", ""), Words{});
}

TEST(PreTokenizerTest, Llama3TakesThreeDigitsAndOneCharacterBeforeLetters) {
  EXPECT_EQ(Cut("llama-bpe", "x=12345 (y)"), (Words{"x", "=", "123", "45", " (", "y", ")"}));
  EXPECT_EQ(Cut("llama-bpe", "IT'S\tok"), (Words{"IT", "'S", "\tok"}));
  EXPECT_EQ(Cut("llama-bpe", "a;\n\n  b"), (Words{"a", ";\n\n", " ", " b"}));
  EXPECT_EQ(Cut("llama-bpe", " \n \n  x"), (Words{" \n \n", " ", " x"}));
}

TEST(PreTokenizerTest, Qwen2TakesOneDigit) {
  EXPECT_EQ(Cut("qwen2", "a 123'll"), (Words{"a", " ", "1", "2", "3", "'ll"}));
}

TEST(PreTokenizerTest, SmolLmCutsDigitsOutFirst) {
  EXPECT_EQ(Cut("smollm", "in 2024, it's"), (Words{"in", " ", "2", "0", "2", "4", ",", " it", "'s"}));
  // The digit ends its own stretch, so the white space before it is one word.
  EXPECT_EQ(Cut("smollm", "a   1"), (Words{"a", "   ", "1"}));
}

TEST(PreTokenizerTest, DefaultCutsPunctuationAndThreeDigits) {
  EXPECT_EQ(Cut("default", "cost: $12345 ok"), (Words{"cost", ":", " ", "$", "123", "45", " ok"}));
  EXPECT_EQ(Cut("default", "x (y) _z"), (Words{"x", " ", "(", "y", ")", " ", "_", "z"}));
}

TEST(PreTokenizerTest, WhiteSpaceIsUnicodes) {
  EXPECT_EQ(Cut("gpt-2", "a\u3000\u00A0b"), (Words{"a", "\u3000", "\u00A0", "b"}));
  EXPECT_EQ(Cut("gpt-2", "!\u180E!"), (Words{"!\u180E!"}));  // U+180E left White_Space in Unicode 6.3
}

TEST(PreTokenizerTest, InvalidBytesAreNeitherLettersNorSpace) {
  EXPECT_EQ(Cut("gpt-2", "a\xFF\xFE b\xC3 c"), (Words{"a", "\xFF\xFE", " b", "\xC3", " c"}));
}

TEST(PreTokenizerTest, LengthsAddUpForRandomBytes) {
  Random random(11);
  for (const char* name : {"default", "gpt-2", "llama-bpe", "qwen2", "smollm"}) {
    for (int round = 0; round < 200; ++round) {
      std::string text;
      for (uint64_t length = random.Below(60); text.size() < length;) text.push_back(static_cast<char>(random.Below(256)));
      Cut(name, text);
    }
  }
}

TEST(PreTokenizerTest, LongRunsStayWithinTheLimits) {
  for (const char* name : {"default", "gpt-2", "llama-bpe", "qwen2", "smollm"}) {
    for (const char c : {'a', ' ', '\n', '1', '!', '\'', '\xFF'}) {
      Cut(name, std::string(1 << 20, c));
      Cut(name, std::string(1 << 20, c) + "x");
    }
  }
}

TEST(PreTokenizerTest, UnknownNameIsRefused) {
  const Result<PreTokenizer> pre = PreTokenizer::Make("tekken");
  ASSERT_FALSE(pre);
  EXPECT_EQ(pre.error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(pre.error().where(), "tokenizer.ggml.pre");
  EXPECT_NE(pre.error().message().find("tekken"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
