// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests model_loader.cc, too.
#include "llm/model.h"

#include <gtest/gtest.h>

#include <cstring>

#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

Result<std::unique_ptr<const Model>> LoadModel(const std::string& path, const ModelOptions& options = {}) {
  TW_ASSIGN(Gguf file, Gguf::Open(path));
  ThreadPool pool(2);
  return Model::Load(std::move(file), options, pool);
}

// The changed file is refused, naming this tensor.
void ExpectModelRefused(const StoriesChanges& changes, const std::string& tensor, const std::string& why) {
  const auto path = StoriesGguf(ScratchPath("broken.gguf"), changes);
  ASSERT_TRUE(path);
  const auto model = LoadModel(*path);
  ASSERT_FALSE(model) << tensor;
  EXPECT_EQ(model.error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(model.error().where(), tensor);
  EXPECT_NE(model.error().message().find(why), std::string::npos) << model.error().message();
}

TEST(Model, HasTheNumbersOfItsFile) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto model = LoadModel(path);
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_EQ((*model)->spec().vocab, 512);
  EXPECT_EQ((*model)->spec().width, 64);
  EXPECT_EQ((*model)->blocks().size(), 5u);
  EXPECT_EQ((*model)->blocks()[4].key.rows(), 4 * 8);
  EXPECT_EQ((*model)->blocks()[4].down.cols(), 172);
  EXPECT_TRUE((*model)->blocks()[0].query_bias.empty());
  EXPECT_TRUE((*model)->rope_factors().empty());
  // The weights of the checkpoint, at four bytes each, and what padding adds.
  EXPECT_GE((*model)->memory_bytes(), 4u * 260'000);
  EXPECT_LE((*model)->memory_bytes(), 4u * 280'000);
}

TEST(Model, WithoutATensorItIsRefused) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  for (const char* name : {"token_embd.weight", "output_norm.weight", "blk.0.attn_norm.weight", "blk.1.attn_q.weight",
                           "blk.2.attn_k.weight", "blk.3.attn_v.weight", "blk.4.attn_output.weight", "blk.0.ffn_norm.weight",
                           "blk.1.ffn_gate.weight", "blk.2.ffn_up.weight", "blk.4.ffn_down.weight"}) {
    ExpectModelRefused({.without = {name}}, name, "lacks the tensor");
  }
}

TEST(Model, ATensorOfAnotherShapeIsRefused) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  ExpectModelRefused({.shapes = {{"blk.0.attn_q.weight", {64, 63}}}}, "blk.0.attn_q.weight", "64 x 63");
  ExpectModelRefused({.shapes = {{"blk.2.attn_k.weight", {32, 64}}}}, "blk.2.attn_k.weight", "64 x 32");
  ExpectModelRefused({.shapes = {{"blk.4.ffn_down.weight", {64, 172}}}}, "blk.4.ffn_down.weight", "172 x 64");
  ExpectModelRefused({.shapes = {{"output_norm.weight", {32}}}}, "output_norm.weight", "32 x 1");
  ExpectModelRefused({.shapes = {{"output_norm.weight", {32, 2}}}}, "output_norm.weight", "64 x 1");
  ExpectModelRefused({.shapes = {{"token_embd.weight", {32, 512}}}}, "token_embd.weight", "32 x 512");
}

TEST(Model, FewerEmbeddingRowsThanTokensAreRefused) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto broken = StoriesGguf(ScratchPath("few.gguf"), {.shapes = {{"token_embd.weight", {64, 500}}}});
  const auto instance = LanguageModelInstance::Open(*broken, {}, {}, RealClock());
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().where(), "token_embd.weight");
}

TEST(Model, EmbedsARowOfTheFile) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto model = LoadModel(path);
  ASSERT_TRUE(model);
  const GgufTensor* embedding = (*model)->file().FindTensor("token_embd.weight");
  std::vector<float> row(64);
  (*model)->Embed(300, 0, row.data());
  EXPECT_EQ(std::memcmp(row.data(), embedding->data.data() + 300 * 64 * 4, 64 * 4), 0);
}

// An output matrix of its own, twice the embedding: logits twice as large, so the likeliest token is the same and surer.
TEST(Model, AnOutputMatrixOfItsOwnIsUsed) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto untied = StoriesGguf(ScratchPath("untied.gguf"), {.untied = true});
  const auto tied_file = Gguf::Open(path);
  const auto untied_file = Gguf::Open(*untied);
  EXPECT_EQ(PackedWeightBytes(*untied_file, {}), PackedWeightBytes(*tied_file, {})) << "the embedding is not packed beside the output";
  const auto a = OpenModel(path);
  const auto b = OpenModel(*untied);
  ASSERT_TRUE(a && b);
  const Prompt prompt = Greedy("Once upon a time");
  EXPECT_EQ(Generate(*a, prompt, 8), Generate(*b, prompt, 8));
  EXPECT_NE(ScoreIds(*a, {1, 403, 407, 261}), ScoreIds(*b, {1, 403, 407, 261}));
}

TEST(Model, EstimatedWeightsAreNearTheRealOnes) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto model = LoadModel(path);
  const auto estimate = static_cast<double>(PackedWeightBytes((*model)->file(), (*model)->spec()));
  EXPECT_NEAR(estimate / static_cast<double>((*model)->memory_bytes()), 1, 0.02);
}

}  // namespace
}  // namespace tradewind
