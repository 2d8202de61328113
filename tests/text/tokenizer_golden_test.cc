// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The real models' tokenizers against ids from llama.cpp (data/make_tokenizer_golden.py), over prose, code, scripts, emoji, white space,
// controls and spellings of special tokens.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "formats/gguf.h"
#include "shared_data.h"
#include "text/tokenizer.h"

namespace tradewind {
namespace {

struct Golden {
  SpecialTokens special = SpecialTokens::kAsText;
  std::string text;
  std::vector<int32_t> ids;
};

std::vector<Golden> GoldenOf(const std::string& model) {
  std::ifstream file(SourcePath("tests/text/data/tokenizer_golden.tsv"));
  std::vector<Golden> golden;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name, mode, text, ids;
    std::getline(fields, name, '\t');
    std::getline(fields, mode, '\t');
    std::getline(fields, text, '\t');
    std::getline(fields, ids, '\t');
    if (name != model) continue;
    std::istringstream words(ids);
    golden.push_back({mode == "parse" ? SpecialTokens::kParse : SpecialTokens::kAsText,
                      nlohmann::json::parse(text).get<std::string>(),
                      {std::istream_iterator<int32_t>(words), std::istream_iterator<int32_t>()}});
  }
  return golden;
}

std::optional<std::string> PathOf(const std::string& name) {
  const std::optional<std::string> model = ModelPath(name);
  return model ? model : SharedPath("assets/llm/tokenizers/ggml-vocab-" + name + ".gguf");
}

// llama.cpp takes every "</s>" for an end of the answer. In Gemma it is HTML's end of struck-out text, in Qwen an ordinary piece.
bool DiffersOnPurpose(const std::string& model, const Golden& golden) {
  if (golden.text.find("</s>") == std::string::npos) return false;
  return golden.special == SpecialTokens::kAsText ? model == "gemma-3-270m" : model == "qwen2.5-coder-0.5b";
}

class TokenizerGoldenTest : public testing::TestWithParam<const char*> {};

TEST_P(TokenizerGoldenTest, EncodesAsLlamaCppDoes) {
  const std::string model = GetParam();
  TW_REQUIRE_DATA(path, PathOf(model));
  const Result<Gguf> file = Gguf::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  const Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(file->metadata());
  ASSERT_TRUE(tokenizer) << tokenizer.error().ToString();
  const std::vector<Golden> golden = GoldenOf(model);
  ASSERT_GE(golden.size(), 20u);
  for (const Golden& one : golden) {
    if (DiffersOnPurpose(model, one)) continue;
    const auto ids = (*tokenizer)->Encode(one.text, one.special);
    ASSERT_TRUE(ids) << ids.error().ToString();
    EXPECT_EQ(*ids, one.ids) << nlohmann::json(one.text) << (one.special == SpecialTokens::kParse ? " parsed" : "");
    if (one.special == SpecialTokens::kParse) continue;
    for (const int32_t id : *ids) EXPECT_NE((*tokenizer)->kind(id), TokenKind::kControl) << nlohmann::json(one.text);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, TokenizerGoldenTest,
                         testing::Values("smollm2-135m", "qwen2.5-coder-0.5b", "gemma-3-270m", "llama-spm", "phi-3", "gpt-2", "llama-bpe"));

std::vector<std::string> EndsOf(const Tokenizer& tokenizer) {
  std::vector<std::string> ends;
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.IsEndOfGeneration(id)) ends.emplace_back(tokenizer.Piece(id));
  }
  return ends;
}

// What each model's documentation names: its end of text, of a turn, and of code infilling.
TEST(TokenizerModelsTest, KnowWhereAnswersStartAndEnd) {
  const std::map<std::string, std::pair<bool, std::vector<std::string>>> expected = {
      {"smollm2-135m", {false, {"<|endoftext|>", "<|im_end|>", "<reponame>"}}},
      {"qwen2.5-coder-0.5b", {false, {"<|endoftext|>", "<|im_end|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"}}},
      {"gemma-3-270m", {true, {"<eos>", "<end_of_turn>"}}},
      {"llama-spm", {true, {"</s>"}}},
      {"phi-3", {true, {"</s>", "<|endoftext|>", "<|end|>"}}},
      {"gpt-2", {false, {"<|endoftext|>"}}},
      {"llama-bpe", {true, {"<|end_of_text|>", "<|eot_id|>"}}},
  };
  int seen = 0;
  for (const auto& [name, want] : expected) {
    const std::optional<std::string> path = PathOf(name);
    if (!path) continue;
    const Result<Gguf> file = Gguf::Open(*path);
    ASSERT_TRUE(file) << file.error().ToString();
    const Result<std::unique_ptr<Tokenizer>> tokenizer = MakeTokenizer(file->metadata());
    ASSERT_TRUE(tokenizer) << tokenizer.error().ToString();
    EXPECT_EQ((*tokenizer)->add_bos(), want.first) << name;
    EXPECT_EQ(EndsOf(**tokenizer), want.second) << name;
    ++seen;
  }
  if (seen == 0) GTEST_SKIP() << "absent: every model and vocabulary";
}

}  // namespace
}  // namespace tradewind
