// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests adapter_file.cc, too.
#include "llm/adapter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "base/file.h"
#include "base/random.h"
#include "llm/forward.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

constexpr int64_t kRank = 3;
constexpr float kAlpha = 6;

struct RandomPair {
  std::vector<float> a, b;
};

// A pair for each of these matrices of stories260K: rows x columns.
const std::vector<std::pair<std::string, std::pair<int64_t, int64_t>>> kTargets = {
    {"blk.0.attn_q.weight", {64, 64}},      {"blk.1.attn_k.weight", {32, 64}},    {"blk.2.attn_v.weight", {32, 64}},
    {"blk.3.attn_output.weight", {64, 64}}, {"blk.3.ffn_gate.weight", {172, 64}}, {"blk.4.ffn_up.weight", {172, 64}},
    {"blk.4.ffn_down.weight", {64, 172}}};

std::map<std::string, RandomPair> RandomPairs() {
  Random random(3);
  std::map<std::string, RandomPair> pairs;
  for (const auto& [name, shape] : kTargets) {
    RandomPair pair;
    for (int64_t i = 0; i < kRank * shape.second; ++i) pair.a.push_back(static_cast<float>(random.Uniform() - 0.5) * 0.4f);
    for (int64_t i = 0; i < kRank * shape.first; ++i) pair.b.push_back(static_cast<float>(random.Uniform() - 0.5));
    pairs.emplace(name, std::move(pair));
  }
  return pairs;
}

struct AdapterChanges {
  std::map<std::string, std::string> metadata{};
  std::string without{};      // a tensor
  std::string also{};         // another tensor, of one value
  int64_t extra_columns = 0;  // of every A
};

