// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/model_spec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "formats/gguf_writer.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {

void RegisterTwinArchitecture(Registry<Architecture>& registry);

namespace {

using Values = std::map<std::string, GgufWriter::Value>;

// A sound model's metadata, by key after "NAME.".
Values Sound() {
  return {{"block_count", uint32_t{6}},
          {"embedding_length", uint32_t{64}},
          {"context_length", uint32_t{512}},
          {"feed_forward_length", uint32_t{172}},
          {"attention.head_count", uint32_t{8}},
          {"attention.head_count_kv", uint32_t{4}},
          {"attention.layer_norm_rms_epsilon", 1e-5f}};
}

Result<ModelSpec> Build(const std::string& name, const Values& values) {
  GgufWriter writer;
  writer.Add("general.architecture", name);
  for (const auto& [key, value] : values) writer.Add(name + "." + key, value);
  const float number = 0;
  writer.AddTensor("unused", TensorType::kF32, {1}, std::as_bytes(std::span(&number, 1)));
  TW_ASSIGN(std::vector<std::byte> bytes, writer.Bytes());
  TW_ASSIGN(const Gguf file, Gguf::FromBytes(std::move(bytes), "test"));
  return BuildModelSpec(file.metadata(), Architectures());
}

Result<ModelSpec> BuildWith(const std::string& key, GgufWriter::Value value) {
  Values values = Sound();
  values[key] = std::move(value);
  return Build("llama", values);
}

void ExpectRefused(const std::string& key, GgufWriter::Value value, const std::string& where) {
  const auto spec = BuildWith(key, std::move(value));
  ASSERT_FALSE(spec) << key;
  EXPECT_TRUE(spec.error().where() == "llama." + where || spec.error().where() == "key \"llama." + where + "\"") << spec.error().ToString();
}

TEST(ModelSpec, ReadsWhatTransformersShare) {
  const auto spec = Build("llama", Sound());
  ASSERT_TRUE(spec) << spec.error().ToString();
  EXPECT_EQ(spec->blocks.size(), 6u);
  EXPECT_EQ(spec->width, 64);
  EXPECT_EQ(spec->context, 512);
  const AttentionSpec& a = spec->blocks[5].attention;
  EXPECT_EQ(a.heads, 8);
  EXPECT_EQ(a.kv_heads, 4);
  EXPECT_EQ(a.head_dim, 8);
  EXPECT_FLOAT_EQ(a.scale, 0.35355339f);
  EXPECT_EQ(a.rope.dimensions, 8);
  EXPECT_EQ(a.rope.base, 10000);
  EXPECT_TRUE(a.rope.adjacent);
  EXPECT_EQ(spec->blocks[0].feed_forward.width, 172);
}

TEST(ModelSpec, HeadsShareKeysOnlyWhereTheFileSaysSo) {
  Values values = Sound();
  values.erase("attention.head_count_kv");
  EXPECT_EQ(Build("llama", values)->blocks[0].attention.kv_heads, 8);
}

TEST(ModelSpec, EachKeyThatItNeedsIsNamed) {
  for (const auto& [key, unused] : Sound()) {
    if (key == "attention.head_count_kv") continue;
    Values values = Sound();
    values.erase(key);
    const auto spec = Build("llama", values);
    ASSERT_FALSE(spec) << key;
    EXPECT_NE(spec.error().ToString().find("llama." + key), std::string::npos) << spec.error().ToString();
  }
}

TEST(ModelSpec, BadNumbersAreRefusedByKey) {
  for (const char* key :
       {"block_count", "embedding_length", "context_length", "feed_forward_length", "attention.head_count", "attention.head_count_kv"}) {
    ExpectRefused(key, uint32_t{0}, key);
    ExpectRefused(key, uint64_t{1} << 62, key);
    ExpectRefused(key, std::string("many"), key);
  }
  ExpectRefused("attention.head_count_kv", uint32_t{3}, "attention.head_count_kv");
  ExpectRefused("attention.head_count", uint32_t{128}, "attention.key_length");  // more heads than values
  ExpectRefused("attention.key_length", uint32_t{2048}, "attention.key_length");
  ExpectRefused("attention.value_length", uint32_t{16}, "attention.key_length");
  ExpectRefused("rope.dimension_count", uint32_t{7}, "rope.dimension_count");
  ExpectRefused("rope.dimension_count", uint32_t{10}, "rope.dimension_count");
  ExpectRefused("rope.dimension_count", uint32_t{0}, "rope.dimension_count");
  ExpectRefused("rope.scaling.type", std::string("yarn"), "rope.scaling.type");
}

TEST(ModelSpec, NumbersThatWouldGiveNoNumberAreRefused) {
  for (const float bad : {0.0f, -1.0f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    ExpectRefused("rope.freq_base", bad, "rope.freq_base");
    if (bad != 0) ExpectRefused("attention.layer_norm_rms_epsilon", bad, "attention.layer_norm_rms_epsilon");
  }
  for (const double bad : {0.0, -2.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e-320}) {
    Values values = Sound();
    values["rope.scaling.type"] = std::string("linear");
    values["rope.scaling.factor"] = bad;
    const auto spec = Build("llama", values);
    ASSERT_FALSE(spec) << bad;
    EXPECT_EQ(spec.error().where(), "llama.rope.scaling.factor");
  }
}

TEST(ModelSpec, LinearScalingStretchesPositions) {
  Values values = Sound();
  values["rope.scaling.type"] = std::string("linear");
  values["rope.scaling.factor"] = 4.0f;
  EXPECT_EQ(Build("llama", values)->blocks[0].attention.rope.position_scale, 0.25);
}

TEST(ModelSpec, AnUnknownArchitectureIsToldWhatThereIs) {
  const auto spec = Build("mystery", Sound());
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().code(), StatusCode::kUnsupported);
  EXPECT_NE(spec.error().message().find("gemma3, granitemoe, lfm2, llama"), std::string::npos) << spec.error().message();
}

TEST(Architectures, Qwen2HasBiasesAndRotatesHalves) {
  const auto spec = Build("qwen2", Sound());
  ASSERT_TRUE(spec);
  for (const BlockSpec& block : spec->blocks) {
    EXPECT_TRUE(block.attention.bias);
    EXPECT_FALSE(block.attention.rope.adjacent);
  }
}

TEST(Architectures, Gemma3SeesAllInEverySixthBlock) {
  Values values = Sound();
  values["attention.sliding_window"] = uint32_t{512};
  values["rope.freq_base"] = 1e6f;
  const auto spec = Build("gemma3", values);
  ASSERT_TRUE(spec) << spec.error().ToString();
  EXPECT_FLOAT_EQ(spec->embedding.scale, 8);
  for (size_t i = 0; i < 6; ++i) {
    const BlockSpec& block = spec->blocks[i];
    EXPECT_EQ(block.attention.window, i == 5 ? 0 : 512);
    EXPECT_EQ(block.attention.rope.base, i == 5 ? 1e6 : 1e4);
    EXPECT_TRUE(block.post_norms && block.attention.head_norm);
    EXPECT_EQ(block.feed_forward.activation, Activation::kGelu);
  }
  const std::pair<std::string, GgufWriter::Value> wrong[] = {{"rope.freq_base_swa", 0.0f},
                                                             {"rope.freq_base_swa", std::numeric_limits<float>::infinity()},
                                                             {"attention.sliding_window", uint64_t{1} << 63}};
  for (const auto& [key, value] : wrong) {
    Values changed = values;
    changed[key] = value;
    const auto refused = Build("gemma3", changed);
    ASSERT_FALSE(refused) << key;
    EXPECT_EQ(refused.error().where(), "gemma3." + key);
  }
  values["attention.sliding_window_pattern"] = uint32_t{0};
  EXPECT_EQ(Build("gemma3", values).error().where(), "gemma3.attention.sliding_window_pattern");
  values.erase("attention.sliding_window");
  EXPECT_FALSE(Build("gemma3", values));
}

// A variant that would be computed wrongly is refused by its key.
void ExpectVariantRefused(const std::string& name, const Values& sound, const std::string& key, GgufWriter::Value value) {
  Values values = sound;
  values[key] = std::move(value);
  const auto spec = Build(name, values);
  ASSERT_FALSE(spec) << key;
  EXPECT_EQ(spec.error().where(), name + "." + key) << spec.error().ToString();
}

Values WithExperts() {
  Values values = Sound();
  values["expert_count"] = uint32_t{8};
  values["expert_used_count"] = uint32_t{2};
  return values;
}

TEST(Architectures, GraniteWithExpertsHasFourScales) {
  Values values = WithExperts();
  values["embedding_scale"] = 12.0f;
  values["residual_scale"] = 0.25f;
  values["attention.scale"] = 0.5f;
  values["logit_scale"] = 8.0f;
  const auto spec = Build("granitemoe", values);
  ASSERT_TRUE(spec) << spec.error().ToString();
  EXPECT_EQ(spec->embedding.scale, 12);
  EXPECT_EQ(spec->logit_scale, 0.125f);
  const BlockSpec& block = spec->blocks[3];
  EXPECT_EQ(block.residual_scale, 0.25f);
  EXPECT_EQ(block.attention.scale, 0.5f);
  EXPECT_TRUE(block.attention.rope.adjacent && block.feed_forward.renormalise);
  EXPECT_EQ(block.feed_forward.experts, 8);
  EXPECT_EQ(block.feed_forward.used_experts, 2);
  for (const char* key : {"embedding_scale", "residual_scale", "attention.scale", "logit_scale"}) {
    ExpectVariantRefused("granitemoe", values, key, -1.0f);
    ExpectVariantRefused("granitemoe", values, key, std::numeric_limits<float>::infinity());
    ExpectVariantRefused("granitemoe", values, key, std::numeric_limits<float>::denorm_min());  // its inverse is infinite
  }
}

TEST(Architectures, OlmoeNormsAllHeadsTogetherAndKeepsTheWeights) {
  const auto spec = Build("olmoe", WithExperts());
  ASSERT_TRUE(spec) << spec.error().ToString();
  EXPECT_TRUE(spec->blocks[0].attention.joint_norm);
  EXPECT_FALSE(spec->blocks[0].attention.head_norm || spec->blocks[0].feed_forward.renormalise);
  ExpectVariantRefused("olmoe", WithExperts(), "attention.clamp_kqv", 8.0f);
}

TEST(Architectures, WaysOfGatingThatAreNotSupportedAreRefused) {
  for (const char* key : {"expert_shared_count", "expert_shared_feed_forward_length", "leading_dense_block_count"}) {
    ExpectVariantRefused("olmoe", WithExperts(), key, uint32_t{1});
  }
  ExpectVariantRefused("granitemoe", WithExperts(), "expert_gating_func", uint32_t{2});
  ExpectVariantRefused("granitemoe", WithExperts(), "expert_weights_scale", 2.5f);
  ExpectVariantRefused("granitemoe", WithExperts(), "expert_group_count", uint32_t{2});
  ExpectVariantRefused("granitemoe", WithExperts(), "expert_used_count", uint32_t{9});
  ExpectVariantRefused("granitemoe", WithExperts(), "expert_count", uint32_t{5000});
  ExpectVariantRefused("llama", Sound(), "expert_count", uint32_t{8});
}

TEST(Architectures, Lfm2HasConvolutionsWhereThereAreNoKeys) {
  const std::vector<int32_t> heads = {0, 0, 4, 0, 2, 0};
  Values values = Sound();
  values["attention.head_count_kv"] = GgufArrayBytes::Of<int32_t>(heads);
  values["shortconv.l_cache"] = uint32_t{3};
  const auto spec = Build("lfm2", values);
  ASSERT_TRUE(spec) << spec.error().ToString();
  EXPECT_EQ(spec->output_norm, "token_embd_norm.weight");
  for (size_t i = 0; i < 6; ++i) {
    const BlockSpec& block = spec->blocks[i];
    EXPECT_EQ(block.mixer, heads[i] == 0 ? Mixer::kShortConvolution : Mixer::kAttention);
    EXPECT_EQ(block.attention.kv_heads, heads[i]);
    EXPECT_EQ(block.convolution.taps, heads[i] == 0 ? 3 : 0);
    EXPECT_EQ(block.attention.head_norm, heads[i] != 0);
  }
  ExpectVariantRefused("lfm2", values, "shortconv.l_cache", uint32_t{1});
  ExpectVariantRefused("lfm2", values, "shortconv.l_cache", uint32_t{1000});
  ExpectVariantRefused("lfm2", values, "attention.sliding_window", uint32_t{64});
  ExpectVariantRefused("lfm2", values, "attention.head_count_kv", GgufArrayBytes::Of<int32_t>(std::vector<int32_t>{0, 4}));
  ExpectVariantRefused("lfm2", values, "attention.head_count_kv", GgufArrayBytes::Of<int32_t>(std::vector<int32_t>{0, 0, 3, 0, 2, 0}));
  ExpectVariantRefused("lfm2", values, "attention.head_count_kv", GgufArrayBytes::Of<int32_t>(std::vector<int32_t>{0, 0, -4, 0, 2, 0}));
}

// tests/llm/architectures/twin.cc is all that this one takes.
TEST(Architectures, OneFileAddsOne) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto twin = StoriesGguf(ScratchPath("twin.gguf"), {.architecture = "twin"});
  ASSERT_TRUE(twin);
  ASSERT_FALSE(LanguageModelInstance::Open(*twin, {}, {}, RealClock())) << "without the file there is no such architecture";
  Registry<Architecture> registry;
  RegisterTwinArchitecture(registry);
  const auto other = OpenModel(*twin, {}, {.architectures = &registry});
  const auto plain = OpenModel(path);
  ASSERT_TRUE(other && plain);
  const std::vector<int32_t> ids = ReadGolden(SourcePath("tests/llm/golden/stories260k.bin"))[0].ids;
  EXPECT_EQ(ScoreIds(*other, ids), ScoreIds(*plain, ids));
}

}  // namespace
}  // namespace tradewind
