// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Lies that a file may tell about its vocabulary, one test each: all are kInvalidInput or kUnsupported and name the field.
#include "text/tokenizer_vocabulary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "formats/gguf.h"
#include "formats/gguf_writer.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

void ExpectRefused(Vocabulary vocabulary, const std::string& field, const std::string& says, StatusCode code = StatusCode::kInvalidInput) {
  const auto tokenizer = MakeTokenizer(std::move(vocabulary));
  ASSERT_FALSE(tokenizer) << field;
  EXPECT_EQ(tokenizer.error().code(), code);
  EXPECT_EQ(tokenizer.error().where(), std::string("tokenizer.ggml.").append(field));
  EXPECT_NE(tokenizer.error().message().find(says), std::string::npos) << tokenizer.error().message();
}

Vocabulary Spm(const std::function<void(Vocabulary&)>& spoil) {
  Vocabulary vocabulary = TinySpm({{"a", 0.F}, {"b", 0.F}});
  spoil(vocabulary);
  return vocabulary;
}

Vocabulary Bpe(const std::function<void(Vocabulary&)>& spoil) {
  Vocabulary vocabulary = TinyBpe({"a b", "ab c"});
  spoil(vocabulary);
  return vocabulary;
}

Vocabulary WordPiece(const std::function<void(Vocabulary&)>& spoil) {
  Vocabulary vocabulary = TinyWordPiece({"▁a", "a"});
  spoil(vocabulary);
  return vocabulary;
}

Vocabulary Unigram(const std::function<void(Vocabulary&)>& spoil) {
  Vocabulary vocabulary = TinyUnigram({{"▁", -1.F}, {"a", -2.F}});
  spoil(vocabulary);
  return vocabulary;
}

TEST(TokenizerVocabularyTest, UnspoiltOnesPass) {
  EXPECT_TRUE(MakeTokenizer(WordPiece([](Vocabulary&) {})));
  EXPECT_TRUE(MakeTokenizer(Unigram([](Vocabulary&) {})));
  EXPECT_TRUE(MakeTokenizer(Spm([](Vocabulary&) {})));
  EXPECT_TRUE(MakeTokenizer(Bpe([](Vocabulary&) {})));
}

TEST(TokenizerVocabularyTest, Models) {
  ExpectRefused(Spm([](Vocabulary& v) { v.model = "rwkv"; }), "model", "rwkv", StatusCode::kUnsupported);
  ExpectRefused(Bpe([](Vocabulary& v) { v.pre = "tekken"; }), "pre", "tekken", StatusCode::kUnsupported);
}

TEST(TokenizerVocabularyTest, Counts) {
  ExpectRefused(Spm([](Vocabulary& v) { v = Vocabulary(); }), "tokens", "empty");
  ExpectRefused(Spm([](Vocabulary& v) { v.scores.pop_back(); }), "scores", "261 entries for 262");
  ExpectRefused(Spm([](Vocabulary& v) { v.scores.clear(); }), "scores", "0 entries");
  ExpectRefused(Spm([](Vocabulary& v) { v.kinds.push_back(TokenKind::kNormal); }), "token_type", "263 entries for 262");
  ExpectRefused(Bpe([](Vocabulary& v) { v.kinds.resize(3); }), "token_type", "3 entries");
}

TEST(TokenizerVocabularyTest, Scores) {
  ExpectRefused(Spm([](Vocabulary& v) { v.scores[7] = std::nanf(""); }), "scores", "token 7");
  EXPECT_TRUE(MakeTokenizer(Spm([](Vocabulary& v) { v.scores[7] = -std::numeric_limits<float>::infinity(); })));
}

TEST(TokenizerVocabularyTest, DuplicatesAndLongPieces) {
  ExpectRefused(Spm([](Vocabulary& v) { v.pieces[261] = v.pieces[260]; }), "tokens", "260 and 261");
  ExpectRefused(Spm([](Vocabulary& v) { v.pieces[3].assign(2000, 'x'); }), "tokens", "token 3");
}

TEST(TokenizerVocabularyTest, IdsOutside) {
  ExpectRefused(Spm([](Vocabulary& v) { v.ids["bos"] = v.size(); }), "bos_token_id", "262");
  ExpectRefused(Bpe([](Vocabulary& v) { v.ids["eot"] = ~uint64_t{0}; }), "eot_token_id", "18446744073709551615");
  ExpectRefused(Spm([](Vocabulary& v) {
                  v.ids.erase("bos");
                  v.add_bos = true;
                }),
                "bos_token_id", "no BOS");
}