std::string WriteAdapter(const std::string& name, const AdapterChanges& changes = {}) {
  std::map<std::string, std::string> texts = {{"general.architecture", "llama"}, {"general.type", "adapter"}, {"adapter.type", "lora"}};
  for (const auto& [key, value] : changes.metadata) texts[key] = value;
  GgufWriter writer;
  for (const auto& [key, value] : texts) writer.Add(key, value);
  writer.Add("adapter.lora.alpha", kAlpha);
  std::map<std::string, RandomPair> pairs = RandomPairs();
  for (const auto& [tensor, shape] : kTargets) {
    RandomPair& pair = pairs[tensor];
    pair.a.resize(static_cast<size_t>(kRank * (shape.second + changes.extra_columns)));
    const auto columns = static_cast<uint64_t>(shape.second + changes.extra_columns);
    const std::vector<uint64_t> a_shape = {columns, kRank};
    const std::vector<uint64_t> b_shape = {kRank, static_cast<uint64_t>(shape.first)};
    if (tensor + ".lora_a" != changes.without)
      writer.AddTensor(tensor + ".lora_a", TensorType::kF32, a_shape, std::as_bytes(std::span(pair.a)));
    if (tensor + ".lora_b" != changes.without)
      writer.AddTensor(tensor + ".lora_b", TensorType::kF32, b_shape, std::as_bytes(std::span(pair.b)));
  }
  const std::vector<float> one = {1};
  if (!changes.also.empty()) writer.AddTensor(changes.also, TensorType::kF32, {1}, std::as_bytes(std::span(one)));
  const auto bytes = writer.Bytes();
  EXPECT_TRUE(bytes) << bytes.error().ToString();
  const std::string path = ScratchPath(name);
  EXPECT_TRUE(WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
  return path;
}

// stories260K with scale * B A added to its matrices.
std::string WriteMerged(const std::string& stories, double scale) {
  const Gguf file = Gguf::Open(stories).value();
  const std::map<std::string, RandomPair> pairs = RandomPairs();
  GgufWriter writer;
  for (const auto& entry : file.metadata().entries()) {
    if (const auto* text = std::get_if<std::string_view>(&entry.value)) writer.Add(std::string(entry.key), std::string(*text));
    if (const auto* number = std::get_if<uint64_t>(&entry.value)) writer.Add(std::string(entry.key), static_cast<uint32_t>(*number));
    if (const auto* number = std::get_if<double>(&entry.value)) writer.Add(std::string(entry.key), static_cast<float>(*number));
    if (const auto* array = std::get_if<GgufArray>(&entry.value))
      writer.Add(std::string(entry.key), GgufArrayBytes{array->element_type, array->count, {array->raw.begin(), array->raw.end()}});
  }
  std::vector<std::vector<float>> merged;
  merged.reserve(file.tensors().size());
  for (const GgufTensor& tensor : file.tensors()) {
    const auto pair = pairs.find(std::string(tensor.name));
    std::span<const std::byte> data = tensor.data;
    if (pair != pairs.end()) {
      std::vector<float>& values = merged.emplace_back(tensor.data.size() / 4);
      std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
      const auto columns = static_cast<int64_t>(tensor.row_length());
      for (int64_t i = 0; i < static_cast<int64_t>(values.size()); ++i) {
        double sum = 0;
        for (int64_t r = 0; r < kRank; ++r) {
          sum += static_cast<double>(pair->second.b[static_cast<size_t>(i / columns * kRank + r)]) *
                 static_cast<double>(pair->second.a[static_cast<size_t>(r * columns + i % columns)]);
        }
        values[static_cast<size_t>(i)] += static_cast<float>(scale * sum);
      }
      data = std::as_bytes(std::span(values));
    }
    writer.AddTensor(std::string(tensor.name), tensor.type, {tensor.shape, tensor.shape + tensor.dimensions}, data);
  }
  const auto bytes = writer.Bytes();
  EXPECT_TRUE(bytes) << bytes.error().ToString();
  const std::string path = ScratchPath("merged.gguf");
  EXPECT_TRUE(WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
  return path;
}

std::vector<int32_t> Ids() {
  std::vector<int32_t> ids = ReadGolden(SourcePath("tests/llm/golden/stories260k.bin"))[0].ids;
  ids.resize(150);
  return ids;
}

double MeanAbsDifference(const std::vector<float>& x, const std::vector<float>& y) {
  EXPECT_EQ(x.size(), y.size());
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += std::fabs(static_cast<double>(x[i]) - static_cast<double>(y[i]));
  return sum / static_cast<double>(x.size());
}

TEST(Adapter, EqualsAModelOfMergedWeights) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const Setting exact = SettingOf({{"kv_type_k", "f32"}, {"kv_type_v", "f32"}});
  const auto adapted = OpenModel(stories, exact.With(SettingOf({{"lora", WriteAdapter("adapter.gguf") + "=0.5"}})));
  const auto merged = OpenModel(WriteMerged(stories, 0.5 * static_cast<double>(kAlpha) / kRank), exact);
  const auto plain = OpenModel(stories, exact);
  ASSERT_TRUE(adapted && merged && plain);
  EXPECT_LT(MeanAbsDifference(ScoreIds(*adapted, Ids()), ScoreIds(*merged, Ids())), 1e-5);
  EXPECT_GT(MeanAbsDifference(ScoreIds(*adapted, Ids()), ScoreIds(*plain, Ids())), 0.05) << "the adapter counts for something";
}

TEST(Adapter, ItsMemoryIsPredicted) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const auto file = Gguf::Open(stories);
  const auto need = [&](const std::string& lora) {
    const auto resolved = ResolveLlmOptions(SettingOf({{"lora", lora}}), DescribeLlmKnobs());
    return EstimateMemory(*file, resolved->options);
  };
  const std::string adapter = WriteAdapter("predicted.gguf");
  const uint64_t one = need(adapter)->adapters;
  EXPECT_GT(one, OpenModel(stories, SettingOf({{"lora", adapter}}))->memory_bytes() - OpenModel(stories)->memory_bytes());
  EXPECT_EQ(need(adapter + "," + adapter)->adapters, 2 * one);
  EXPECT_EQ(need("absent.gguf").error().code(), StatusCode::kNotFound);
}

TEST(Adapter, IsSwitchedByTheRequest) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const std::string file = WriteAdapter("switched.gguf");
  const auto plain = OpenModel(stories);
  const auto half = OpenModel(stories, SettingOf({{"lora", file + "=0.5"}}));
  const auto twice = OpenModel(stories, SettingOf({{"lora", file + "," + file}}));
  ASSERT_TRUE(plain && half && twice);
  const std::vector<float> with = ScoreIds(*half, Ids());
  EXPECT_EQ(ScoreIds(*half, Ids(), SettingOf({{"lora_scales", "0"}})), ScoreIds(*plain, Ids()));
  EXPECT_EQ(ScoreIds(*twice, Ids(), SettingOf({{"lora_scales", "0,0.5"}})), with);
  EXPECT_EQ(ScoreIds(*twice, Ids(), SettingOf({{"lora_scales", "0.5,0"}})), with);
  EXPECT_NE(ScoreIds(*twice, Ids()), with);
  EXPECT_EQ(ScoreIds(*half, Ids()), with) << "nothing stays behind";
  EXPECT_GT(half->memory_bytes(), plain->memory_bytes());
  for (const char* scales : {"1,1", "half", "nan"}) {
    const auto session = half->Start({.setting = SettingOf({{"lora_scales", scales}})});
    EXPECT_FALSE(session) << scales;
  }
}

