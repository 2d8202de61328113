// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// llama.cpp's vocabularies with the ids that it expects: every text of ggml-vocab-*.inp against its line of .out.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "formats/gguf.h"
#include "shared_data.h"
#include "text/tokenizer.h"

namespace tradewind {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<std::string> Texts(const std::string& path) {
  const std::string all = ReadAll(path);
  const std::string separator = "\n__ggml_vocab_test__\n";
  std::vector<std::string> texts;
  for (size_t at = 0; at < all.size();) {
    const size_t next = std::min(all.find(separator, at), all.size());
    texts.push_back(all.substr(at, next - at));
    at = next + separator.size();
  }
  return texts;
}

std::vector<std::vector<int32_t>> Ids(const std::string& path) {
  std::istringstream lines(ReadAll(path));
  std::vector<std::vector<int32_t>> ids;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    ids.emplace_back(std::istream_iterator<int32_t>(words), std::istream_iterator<int32_t>());
  }
  return ids;
}

class TokenizerReferenceTest : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerReferenceTest, EncodesAsLlamaCppDoes) {
  TW_REQUIRE_DATA(path, SharedPath(std::string("assets/llm/tokenizers/ggml-vocab-") + GetParam() + ".gguf"));
  const Result<Gguf> file = Gguf::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  const Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(file->metadata());
  ASSERT_TRUE(tokenizer) << tokenizer.error().ToString();
  const std::vector<std::string> texts = Texts(path + ".inp");
  const std::vector<std::vector<int32_t>> expected = Ids(path + ".out");
  ASSERT_EQ(texts.size(), expected.size());
  ASSERT_GE(texts.size(), 40u);
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto ids = (*tokenizer)->Encode(texts[i], SpecialTokens::kAsText);
    ASSERT_TRUE(ids) << ids.error().ToString();
    EXPECT_EQ(*ids, expected[i]) << texts[i];
    // WordPiece keeps neither case nor white space.
    if (GetParam() == std::string("bert-bge")) continue;
    EXPECT_EQ((*tokenizer)->DecodeAll(*ids, false), texts[i]);
  }
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, TokenizerReferenceTest,
                         testing::Values("llama-spm", "phi-3", "gpt-2", "llama-bpe", "qwen2", "bert-bge"));

}  // namespace
}  // namespace tradewind
