// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Byte-level encoding against a slow merge of the same definition, and its rules for bytes and special tokens.
#include <gtest/gtest.h>

#include "base/random.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

using Strings = std::vector<std::string>;

std::unique_ptr<Tokenizer> MakeBpe(Vocabulary vocabulary) {
  Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  EXPECT_TRUE(tokenizer) << tokenizer.error().ToString();
  return tokenizer ? std::move(*tokenizer) : nullptr;
}

std::vector<int32_t> EncodeBpe(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special = SpecialTokens::kAsText) {
  const Result<std::vector<int32_t>> ids = tokenizer.Encode(text, special);
  EXPECT_TRUE(ids) << ids.error().ToString();
  return ids.value_or(std::vector<int32_t>());
}

Strings BpePieces(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special = SpecialTokens::kAsText) {
  Strings pieces;
  for (const int32_t id : EncodeBpe(tokenizer, text, special)) pieces.emplace_back(tokenizer.Piece(id));
  return pieces;
}

// Scans for the pair of lowest rank anew before each merge.
Strings MergeSlowly(const Strings& merges, const std::string& word) {
  Strings symbols;
  for (const char c : word) symbols.emplace_back(1, c);
  for (;;) {
    auto best = merges.end();
    size_t where = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const auto merge = std::ranges::find(merges, symbols[i] + " " + symbols[i + 1]);
      if (merge < best) {
        best = merge;
        where = i;
      }
    }
    if (best == merges.end()) return symbols;
    symbols[where] += symbols[where + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(where) + 1);
  }
}

// Merges of what earlier merges gave, as training makes them.
Strings RandomMerges(Random& random) {
  Strings known = {"a", "b"};
  Strings merges;
  for (int i = 0; i < 15; ++i) {
    const std::string left = known[random.Below(known.size())];
    const std::string right = known[random.Below(known.size())];
    if (left.size() + right.size() > 8) continue;
    merges.push_back(left + " " + right);
    known.push_back(left + right);
  }
  return merges;
}

TEST(BpeTokenizerTest, AgreesWithSlowMerging) {
  Random random(17);
  for (int round = 0; round < 300; ++round) {
    const Strings merges = RandomMerges(random);
    if (merges.empty()) continue;
    const std::unique_ptr<Tokenizer> tokenizer = MakeBpe(TinyBpe(merges));
    std::string word;
    for (uint64_t length = 1 + random.Below(40); word.size() < length;) word.push_back("ab"[random.Below(2)]);
    ASSERT_EQ(BpePieces(*tokenizer, word), MergeSlowly(merges, word)) << word;
  }
}

TEST(BpeTokenizerTest, WordsDoNotMerge) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeBpe(TinyBpe({"a Ġ", "Ġ a"}));
  EXPECT_EQ(BpePieces(*tokenizer, "a a"), (Strings{"a", "Ġa"}));
  EXPECT_EQ(tokenizer->Decode(EncodeBpe(*tokenizer, " a")[0], false), " a");
  EXPECT_FALSE(tokenizer->add_bos());
}

TEST(BpeTokenizerTest, WholeWordsWinWhereMergesAreIgnored) {
  // "abc" is a token that merging cannot reach, since "b c" comes first.
  Vocabulary vocabulary = TinyBpe({"b c", "a b", "ab c"});
  EXPECT_EQ(BpePieces(*MakeBpe(vocabulary), "abc"), (Strings{"a", "bc"}));
  vocabulary.pre = "llama-bpe";
  const std::unique_ptr<Tokenizer> tokenizer = MakeBpe(std::move(vocabulary));
  EXPECT_EQ(BpePieces(*tokenizer, "abc"), (Strings{"abc"}));
  EXPECT_EQ(BpePieces(*tokenizer, "abcb"), (Strings{"a", "bc", "b"}));
  EXPECT_TRUE(tokenizer->add_bos());
}

