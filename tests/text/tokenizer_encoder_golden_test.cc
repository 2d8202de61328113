// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// WordPiece and unigram vocabularies against the ids of the libraries that such models are trained with
// (data/make_encoder_golden.py): small ones trained on a text of this repository, a real BERT's and real Marian ones.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "formats/gguf.h"
#include "shared_data.h"
#include "text/tokenizer.h"

namespace tradewind {
namespace {

struct EncoderGolden {
  std::string text;
  std::vector<int32_t> ids;
  nlohmann::json decoded;
};

std::vector<EncoderGolden> EncoderGoldenOf(const std::string& vocabulary) {
  std::ifstream file(SourcePath("tests/text/data/encoder_golden.tsv"));
  std::vector<EncoderGolden> golden;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name, text, ids, decoded;
    std::getline(fields, name, '\t');
    std::getline(fields, text, '\t');
    std::getline(fields, ids, '\t');
    std::getline(fields, decoded, '\t');
    if (name != vocabulary) continue;
    std::istringstream words(ids);
    golden.push_back({nlohmann::json::parse(text).get<std::string>(),
                      {std::istream_iterator<int32_t>(words), std::istream_iterator<int32_t>()},
                      nlohmann::json::parse(decoded)});
  }
  return golden;
}

std::optional<std::string> EncoderPath(const std::string& name) {
  if (name.starts_with("unigram_")) return SourcePath("tests/text/data/" + name + ".gguf");
  const std::optional<std::string> model = ModelPath(name);
  return model ? model : SharedPath("assets/llm/tokenizers/ggml-vocab-" + name + ".gguf");
}

class TokenizerEncoderGoldenTest : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerEncoderGoldenTest, EncodesAndDecodesAsTheLibraryDoes) {
  const std::optional<std::string> path = EncoderPath(GetParam());
  if (!path) GTEST_SKIP() << "absent: the vocabulary " << GetParam() << ".gguf (tests/text/data/make_encoder_golden.py)";
  const Result<Gguf> file = Gguf::Open(*path);
  ASSERT_TRUE(file) << file.error().ToString();
  const Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(file->metadata());
  ASSERT_TRUE(tokenizer) << tokenizer.error().ToString();
  const std::vector<EncoderGolden> golden = EncoderGoldenOf(GetParam());
  ASSERT_GE(golden.size(), 100u);
  for (const EncoderGolden& one : golden) {
    const auto ids = (*tokenizer)->Encode(one.text, SpecialTokens::kAsText);
    ASSERT_TRUE(ids) << ids.error().ToString();
    EXPECT_EQ(*ids, one.ids) << nlohmann::json(one.text);
    for (const int32_t id : *ids) EXPECT_NE((*tokenizer)->kind(id), TokenKind::kControl) << nlohmann::json(one.text);
    if (one.decoded.is_null()) continue;
    EXPECT_EQ((*tokenizer)->DecodeAll(one.ids, false), one.decoded.get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, TokenizerEncoderGoldenTest,
                         testing::Values("unigram_plain", "unigram_bytes", "unigram_rules", "marian-enpt", "marian-pten", "bert-bge"));

}  // namespace
}  // namespace tradewind
