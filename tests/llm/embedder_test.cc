// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Encoders against vectors that numpy computed in double (tests/llm/golden/make-encoder-golden).
#include "llm/embedder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/isa.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

struct GoldenVectors {
  std::vector<std::string> texts;
  std::vector<std::vector<int32_t>> ids;
  std::vector<std::vector<float>> vectors;
};

GoldenVectors ReadVectors(const std::string& name) {
  std::ifstream file(SourcePath("tests/llm/golden/" + name));
  const auto json = nlohmann::json::parse(file);
  return {json["texts"], json["ids"], json["vectors"]};
}

double Cosine(const std::vector<float>& x, const std::vector<float>& y) {
  double xy = 0, xx = 0, yy = 0;
  EXPECT_EQ(x.size(), y.size());
  for (size_t i = 0; i < x.size(); ++i) {
    xy += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    xx += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    yy += static_cast<double>(y[i]) * static_cast<double>(y[i]);
  }
  return xy / std::sqrt(xx * yy);
}

Setting ExactKeys() {
  return SettingOf({{"kv_type_k", "f32"}, {"kv_type_v", "f32"}});
}

std::string TinyEncoder() {
  return SourcePath("tests/llm/golden/tiny-bert.gguf");
}

TEST(Embedder, VectorsAgreeWithAnotherImplementation) {
  const GoldenVectors golden = ReadVectors("tiny-bert.json");
  const auto instance = OpenModel(TinyEncoder(), ExactKeys());
  ASSERT_NE(instance, nullptr);
  Embedder embedder(*instance, {});
  EXPECT_EQ(embedder.pooling(), Pooling::kMean);
  for (size_t i = 0; i < golden.ids.size(); ++i) {
    const auto ours = embedder.EmbedIds(golden.ids[i]);
    ASSERT_TRUE(ours) << ours.error().ToString();
    EXPECT_EQ(ours->tokens, static_cast<int64_t>(golden.ids[i].size()));
    EXPECT_GT(Cosine(ours->vectors.at(0), golden.vectors[i]), 1 - 1e-9) << i;
    for (size_t c = 0; c < golden.vectors[i].size(); ++c) EXPECT_NEAR(ours->vectors[0][c], golden.vectors[i][c], 1e-5);
  }
}

TEST(Embedder, ThreadsAndInstructionSetsDoNotChangeABit) {
  const std::vector<int32_t> ids = ReadVectors("tiny-bert.json").ids[3];  // beyond a page of keys
  const auto embed = [&](int64_t threads) {
    const auto instance =
        OpenModel(TinyEncoder(), ExactKeys().With(SettingOf({{"threads", threads}, {"threads_batch", threads}, {"ubatch", int64_t{16}}})));
    return Embedder(*instance, {.pooling = Pooling::kNone, .normalise = -1}).EmbedIds(ids).value().vectors;
  };
  const auto expected = embed(1);
  EXPECT_EQ(expected.size(), ids.size());
  EXPECT_EQ(embed(3), expected);
  const char* forced = std::getenv("TRADEWIND_ISA");
  const std::string before = forced != nullptr ? forced : "";
  for (const Isa isa : AvailableIsas()) {
    setenv("TRADEWIND_ISA", std::string(IsaName(isa)).c_str(), 1);
    EXPECT_EQ(embed(2), expected) << IsaName(isa);
  }
  before.empty() ? unsetenv("TRADEWIND_ISA") : setenv("TRADEWIND_ISA", before.c_str(), 1);
}

TEST(Embedder, ATextIsWholeOrRefused) {
  const auto instance = OpenModel(TinyEncoder(), ExactKeys().With(SettingOf({{"context", int64_t{32}}})));
  ASSERT_NE(instance, nullptr);
  Embedder embedder(*instance, {});
  EXPECT_TRUE(embedder.EmbedIds(std::vector<int32_t>(32, 7)));
  const auto longer = embedder.EmbedIds(std::vector<int32_t>(33, 7));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().where(), "text");
  EXPECT_FALSE(embedder.EmbedIds({}));
  EXPECT_FALSE(instance->Start({})) << "an encoder answers nothing";
}

// A decoder's vector of the last token sees the whole text in chunks as in one piece.
TEST(Embedder, ADecoderReadsInChunks) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const std::vector<int32_t> ids = {1, 403, 407, 261, 378, 290, 300, 310, 320, 330};
  const auto embed = [&](int64_t ubatch, Pooling pooling) {
    const auto instance = OpenModel(path, SettingOf({{"ubatch", ubatch}}));
    return Embedder(*instance, {.pooling = pooling, .normalise = 2}).EmbedIds(ids).value().vectors;
  };
  for (const Pooling pooling : {Pooling::kMean, Pooling::kLast, Pooling::kFirst, Pooling::kNone})
    EXPECT_EQ(embed(3, pooling), embed(64, pooling));
  EXPECT_EQ(embed(3, Pooling::kNone).back(), embed(3, Pooling::kLast)[0]);
  double length = 0;
  const auto mean = embed(3, Pooling::kMean);
  for (const float value : mean[0]) length += static_cast<double>(value) * static_cast<double>(value);
  EXPECT_NEAR(length, 1, 1e-6);
}

// all-MiniLM-L6-v2 as its publisher gives it: a folder of safetensors, config.json and vocab.txt among the models.
std::optional<std::string> MiniLm() {
  const auto beside = ModelPath("all-minilm-l6-v2/model");  // .gguf, if somebody converted it there
  if (beside) return beside->substr(0, beside->rfind('/'));
  const char* root = std::getenv("TRADEWIND_MODELS");
  const char* home = std::getenv("HOME");
  const std::string folder = (root ? std::string(root) : std::string(home ? home : "") + "/.cache/tradewind/models") + "/all-minilm-l6-v2";
  if (!std::filesystem::exists(folder + "/model.safetensors")) return std::nullopt;
  return folder;
}

TEST(Embedder, MiniLmFromSafetensorsAgreesWithItsReference) {
  TW_REQUIRE_DATA(folder, MiniLm());
  const GoldenVectors golden = ReadVectors("minilm.json");
  const auto instance = OpenModel(folder, ExactKeys());
  ASSERT_NE(instance, nullptr);
  Embedder embedder(*instance, {});
  double least = 1;
  for (size_t i = 0; i < golden.texts.size(); ++i) {
    Prompt prompt;
    prompt.raw = golden.texts[i];
    EXPECT_EQ(instance->Tokenize(prompt).value(), golden.ids[i]) << golden.texts[i];
    const auto ours = embedder.Embed(golden.texts[i]);
    ASSERT_TRUE(ours) << ours.error().ToString();
    least = std::min(least, Cosine(ours->vectors.at(0), golden.vectors[i]));
  }
  std::printf("all-MiniLM-L6-v2: least cosine 1 - %.1e over %zu texts\n", 1 - least, golden.texts.size());
  EXPECT_GT(least, 0.999999);
}

}  // namespace
}  // namespace tradewind