TEST(BpeTokenizerTest, AByteThatTheVocabularyLacksIsDropped) {
  Vocabulary vocabulary = TinyBpe({"a b"});
  vocabulary.pieces[2 + 0xFF] = "unreachable";
  EXPECT_EQ(BpePieces(*MakeBpe(std::move(vocabulary)), "a\xFF"), (Strings{"a"}));
}

TEST(BpeTokenizerTest, ControlTokensOnlyWhenParsed) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeBpe(TinyBpe({"i m"}));
  const std::string text = "x<|im_end|>y";
  EXPECT_EQ(EncodeBpe(*tokenizer, text, SpecialTokens::kParse).at(1), 1);
  EXPECT_EQ(tokenizer->DecodeAll(EncodeBpe(*tokenizer, text), false), text);
  EXPECT_EQ(tokenizer->DecodeAll(EncodeBpe(*tokenizer, text, SpecialTokens::kParse), false), "xy");
  EXPECT_EQ(tokenizer->DecodeAll(EncodeBpe(*tokenizer, text, SpecialTokens::kParse), true), text);
}

TEST(BpeTokenizerTest, NoMergesIntoControlTokensEvenIfTheFileCallsThemNormal) {
  const Strings merges = {"< EOT", "E O", "EO T", "<EOT >"};
  Vocabulary vocabulary = TinyBpe(merges);
  vocabulary.pre = "llama-bpe";
  const auto end = static_cast<int32_t>(std::ranges::find(vocabulary.pieces, "<EOT>") - vocabulary.pieces.begin());
  ASSERT_EQ(vocabulary.kinds[static_cast<size_t>(end)], TokenKind::kNormal);
  const std::unique_ptr<Tokenizer> tokenizer = MakeBpe(std::move(vocabulary));
  EXPECT_EQ(tokenizer->kind(end), TokenKind::kControl);
  EXPECT_TRUE(tokenizer->IsEndOfGeneration(end));
  for (const int32_t id : EncodeBpe(*tokenizer, "<EOT>")) EXPECT_NE(id, end);
  EXPECT_EQ(EncodeBpe(*tokenizer, "<EOT>", SpecialTokens::kParse), std::vector<int32_t>{end});
}

TEST(BpeTokenizerTest, NoMergesIntoControlTokensWithinAWord) {
  for (const char* pre : {"gpt-2", "llama-bpe"}) {
    Vocabulary vocabulary = TinyBpe({"a b", "ab c"});
    vocabulary.pre = pre;
    vocabulary.kinds.back() = TokenKind::kControl;  // abc
    EXPECT_EQ(BpePieces(*MakeBpe(std::move(vocabulary)), "abc"), (Strings{"ab", "c"})) << pre;
  }
}

TEST(BpeTokenizerTest, AnyBytesComeBack) {
  Random random(19);
  for (const char* pre : {"default", "gpt-2", "llama-bpe", "qwen2", "smollm"}) {
    Vocabulary vocabulary = TinyBpe({"a a", "Ġ a", "aa aa", "Ġ Ġ", "Ã ©", "1 1", "< |", "Ċ Ċ"});
    vocabulary.pre = pre;
    const std::unique_ptr<Tokenizer> tokenizer = MakeBpe(std::move(vocabulary));
    for (int round = 0; round < 1000; ++round) {
      std::string text;
      for (uint64_t length = random.Below(60); text.size() < length;) {
        const uint64_t what = random.Below(4);
        if (what == 0) text += "<|im_end|>";
        text.push_back(what == 1 ? static_cast<char>(random.Below(256)) : " a1\n\xC3\xA9<|"[random.Below(8)]);
      }
      const std::vector<int32_t> ids = EncodeBpe(*tokenizer, text);
      ASSERT_EQ(tokenizer->DecodeAll(ids, false), text) << pre;
      for (const int32_t id : ids) ASSERT_EQ(tokenizer->kind(id), TokenKind::kNormal);
    }
  }
}

}  // namespace
}  // namespace tradewind
