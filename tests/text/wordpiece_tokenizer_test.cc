// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WordPiece against its definition written down plainly, and its rules for unknown words, marks and what encloses a text.
#include <gtest/gtest.h>

#include "base/random.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

std::unique_ptr<Tokenizer> MakeWordPiece(Vocabulary vocabulary) {
  Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  EXPECT_TRUE(tokenizer) << tokenizer.error().ToString();
  return tokenizer ? std::move(*tokenizer) : nullptr;
}

using WordPieces = std::vector<std::string>;

WordPieces WordPiecesOf(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special = SpecialTokens::kAsText) {
  const Result<std::vector<int32_t>> ids = tokenizer.Encode(text, special);
  EXPECT_TRUE(ids) << ids.error().ToString();
  WordPieces pieces;
  for (const int32_t id : *ids) pieces.emplace_back(tokenizer.Piece(id));
  return pieces;
}

// Each substring from the longest down.
WordPieces LongestFirst(const WordPieces& vocabulary, const std::string& word) {
  WordPieces found;
  for (size_t at = 0; at < word.size();) {
    size_t length = word.size() - at;
    for (; length > 0; --length) {
      const std::string piece = (at == 0 ? "▁" : "") + word.substr(at, length);
      if (std::ranges::find(vocabulary, piece) == vocabulary.end()) continue;
      found.push_back(piece);
      break;
    }
    if (length == 0) return {"[UNK]"};
    at += length;
  }
  return found;
}

TEST(WordPieceTokenizerTest, AgreesWithLongestFirst) {
  Random random(8);
  int unknown = 0;
  for (int round = 0; round < 500; ++round) {
    WordPieces vocabulary = {"▁a", "b"};
    for (int i = 0; i < 16; ++i) {
      std::string piece = random.Below(2) ? "▁" : "";
      for (uint64_t length = 1 + random.Below(5), start = piece.size(); piece.size() < start + length;)
        piece.push_back("ab"[random.Below(2)]);
      if (std::ranges::find(vocabulary, piece) == vocabulary.end()) vocabulary.push_back(piece);
    }
    const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece(vocabulary));
    std::string text;
    WordPieces expected;
    for (uint64_t words = random.Below(5); words-- > 0;) {
      std::string word;
      for (uint64_t length = 1 + random.Below(20); word.size() < length;) word.push_back("ab"[random.Below(2)]);
      for (const std::string& piece : LongestFirst(vocabulary, word)) expected.push_back(piece);
      unknown += expected.back() == "[UNK]";
      text += " " + word;
    }
    ASSERT_EQ(WordPiecesOf(*tokenizer, text), expected) << text;
  }
  EXPECT_GT(unknown, 100);
}

TEST(WordPieceTokenizerTest, UnknownWords) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece({"▁a", "a", "▁,", "b", "▁c"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, "aab, aax b ca"), (WordPieces{"▁a", "a", "b", "▁,", "[UNK]", "[UNK]", "▁c", "a"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, "a\xFF a"), (WordPieces{"[UNK]", "▁a"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, ""), WordPieces());
  EXPECT_EQ(WordPiecesOf(*tokenizer, " \u0301\u200B\n"), WordPieces());
}

TEST(WordPieceTokenizerTest, WordsOverAHundredCharactersAreUnknown) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece({"▁a", "a", "▁я", "я"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, std::string(100, 'a')).size(), 100u);
  EXPECT_EQ(WordPiecesOf(*tokenizer, std::string(101, 'a')), WordPieces{"[UNK]"});
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "я";
  EXPECT_EQ(WordPiecesOf(*tokenizer, wide).size(), 100u);
  EXPECT_EQ(WordPiecesOf(*tokenizer, wide + "я"), WordPieces{"[UNK]"});
}

// U+2581 in a text is a character, not the start of a word.
TEST(WordPieceTokenizerTest, MarksInTheText) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece({"▁a", "a", "▁▁", "▁▁a"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, "a▁a"), WordPieces{"[UNK]"});
  EXPECT_EQ(WordPiecesOf(*tokenizer, "▁aa"), (WordPieces{"▁▁a", "a"}));
}

TEST(WordPieceTokenizerTest, EnclosesTexts) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece({"▁a"}));
  EXPECT_TRUE(tokenizer->add_bos() && tokenizer->add_eos());
  EXPECT_EQ(tokenizer->bos(), 1);
  EXPECT_EQ(tokenizer->eos(), 2);
  // By their spelling, where the file says nothing.
  Vocabulary vocabulary = TinyWordPiece({"▁a"});
  vocabulary.ids = {};
  const std::unique_ptr<Tokenizer> unsaid = MakeWordPiece(vocabulary);
  EXPECT_EQ(unsaid->bos(), 1);
  EXPECT_EQ(unsaid->eos(), 2);
  EXPECT_EQ(WordPiecesOf(*unsaid, "x"), WordPieces{"[UNK]"});
  vocabulary.add_bos = vocabulary.add_eos = false;
  EXPECT_FALSE(MakeWordPiece(vocabulary)->add_bos());
  EXPECT_FALSE(MakeWordPiece(vocabulary)->add_eos());
}

TEST(WordPieceTokenizerTest, SpecialTokensOnlyWhenParsed) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece({"▁a", "▁[", "▁]", "▁sep"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, "a[SEP]"), (WordPieces{"▁a", "▁[", "▁sep", "▁]"}));
  EXPECT_EQ(WordPiecesOf(*tokenizer, "a[SEP]", SpecialTokens::kParse), (WordPieces{"▁a", "[SEP]"}));
}

TEST(WordPieceTokenizerTest, Decodes) {
  const std::unique_ptr<Tokenizer> tokenizer = MakeWordPiece(TinyWordPiece({"▁new", "er", "▁,"}));
  const Result<std::vector<int32_t>> ids = tokenizer->Encode("Newer,NEW", SpecialTokens::kAsText);
  EXPECT_EQ(tokenizer->DecodeAll(*ids, false), "newer , new");
  EXPECT_EQ(tokenizer->DecodeAll(std::vector<int32_t>{1, 3, 0, 2}, false), "new");
  EXPECT_EQ(tokenizer->DecodeAll(std::vector<int32_t>{1, 3, 0, 2}, true), "[CLS] new[UNK][SEP]");
}

TEST(WordPieceTokenizerTest, CasedVocabularies) {
  Vocabulary vocabulary = TinyWordPiece({"▁A", "▁a", "é", "e"});
  vocabulary.lowercase = false;
  EXPECT_EQ(WordPiecesOf(*MakeWordPiece(vocabulary), "Aé aé"), (WordPieces{"▁A", "é", "▁a", "é"}));
  vocabulary.strip_accents = true;
  EXPECT_EQ(WordPiecesOf(*MakeWordPiece(vocabulary), "Aé aé"), (WordPieces{"▁A", "e", "▁a", "e"}));
}

}  // namespace
}  // namespace tradewind