TEST(TokenizerVocabularyTest, WordPieceLies) {
  ExpectRefused(WordPiece([](Vocabulary& v) { v.ids["cls"] = 5; }), "cls_token_id", "is 5");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.ids["seperator"] = ~uint64_t{0}; }), "seperator_token_id", "18446744073709551615");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.ids["unknown"] = 99; }), "unknown_token_id", "is 99");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.ids["unknown"] = 1; }), "unknown_token_id", "starts or ends");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.ids["unknown"] = 2; }), "unknown_token_id", "starts or ends");
  ExpectRefused(WordPiece([](Vocabulary& v) {
                  v.ids.erase("unknown");
                  v.pieces[0] = "[WHAT]";
                }),
                "unknown_token_id", "no token [UNK]");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.pieces[4].assign(1025, 'a'); }), "tokens", "token 4 is longer than 1024");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.pieces[4] = v.pieces[3]; }), "tokens", "3 and 4");
  ExpectRefused(WordPiece([](Vocabulary& v) { v.kinds.pop_back(); }), "token_type", "4 entries for 5");
}

TEST(TokenizerVocabularyTest, UnigramLies) {
  ExpectRefused(Unigram([](Vocabulary& v) { v.scores.pop_back(); }), "scores", "3 entries for 4");
  for (const float score : {std::nanf(""), -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity()}) {
    ExpectRefused(Unigram([score](Vocabulary& v) { v.scores[3] = score; }), "scores", "token 3 is not a finite number");
  }
  ExpectRefused(Unigram([](Vocabulary& v) { v.ids["unknown"] = 4; }), "unknown_token_id", "is 4");
  ExpectRefused(Unigram([](Vocabulary& v) { v.ids["unknown"] = 1; }), "unknown_token_id", "starts or ends");
  ExpectRefused(Unigram([](Vocabulary& v) {
                  v.ids.erase("unknown");
                  v.pieces[0] = "?";
                  v.kinds[0] = TokenKind::kNormal;
                }),
                "unknown_token_id", "no token <unk>");
  ExpectRefused(Unigram([](Vocabulary& v) { v.pieces[3].assign(1025, 'a'); }), "tokens", "token 3 is longer than 1024");
  ExpectRefused(Unigram([](Vocabulary& v) { v.charsmap = "abc"; }), "precompiled_charsmap", "first number");
  // Finite sums of any finite scores.
  const auto extreme = MakeTokenizer(Unigram([](Vocabulary& v) { v.scores = {0, 0, -std::numeric_limits<float>::max(), 3e38F}; }));
  ASSERT_TRUE(extreme);
  EXPECT_EQ(*(*extreme)->Encode("aax", SpecialTokens::kAsText), (std::vector<int32_t>{2, 3, 3, 0}));
}

TEST(TokenizerVocabularyTest, Merges) {
  ExpectRefused(Bpe([](Vocabulary& v) { v.merges.clear(); }), "merges", "needs merges");
  ExpectRefused(Bpe([](Vocabulary& v) { v.merges.push_back("a zz"); }), "merges", "merge 2 (\"a zz\")");
  ExpectRefused(Bpe([](Vocabulary& v) { v.merges.push_back("zz a"); }), "merges", "merge 2");
  ExpectRefused(Bpe([](Vocabulary& v) { v.merges.push_back("b a"); }), "merges", "not in the vocabulary");  // "ba" is no token
  for (const char* merge : {"", " ", "ab", "a ", " a"}) {
    ExpectRefused(Bpe([merge](Vocabulary& v) { v.merges.emplace_back(merge); }), "merges", "merge 2");
  }
}

TEST(TokenizerVocabularyTest, TagsThatFilesCallTextBecomeControl) {
  Vocabulary vocabulary = Bpe([](Vocabulary& v) {
    v.kinds.clear();  // a file without token types: all normal
    AddPiece(v, "<begin>", TokenKind::kNormal);
    v.kinds.clear();
    v.ids = {{"bos", v.size() - 1}, {"eos", 2 + '\n'}};
  });
  const auto checked = CheckVocabulary(vocabulary);
  ASSERT_TRUE(checked) << checked.error().ToString();
  const auto kind = [&](size_t id) { return checked->vocabulary.kinds[id]; };
  EXPECT_EQ(kind(0), TokenKind::kControl);                      // <|endoftext|>
  EXPECT_EQ(kind(vocabulary.size() - 1), TokenKind::kControl);  // BOS that looks like a tag
  EXPECT_EQ(kind(2 + '\n'), TokenKind::kNormal);                // EOS that is a line's end stays text
  EXPECT_EQ(checked->ends, (std::vector<int32_t>{0, 1, 2 + '\n'}));
}

