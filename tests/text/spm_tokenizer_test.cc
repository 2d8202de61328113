// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SentencePiece encoding against a slow merge of the same definition, and its rules for spaces, bytes and special tokens.
#include <gtest/gtest.h>

#include "base/random.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

std::unique_ptr<Tokenizer> MakeSpm(Vocabulary vocabulary) {
  Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  EXPECT_TRUE(tokenizer) << tokenizer.error().ToString();
  return tokenizer ? std::move(*tokenizer) : nullptr;
}

std::vector<int32_t> EncodeSpm(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special = SpecialTokens::kAsText) {
  const Result<std::vector<int32_t>> ids = tokenizer.Encode(text, special);
  EXPECT_TRUE(ids) << ids.error().ToString();
  return ids.value_or(std::vector<int32_t>());
}

std::vector<std::string> SpmPieces(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special = SpecialTokens::kAsText) {
  std::vector<std::string> pieces;
  for (const int32_t id : EncodeSpm(tokenizer, text, special)) pieces.emplace_back(tokenizer.Piece(id));
  return pieces;
}

using Strings = std::vector<std::string>;

// Scans for the best pair anew before each merge.
Strings MergeSlowly(const std::vector<std::pair<std::string, float>>& pieces, const std::string& text) {
  Strings symbols;
  for (const char c : text) symbols.emplace_back(1, c);
  for (;;) {
    const std::pair<std::string, float>* best = nullptr;
    size_t where = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const auto piece = std::ranges::find(pieces, symbols[i] + symbols[i + 1], &std::pair<std::string, float>::first);
      if (piece != pieces.end() && (!best || piece->second > best->second)) {
        best = &*piece;
        where = i;
      }
    }
    if (!best) return symbols;
    symbols[where] += symbols[where + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(where) + 1);
  }
}

TEST(SpmTokenizerTest, AgreesWithSlowMerging) {
  Random random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::pair<std::string, float>> pieces = {{"a", 0.F}, {"b", 0.F}};
    for (int i = 0; i < 20; ++i) {
      std::string piece;
      for (uint64_t length = 2 + random.Below(5); piece.size() < length;) piece.push_back("ab"[random.Below(2)]);
      // Few distinct scores, so that ties are common.
      const auto score = static_cast<float>(random.Below(4));
      if (std::ranges::find(pieces, piece, &std::pair<std::string, float>::first) == pieces.end()) pieces.emplace_back(piece, score);
    }
    Vocabulary vocabulary = TinySpm(pieces);
    vocabulary.add_space_prefix = false;
    const std::unique_ptr<Tokenizer> tokenizer = MakeSpm(std::move(vocabulary));
    std::string text;
    for (uint64_t length = 1 + random.Below(40); text.size() < length;) text.push_back("ab"[random.Below(2)]);
    ASSERT_EQ(SpmPieces(*tokenizer, text), MergeSlowly(pieces, text)) << text;
  }
}

// The same with spaces: some vocabularies have pieces that reach over one, and then words may not be merged apart.
TEST(SpmTokenizerTest, AgreesWithSlowMergingAcrossSpaces) {
  Random random(6);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::pair<std::string, float>> pieces = {{"a", 0.F}, {"b", 0.F}, {"_", 0.F}};
    const char* letters = round % 2 ? "ab_" : "abb";  // with spaces within pieces, or only in front of them
    for (int i = 0; i < 20; ++i) {
      std::string piece(random.Below(3) ? "" : "_");
      for (uint64_t length = 2 + random.Below(4); piece.size() < length;) piece.push_back(letters[random.Below(3)]);
      const auto score = static_cast<float>(random.Below(4));
      if (std::ranges::find(pieces, piece, &std::pair<std::string, float>::first) == pieces.end()) pieces.emplace_back(piece, score);
    }
    std::string text;
    for (uint64_t length = 1 + random.Below(40); text.size() < length;) text.push_back("ab_"[random.Below(3)]);
    // The oracle's space is one character "_"; the tokenizer's is U+2581.
    const auto marked = [](const std::string& plain) {
      std::string out;
      for (const char c : plain) out += c == '_' ? "▁" : std::string(1, c);
      return out;
    };
    std::vector<std::pair<std::string, float>> spelled;
    for (const auto& [piece, score] : pieces) spelled.emplace_back(marked(piece), score);
    Vocabulary vocabulary = TinySpm(spelled);
    vocabulary.add_space_prefix = false;
    Strings expected;
    for (const std::string& piece : MergeSlowly(pieces, text)) expected.push_back(marked(piece));
    std::string spaced = text;
    std::ranges::replace(spaced, '_', ' ');
    ASSERT_EQ(SpmPieces(*MakeSpm(std::move(vocabulary)), spaced), expected) << text;
  }
}

TEST(SpmTokenizerTest, SpaceGoesInFrontAndComesOffAgain) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeSpm(TinySpm({{"▁", -1.F}, {"a", -1.F}, {"▁a", 1.F}}));
  EXPECT_EQ(SpmPieces(*tokenizer, "a a"), (Strings{"▁a", "▁a"}));
  EXPECT_EQ(SpmPieces(*tokenizer, " a"), (Strings{"▁", "▁a"}));
  EXPECT_EQ(SpmPieces(*tokenizer, ""), Strings{});
  for (const char* text : {"a a", " a", "  ", "a ", ""}) EXPECT_EQ(tokenizer->DecodeAll(EncodeSpm(*tokenizer, text), false), text);
  // BOS in front changes nothing.
  EXPECT_EQ(tokenizer->DecodeAll(std::vector<int32_t>{1, EncodeSpm(*tokenizer, "a")[0]}, false), "a");
  EXPECT_TRUE(tokenizer->add_bos());
}

