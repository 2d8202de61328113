// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Long texts of one character, for every family: work in proportion to the text (counted, not timed), on a small stack, and no byte lost
// where the vocabulary has bytes.
#include <gtest/gtest.h>
#include <pthread.h>

#include <functional>

#include "text/tokenizer_base.h"
#include "text/tokenizer_charsmap_testing.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;
constexpr size_t kSmallStackBytes = 256 * 1024;  // a quarter of a byte for each byte of the text

struct LongTextCase {
  std::string name;
  Vocabulary vocabulary;
  bool keeps_bytes = true;
};

// Pieces that merge and pieces that nearly match, of the characters of the texts.
LongTextCase BpeCase(const std::string& pre) {
  Vocabulary vocabulary = TinyBpe({"a a", "aa aa", "aaaa aaaa", "Ġ Ġ", "ĠĠ ĠĠ", "Ċ Ċ", ". .", "Ã ©", "Ã© Ã©", "ÿ ÿ", "Ā Ā"});
  vocabulary.pre = pre;
  return {"bpe " + pre, vocabulary};
}

std::vector<std::pair<std::string, float>> LongTextPieces() {
  std::vector<std::pair<std::string, float>> pieces = {{"▁▁", -1.F}, {"▁", -2.F}, {"aa", -1.F}, {"a", -2.F}, {"é", -2.F}, {"éé", -1.F}};
  for (const char* c : {"a", "▁", "é", ".", "\xFF"}) {
    std::string longest;
    for (int i = 0; i < 16; ++i) longest += c;
    pieces.emplace_back(longest, -3.F);
  }
  return pieces;
}

std::vector<LongTextCase> LongTextCases() {
  std::vector<LongTextCase> cases;
  for (const char* pre : {"default", "llama-bpe", "smollm"}) cases.push_back(BpeCase(pre));
  cases.push_back({"spm", TinySpm(LongTextPieces())});
  Vocabulary user_defined = TinySpm(LongTextPieces());
  for (const char* piece : {"\n\n\n\n\n\n\n\nx", "..", "........x"}) AddPiece(user_defined, piece, TokenKind::kUserDefined);
  cases.push_back({"spm with user-defined tokens", user_defined});
  cases.push_back({"unigram", TinyUnigram(LongTextPieces()), false});
  cases.push_back({"unigram with bytes", TinySpm(LongTextPieces(), "t5")});
  Vocabulary normalised = TinyUnigram(LongTextPieces());
  normalised.charsmap = CharsmapBytes(TinyCharsmapUnits(), kTinyReplacements);
  normalised.remove_extra_spaces = true;
  cases.push_back({"unigram, normalised", normalised, false});
  cases.push_back({"wordpiece", TinyWordPiece({"▁a", "a", "aaaaaaaaaaaaaaaa", "▁.", "▁中", "e"}), false});
  return cases;
}

std::string Repeated(std::string_view character, size_t bytes) {
  std::string text;
  while (text.size() + character.size() <= bytes) text += character;
  return text;
}

Result<Encoded> EncodeOnSmallStack(const TokenizerBase& tokenizer, const std::string& text) {
  std::function<void()> work;
  Result<Encoded> encoded = Encoded();
  work = [&] { encoded = tokenizer.EncodeCounting(text, SpecialTokens::kAsText); };
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, kSmallStackBytes), 0);
  pthread_t thread{};
  const auto run = [](void* function) -> void* {
    (*static_cast<std::function<void()>*>(function))();
    return nullptr;
  };
  EXPECT_EQ(pthread_create(&thread, &attributes, run, &work), 0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
  return encoded;
}

TEST(TokenizerLinearTest, OneMebibyteOfOneCharacter) {
  const std::vector<std::string> characters = {
      "a", " ", "\n", "é", "中", "😀", ".", "7", "▁", "\u0301", "\xFF", "\xE4", std::string(1, '\0')};
  for (const LongTextCase& one : LongTextCases()) {
    const Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(one.vocabulary);
    ASSERT_TRUE(tokenizer) << one.name << tokenizer.error().ToString();
    const auto& base = dynamic_cast<const TokenizerBase&>(**tokenizer);
    for (const std::string& character : characters) {
      SCOPED_TRACE(one.name + ": " + testing::PrintToString(character));
      const std::string text = Repeated(character, kMebibyte);
      const Result<Encoded> whole = EncodeOnSmallStack(base, text);
      const Result<Encoded> eighth = base.EncodeCounting(Repeated(character, kMebibyte / 8), SpecialTokens::kAsText);
      ASSERT_TRUE(whole && eighth);
      // Eight times the text: quadratic work would be 64 times as much.
      EXPECT_LE(static_cast<double>(whole->steps), 8.5 * static_cast<double>(eighth->steps) + 100);
      // A space is three bytes when normalised, and the longest piece here is sixteen of them.
      EXPECT_LE(whole->steps, 160 * text.size());
      if (!one.keeps_bytes || character == "▁") continue;
      EXPECT_TRUE((*tokenizer)->DecodeAll(whole->ids, false) == text);
    }
  }
}

}  // namespace
}  // namespace tradewind