TEST(TokenizerVocabularyTest, ClosingSIsHtmlUnlessItPairsWithBos) {
  Vocabulary vocabulary = TinySpm({{"a", 0.F}});
  vocabulary.kinds[1] = vocabulary.kinds[2] = TokenKind::kUserDefined;
  EXPECT_EQ(CheckVocabulary(vocabulary)->vocabulary.kinds[2], TokenKind::kControl);
  vocabulary.ids = {{"bos", 3}};
  EXPECT_EQ(CheckVocabulary(vocabulary)->vocabulary.kinds[2], TokenKind::kUserDefined);
  EXPECT_EQ(CheckVocabulary(vocabulary)->ends, (std::vector<int32_t>{3}));
}

// A file's metadata, from the writer's bytes.
Gguf Written(const std::function<void(GgufWriter&)>& fill) {
  GgufWriter writer;
  fill(writer);
  Result<std::vector<std::byte>> bytes = writer.Bytes();
  EXPECT_TRUE(bytes) << bytes.error().ToString();
  Result<Gguf> file = Gguf::FromBytes(std::move(*bytes), "test");
  EXPECT_TRUE(file) << file.error().ToString();
  return std::move(*file);
}

void Add(GgufWriter& writer, const std::string& field, GgufWriter::Value value) {
  writer.Add(std::string("tokenizer.ggml.").append(field), std::move(value));
}

void AddSpm(GgufWriter& writer, std::vector<int32_t> types) {
  const std::vector<std::string> pieces = {"<unk>", "<s>", "a"};
  const std::vector<float> scores = {0, 0, -1.5F};
  Add(writer, "model", std::string("llama"));
  Add(writer, "tokens", GgufArrayBytes::OfStrings(pieces));
  Add(writer, "scores", GgufArrayBytes::Of<float>(scores));
  Add(writer, "token_type", GgufArrayBytes::Of<int32_t>(types));
  Add(writer, "bos_token_id", uint32_t{1});
  Add(writer, "add_bos_token", false);
}

TEST(TokenizerMetadataTest, ReadsEveryField) {
  const Gguf file = Written([](GgufWriter& writer) {
    writer.Add("general.name", std::string("My PHI-3 mini"));
    AddSpm(writer, {2, 3, 1});
    Add(writer, "fim_pad_token_id", uint32_t{2});
    Add(writer, "add_space_prefix", false);
  });
  const Result<Vocabulary> vocabulary = ReadVocabulary(file.metadata());
  ASSERT_TRUE(vocabulary) << vocabulary.error().ToString();
  EXPECT_EQ(vocabulary->pieces, (std::vector<std::string>{"<unk>", "<s>", "a"}));
  EXPECT_EQ(vocabulary->kinds, (std::vector<TokenKind>{TokenKind::kUnknown, TokenKind::kControl, TokenKind::kNormal}));
  EXPECT_EQ(vocabulary->scores, (std::vector<float>{0, 0, -1.5F}));
  EXPECT_EQ(vocabulary->Id("bos"), 1);
  EXPECT_EQ(vocabulary->Id("fim_pad"), 2);
  EXPECT_EQ(vocabulary->Id("eos"), std::nullopt);
  EXPECT_EQ(vocabulary->add_bos, false);
  EXPECT_EQ(vocabulary->add_space_prefix, false);
  EXPECT_TRUE(vocabulary->strip_after_special);
  EXPECT_TRUE(MakeTokenizer(file.metadata()));
}

TEST(TokenizerMetadataTest, EmptyListsAreRefused) {
  const Gguf file = Written([](GgufWriter& writer) {
    Add(writer, "model", std::string("llama"));
    Add(writer, "tokens", GgufArrayBytes::OfStrings({}));
    Add(writer, "scores", GgufArrayBytes::Of<float>({}));
    Add(writer, "token_type", GgufArrayBytes::Of<int32_t>({}));
  });
  EXPECT_EQ(ReadVocabulary(file.metadata()).error().where(), "tokenizer.ggml.tokens");
  EXPECT_EQ(MakeTokenizer(file.metadata()).error().where(), "tokenizer.ggml.tokens");
}