TEST(SpmTokenizerTest, NoSpaceWhereTheFileSaysSo) {
  Vocabulary vocabulary = TinySpm({{"▁", -1.F}, {"a", -1.F}, {"▁a", 1.F}});
  vocabulary.add_space_prefix = false;
  vocabulary.add_bos = false;
  const std::unique_ptr<Tokenizer> tokenizer = MakeSpm(std::move(vocabulary));
  EXPECT_EQ(SpmPieces(*tokenizer, "a a"), (Strings{"a", "▁a"}));
  EXPECT_EQ(tokenizer->DecodeAll(EncodeSpm(*tokenizer, " a"), false), " a");
  EXPECT_FALSE(tokenizer->add_bos());
}

TEST(SpmTokenizerTest, FallsBackToBytes) {
  Vocabulary vocabulary = TinySpm({{"a", 0.F}});
  vocabulary.add_space_prefix = false;
  const std::unique_ptr<Tokenizer> tokenizer = MakeSpm(std::move(vocabulary));
  EXPECT_EQ(SpmPieces(*tokenizer, "a\u00E9"), (Strings{"a", "<0xC3>", "<0xA9>"}));
  EXPECT_EQ(SpmPieces(*tokenizer, "\xE2\x61"), (Strings{"<0xE2>", "a"}));
  // The spelling of a byte token is text.
  EXPECT_EQ(tokenizer->DecodeAll(EncodeSpm(*tokenizer, "<0x0A>"), false), "<0x0A>");
}

TEST(SpmTokenizerTest, WithoutBytesACharacterIsUnknown) {
  Vocabulary vocabulary;
  AddPiece(vocabulary, "<unk>", TokenKind::kUnknown);
  AddPiece(vocabulary, "a", TokenKind::kNormal);
  vocabulary.ids = {{"unknown", 0}};
  vocabulary.add_space_prefix = false;
  EXPECT_EQ(SpmPieces(*MakeSpm(vocabulary), "a\u00E9a"), (Strings{"a", "<unk>", "a"}));
  // A control token may not stand in.
  vocabulary.kinds[0] = TokenKind::kControl;
  EXPECT_EQ(SpmPieces(*MakeSpm(vocabulary), "a\u00E9a"), (Strings{"a", "a"}));
}

TEST(SpmTokenizerTest, NoMergesIntoControlTokens) {
  // "<s" and ">" would merge into <s>, with the best score there is.
  Vocabulary vocabulary = TinySpm({{"<", 0.F}, {"s", 0.F}, {">", 0.F}, {"<s", 9.F}, {"s>", 8.F}});
  vocabulary.scores[1] = 100;
  vocabulary.add_space_prefix = false;
  const std::unique_ptr<Tokenizer> tokenizer = MakeSpm(std::move(vocabulary));
  EXPECT_EQ(SpmPieces(*tokenizer, "<s>"), (Strings{"<s", ">"}));
  EXPECT_EQ(EncodeSpm(*tokenizer, "<s>", SpecialTokens::kParse), (std::vector<int32_t>{1}));
}

TEST(SpmTokenizerTest, UserDefinedTokensAreTextAndLongestWins) {
  Vocabulary vocabulary = TinySpm({{"a", 0.F}, {"▁", 0.F}, {"▁a", 1.F}});
  for (const char* piece : {"\n", "\n\n", "\n\n\n", "  "}) AddPiece(vocabulary, piece, TokenKind::kUserDefined);
  const std::unique_ptr<Tokenizer> tokenizer = MakeSpm(std::move(vocabulary));
  EXPECT_EQ(SpmPieces(*tokenizer, "a\n\n\n\na"), (Strings{"▁a", "\n\n\n", "\n", "▁a"}));
  EXPECT_EQ(SpmPieces(*tokenizer, "   a"), (Strings{"  ", "▁", "▁a"}));
  EXPECT_EQ(tokenizer->Decode(EncodeSpm(*tokenizer, "\n\n")[0], false), "\n\n");
  // The encoder puts its space only before a stretch of text.
  EXPECT_EQ(tokenizer->DecodeAll(EncodeSpm(*tokenizer, "  "), false), "  ");
}

TEST(SpmTokenizerTest, AnyBytesComeBack) {
  Random random(13);
  const std::unique_ptr<Tokenizer> tokenizer =
      MakeSpm(TinySpm({{"▁", 0.F}, {"a", 0.F}, {"▁a", 3.F}, {"aa", 2.F}, {"▁▁", 1.F}, {"\u00E9", 0.F}}));
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (uint64_t length = random.Below(40); text.size() < length;) {
      text.push_back(random.Below(2) ? static_cast<char>(random.Below(256)) : " a\xC3\xA9<>s"[random.Below(7)]);
    }
    if (text.find("\xE2\x96\x81") != std::string::npos) continue;  // SentencePiece's own space reads back as a space
    const std::vector<int32_t> ids = EncodeSpm(*tokenizer, text);
    ASSERT_EQ(tokenizer->DecodeAll(ids, false), text);
    for (const int32_t id : ids) ASSERT_NE(tokenizer->kind(id), TokenKind::kControl);
  }
}

}  // namespace
}  // namespace tradewind