TEST(Adapter, EachSequenceOfABatchHasItsOwn) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const std::string file = WriteAdapter("batched.gguf");
  const auto instance = OpenModel(stories, SettingOf({{"lora", file + "," + file}}));
  ASSERT_NE(instance, nullptr);
  const auto vocab = static_cast<size_t>(instance->model().spec().vocab);
  const std::vector<int32_t> ids = Ids();
  ThreadPool pool(2);
  ForwardPass pass(instance->model(), instance->kernels(), 5 * static_cast<int64_t>(ids.size()));
  // The logits of the last token of each sequence, all of them in one pass.
  const auto run = [&](const std::vector<const char*>& scales) {
    std::vector<std::vector<AdapterUse>> uses;
    std::vector<KvCache> caches;
    for (const char* s : scales) {
      uses.push_back(instance->Adapters(s).value());
      caches.emplace_back(instance->model().spec(), KvType::kF16, KvType::kF16, 512);
      EXPECT_TRUE(caches.back().Reserve(512));
    }
    std::vector<SequencePart> parts;
    for (size_t i = 0; i < scales.size(); ++i) {
      parts.push_back({.tokens = ids, .cache = &caches[i], .adapters = uses[i], .logits_begin = static_cast<int64_t>(ids.size()) - 1});
    }
    std::vector<std::vector<float>> logits;
    pass.Run(parts, pool, [&](size_t, int64_t, const float* row) { logits.emplace_back(row, row + vocab); });
    return logits;
  };
  const auto together = run({"0,0", "0.5,0", "0,0.5", "1,0", "0,0"});
  ASSERT_EQ(together.size(), 5u);
  EXPECT_EQ(together[0], run({"0,0"}).at(0));
  EXPECT_EQ(together[1], run({"0.5,0"}).at(0));
  EXPECT_EQ(together[2], together[1]) << "the other adapter is the same";
  EXPECT_EQ(together[3], run({"1,0"}).at(0));
  EXPECT_EQ(together[4], together[0]);
  EXPECT_NE(together[0], together[1]);
  EXPECT_NE(together[1], together[3]);
}

TEST(Adapter, ThreadsAndChunksDoNotChangeABit) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const std::string file = WriteAdapter("threads.gguf");
  const auto score = [&](int64_t threads, int64_t ubatch) {
    const auto instance =
        OpenModel(stories, SettingOf({{"lora", file}, {"threads", threads}, {"threads_batch", threads}, {"ubatch", ubatch}}));
    return instance ? ScoreIds(*instance, Ids()) : std::vector<float>{};
  };
  const std::vector<float> expected = score(1, 64);
  EXPECT_EQ(score(2, 7), expected);
  EXPECT_EQ(score(3, 1), expected);
}

// The same pairs as PEFT stores them: rows of queries and keys in the order of rotated halves.
std::string WritePeft(const std::string& config) {
  const std::string folder = ScratchPath("");
  std::string header = "{";
  std::vector<float> data;
  const std::map<std::string, RandomPair> pairs = RandomPairs();
  const std::map<std::string, std::string> modules = {
      {"attn_q", "self_attn.q_proj"}, {"attn_k", "self_attn.k_proj"}, {"attn_v", "self_attn.v_proj"}, {"attn_output", "self_attn.o_proj"},
      {"ffn_gate", "mlp.gate_proj"},  {"ffn_up", "mlp.up_proj"},      {"ffn_down", "mlp.down_proj"}};
  const auto add = [&](const std::string& name, const std::vector<float>& values, int64_t rows, int64_t columns) {
    const size_t begin = data.size() * 4;
    data.insert(data.end(), values.begin(), values.end());
    header += (header.size() > 1 ? ",\"" : "\"") + name + "\":{\"dtype\":\"F32\",\"shape\":[" + std::to_string(rows) + "," +
              std::to_string(columns) + "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(data.size() * 4) + "]}";
  };
  for (const auto& [tensor, shape] : kTargets) {
    const std::string module = modules.at(tensor.substr(6, tensor.size() - 13));
    const std::string name = "base_model.model.model.layers." + tensor.substr(4, 1) + "." + module;
    RandomPair pair = pairs.at(tensor);
    if (module == "self_attn.q_proj" || module == "self_attn.k_proj") {
      for (int64_t row = 0; row < shape.first; ++row) {  // heads of 8: neighbours 2i, 2i+1 come from i, i + 4
        const int64_t there = row / 8 * 8 + row % 2 * 4 + row % 8 / 2;
        std::copy_n(pairs.at(tensor).b.begin() + row * kRank, kRank, pair.b.begin() + there * kRank);
      }
    }
    add(name + ".lora_A.weight", pair.a, kRank, shape.second);
    add(name + ".lora_B.weight", pair.b, shape.first, kRank);
  }
  header += "}";
  std::string bytes(8, '\0');
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(data.data()), data.size() * 4);
  EXPECT_TRUE(WriteFileAtomically(folder + "adapter_model.safetensors", bytes));
  EXPECT_TRUE(WriteFileAtomically(folder + "adapter_config.json", config));
  return folder + "adapter_model.safetensors";
}