TEST(TokenizerMetadataTest, ReadsWordPiece) {
  const std::vector<std::string> pieces = {"[UNK]", "[CLS]", "[SEP]", "▁A"};
  const auto written = [&](const std::function<void(GgufWriter&)>& more) {
    return Written([&](GgufWriter& writer) {
      Add(writer, "model", std::string("bert"));
      Add(writer, "tokens", GgufArrayBytes::OfStrings(pieces));
      more(writer);
    });
  };
  const Gguf file = written([](GgufWriter& writer) {
    Add(writer, "cls_token_id", uint32_t{1});
    Add(writer, "seperator_token_id", uint32_t{2});
    Add(writer, "normalizer.lowercase", false);
    Add(writer, "normalizer.strip_accents", true);
    Add(writer, "add_sep_token", false);
  });
  const Result<Vocabulary> vocabulary = ReadVocabulary(file.metadata());
  ASSERT_TRUE(vocabulary) << vocabulary.error().ToString();
  EXPECT_EQ(vocabulary->Id("cls"), 1);
  EXPECT_EQ(vocabulary->Id("seperator"), 2);
  EXPECT_FALSE(vocabulary->lowercase);
  EXPECT_EQ(vocabulary->strip_accents, true);
  EXPECT_EQ(vocabulary->add_eos, false);
  const Gguf wrong = written([](GgufWriter& writer) { Add(writer, "normalizer.lowercase", std::string("yes")); });
  EXPECT_NE(MakeTokenizer(wrong.metadata()).error().ToString().find("tokenizer.ggml.normalizer.lowercase"), std::string::npos);
}

TEST(TokenizerMetadataTest, ReadsUnigram) {
  const std::vector<std::string> pieces = {"<unk>", "</s>", "a"};
  const auto written = [&](const std::function<void(GgufWriter&)>& more) {
    return Written([&](GgufWriter& writer) {
      Add(writer, "model", std::string("t5"));
      Add(writer, "tokens", GgufArrayBytes::OfStrings(pieces));
      Add(writer, "scores", GgufArrayBytes::Of<float>(std::vector<float>{0, 0, -1}));
      more(writer);
    });
  };
  const Gguf file = written([](GgufWriter& writer) {
    Add(writer, "remove_extra_whitespaces", true);
    Add(writer, "precompiled_charsmap", GgufArrayBytes::Of<uint8_t>(std::vector<uint8_t>{1, 200}));
    Add(writer, "add_eos_token", false);
  });
  const Result<Vocabulary> vocabulary = ReadVocabulary(file.metadata());
  ASSERT_TRUE(vocabulary) << vocabulary.error().ToString();
  EXPECT_EQ(vocabulary->scores, (std::vector<float>{0, 0, -1}));
  EXPECT_TRUE(vocabulary->remove_extra_spaces);
  EXPECT_EQ(vocabulary->charsmap, "\x01\xC8");
  EXPECT_EQ(vocabulary->add_eos, false);
  const Gguf wrong = written([](GgufWriter& writer) { Add(writer, "precompiled_charsmap", std::string("bytes")); });
  EXPECT_NE(MakeTokenizer(wrong.metadata()).error().ToString().find("tokenizer.ggml.precompiled_charsmap"), std::string::npos);
}

TEST(TokenizerMetadataTest, WrongTypesAndMissingFieldsNameTheKey) {
  const auto error = [](const std::function<void(GgufWriter&)>& fill) {
    const Gguf file = Written(fill);
    const auto tokenizer = MakeTokenizer(file.metadata());
    EXPECT_FALSE(tokenizer);
    return tokenizer ? std::string() : tokenizer.error().ToString();
  };
  EXPECT_NE(error([](GgufWriter&) {}).find("tokenizer.ggml.model"), std::string::npos);
  EXPECT_NE(error([](GgufWriter& writer) { AddSpm(writer, {2, 3, 99}); }).find("tokenizer.ggml.token_type"), std::string::npos);
  EXPECT_NE(error([](GgufWriter& writer) {
              AddSpm(writer, {2, 3, 1});
              Add(writer, "eos_token_id", std::string("two"));
            }).find("tokenizer.ggml.eos_token_id"),
            std::string::npos);
  EXPECT_NE(error([](GgufWriter& writer) {
              Add(writer, "model", std::string("gpt2"));
              Add(writer, "tokens", GgufArrayBytes::OfStrings(std::vector<std::string>{"a"}));
            }).find("tokenizer.ggml.merges"),
            std::string::npos);
}

}  // namespace
}  // namespace tradewind
