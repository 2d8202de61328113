// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What both families share: limits, decoding, the white space after special tokens, the ends of an answer.
#include "text/tokenizer.h"

#include <gtest/gtest.h>

#include "text/tokenizer_base.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

std::unique_ptr<Tokenizer> Make(Vocabulary vocabulary) {
  Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(std::move(vocabulary));
  EXPECT_TRUE(tokenizer) << tokenizer.error().ToString();
  return tokenizer ? std::move(*tokenizer) : nullptr;
}

TEST(TokenizerTest, RefusesTextsOverTheLimit) {
  const auto ids = Make(TinyBpe({"a a"}))->Encode(std::string(kMaxEncodeBytes + 1, 'a'), SpecialTokens::kAsText);
  ASSERT_FALSE(ids);
  EXPECT_EQ(ids.error().code(), StatusCode::kInvalidInput);
}

TEST(TokenizerTest, IdsOutsideTheVocabularyAreNothing) {
  const std::unique_ptr<Tokenizer> tokenizer = Make(TinySpm({{"a", 0.F}}));
  for (const int32_t id : {-1, -2'000'000'000, tokenizer->vocab_size(), 2'000'000'000}) {
    EXPECT_EQ(tokenizer->Decode(id, true), "");
    EXPECT_EQ(tokenizer->Piece(id), "");
    EXPECT_FALSE(tokenizer->IsEndOfGeneration(id));
    EXPECT_EQ(tokenizer->DecodeAll(std::vector<int32_t>{id}, true), "");
  }
}

TEST(TokenizerTest, DecodesEachKind) {
  Vocabulary vocabulary = TinySpm({{"▁a▁b", 0.F}});
  const int32_t normal = static_cast<int32_t>(vocabulary.size()) - 1;
  const int32_t user = AddPiece(vocabulary, "<tool▁>", TokenKind::kUserDefined);
  const int32_t unused = AddPiece(vocabulary, "[PAD]x", TokenKind::kUnused);
  const int32_t odd_byte = AddPiece(vocabulary, "<0xZZ>", TokenKind::kByte);
  const std::unique_ptr<Tokenizer> tokenizer = Make(std::move(vocabulary));
  EXPECT_EQ(tokenizer->Decode(normal, false), " a b");
  EXPECT_EQ(tokenizer->Decode(user, false), "<tool▁>");
  EXPECT_EQ(tokenizer->Decode(unused, true), "");
  EXPECT_EQ(tokenizer->Decode(odd_byte, false), "<0xZZ>");
  EXPECT_EQ(tokenizer->Decode(4 + 0x0A, false), "\n");
  EXPECT_EQ(tokenizer->Decode(2, false), "");
  EXPECT_EQ(tokenizer->Decode(2, true), "</s>");
  EXPECT_EQ(tokenizer->Decode(0, false), "");
}

TEST(TokenizerTest, Phi3StripsWhiteSpaceAfterSpecialTokens) {
  Vocabulary vocabulary = TinySpm({{"▁", 0.F}, {"a", 0.F}});
  vocabulary.strip_after_special = true;
  const auto ids = Make(vocabulary)->Encode("<|im_end|> \n\t a<s> a<|im_end|>  ", SpecialTokens::kParse);
  // Not after <s>.
  EXPECT_EQ(*ids, (std::vector<int32_t>{3, 260, 261, 1, 260, 260, 261, 3}));
}

TEST(TokenizerTest, BytePieces) {
  EXPECT_EQ(ByteOfPiece("<0x00>"), 0);
  EXPECT_EQ(ByteOfPiece("<0xFf>"), 255);
  for (const char* other : {"", "<0x0>", "<0x000>", "<0x0G>", "<0X00>", "<0x00]", "x0x00>"}) EXPECT_EQ(ByteOfPiece(other), -1) << other;
}

TEST(TokenizerTest, EndsOfGeneration) {
  Vocabulary vocabulary = TinySpm({{"a", 0.F}});
  const int32_t turn = AddPiece(vocabulary, "<end_of_turn>", TokenKind::kUserDefined);
  const int32_t eot = AddPiece(vocabulary, "<|later|>", TokenKind::kControl);
  vocabulary.ids["eot"] = static_cast<uint64_t>(eot);
  const std::unique_ptr<Tokenizer> tokenizer = Make(std::move(vocabulary));
  for (const int32_t id : {2, 3, turn, eot}) EXPECT_TRUE(tokenizer->IsEndOfGeneration(id)) << id;
  for (const int32_t id : {0, 1, 4, 260}) EXPECT_FALSE(tokenizer->IsEndOfGeneration(id)) << id;
  EXPECT_EQ(tokenizer->bos(), 1);
  EXPECT_EQ(tokenizer->eos(), 2);
  // The file calls it user-defined, and text would then yield it.
  EXPECT_EQ(tokenizer->kind(turn), TokenKind::kControl);
}

}  // namespace
}  // namespace tradewind