TEST(Adapter, PeftsFilesGiveTheSame) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const auto gguf = OpenModel(stories, SettingOf({{"lora", WriteAdapter("same.gguf")}}));
  const auto peft =
      OpenModel(stories, SettingOf({{"lora", WritePeft(R"({"lora_alpha": 6, "r": 3, "use_dora": false, "rank_pattern": {}})")}}));
  ASSERT_TRUE(gguf && peft);
  EXPECT_EQ(ScoreIds(*peft, Ids()), ScoreIds(*gguf, Ids()));
}

void ExpectAdapterRefused(const std::string& file, const std::string& where, const std::string& words) {
  const auto stories = StoriesGguf();
  const auto instance = LanguageModelInstance::Open(*stories, SettingOf({{"lora", file}}), {}, RealClock());
  ASSERT_FALSE(instance) << where;
  EXPECT_EQ(instance.error().where(), where) << instance.error().ToString();
  EXPECT_NE(instance.error().message().find(words), std::string::npos) << instance.error().message();
}

TEST(Adapter, WhatDoesNotFitIsRefusedByName) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const std::string name = "bad.gguf";
  ExpectAdapterRefused(stories, "general.type", "no adapter");
  ExpectAdapterRefused(WriteAdapter(name, {.metadata = {{"adapter.type", "aura"}}}), "adapter.type", "aura");
  ExpectAdapterRefused(WriteAdapter(name, {.metadata = {{"general.architecture", "qwen2"}}}), "general.architecture", "qwen2");
  ExpectAdapterRefused(WriteAdapter(name, {.without = "blk.2.attn_v.weight.lora_a"}), "blk.2.attn_v.weight", "half");
  ExpectAdapterRefused(WriteAdapter(name, {.without = "blk.2.attn_v.weight.lora_b"}), "blk.2.attn_v.weight", "half");
  ExpectAdapterRefused(WriteAdapter(name, {.also = "blk.2.attn_v.weight"}), "blk.2.attn_v.weight", "neither half");
  ExpectAdapterRefused(WriteAdapter(name, {.extra_columns = 1}), "blk.0.attn_q.weight", "65 x 64");
  ExpectAdapterRefused(stories + "=much", "lora", "much");
  for (const char* key : {"use_rslora", "use_dora", "fan_in_fan_out"}) {
    const std::string config = std::string(R"({"lora_alpha": 6, ")") + key + "\": true}";
    ExpectAdapterRefused(WritePeft(config), std::string("adapter_config.json: ") + key, "not supported");
  }
  ExpectAdapterRefused(WritePeft(R"({"lora_alpha": 6, "rank_pattern": {"q_proj": 8}})"), "adapter_config.json: rank_pattern",
                       "not supported");
  ExpectAdapterRefused(WritePeft("{}"), "adapter_config.json: lora_alpha", "number");
  ExpectAdapterRefused(WritePeft("[]"), "adapter_config.json", "no JSON object");
}

TEST(Adapter, LogProbabilitiesAgreeWithAnotherImplementation) {
  TW_REQUIRE_DATA(stories, StoriesGguf());
  const GoldenSequence golden = ReadGolden(SourcePath("tests/llm/golden/stories260k-adapter.bin")).at(0);
  const auto instance = OpenModel(
      stories,
      SettingOf({{"kv_type_k", "f32"}, {"kv_type_v", "f32"}, {"lora", SourcePath("tests/llm/golden/stories260k-adapter.gguf") + "=0.7"}}));
  ASSERT_NE(instance, nullptr);
  const double distance = MeanAbsDifference(ScoreIds(*instance, golden.ids), golden.logprobs);
  std::printf("stories260k with an adapter: mean |d log p| %.2e\n", distance);
  EXPECT_LT(distance, 1e-4);
}

}  // namespace
}  // namespace tradewind
