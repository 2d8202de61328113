// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// One test for each lie that an adapter's file can tell of its pairs (adapter_file.cc); the formats' own lies have their tests in
// tests/formats.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "llm/adapter.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

constexpr const char* kQuery = "blk.0.attn_q.weight";  // 64 x 64

class AdapterCorruption : public testing::Test {
 protected:
  struct Matrix {
    std::string name;
    std::vector<uint64_t> shape;
  };
  void SetUp() override {
    if (!StoriesGguf()) GTEST_SKIP() << "absent: assets/llm/stories260K";
    instance_ = OpenModel(*StoriesGguf());
  }
  static Matrix A(const std::string& tensor, std::vector<uint64_t> shape) { return {tensor + ".lora_a", std::move(shape)}; }
  static Matrix B(const std::string& tensor, std::vector<uint64_t> shape) { return {tensor + ".lora_b", std::move(shape)}; }
  static std::string Written(const std::vector<Matrix>& matrices, const GgufWriter::Value& alpha = 1.0f) {
    GgufWriter writer;
    writer.Add("general.type", std::string("adapter"));
    writer.Add("general.architecture", std::string("llama"));
    writer.Add("adapter.type", std::string("lora"));
    writer.Add("adapter.lora.alpha", alpha);
    const std::vector<float> zeros(1 << 20);
    for (const Matrix& m : matrices) {
      uint64_t values = 1;
      for (const uint64_t n : m.shape) values *= n;
      writer.AddTensor(m.name, TensorType::kF32, m.shape, std::as_bytes(std::span(zeros).first(values)));
    }
    const auto bytes = writer.Bytes();
    EXPECT_TRUE(bytes) << bytes.error().ToString();
    const std::string path = ScratchPath("corrupt-adapter.gguf");
    EXPECT_TRUE(WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes->data()), bytes->size()}));
    return path;
  }
  // A PEFT adapter whose header is `header`, with so many bytes of data.
  static std::string WrittenPeft(const std::string& header, size_t data_bytes) {
    const std::string path = ScratchPath("corrupt_adapter_model.safetensors");
    std::string bytes(8, '\0');
    const uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, sizeof length);
    EXPECT_TRUE(WriteFileAtomically(path, bytes + header + std::string(data_bytes, '\0')));
    EXPECT_TRUE(WriteFileAtomically(std::filesystem::path(path).parent_path() / "adapter_config.json", R"({"lora_alpha": 6})"));
    return path;
  }
  void ExpectRefused(const std::string& path, const std::string& where, const std::string& words) const {
    const auto adapter = Adapter::Load(path, instance_->model());
    ASSERT_FALSE(adapter);
    EXPECT_EQ(adapter.error().ExitCode(), 2) << adapter.error().ToString();
    EXPECT_EQ(adapter.error().where(), where) << adapter.error().ToString();
    EXPECT_THAT(adapter.error().message(), testing::HasSubstr(words));
  }
  std::unique_ptr<LanguageModelInstance> instance_;
};

TEST_F(AdapterCorruption, ASoundOneIsRead) {
  EXPECT_TRUE(Adapter::Load(Written({A(kQuery, {64, 2}), B(kQuery, {2, 64})}), instance_->model()));
}
TEST_F(AdapterCorruption, NoTensors) {
  ExpectRefused(Written({}), "tensors", "changes nothing");
}
TEST_F(AdapterCorruption, HalvesOfDifferentRanks) {
  ExpectRefused(Written({A(kQuery, {64, 2}), B(kQuery, {3, 64})}), std::string(kQuery) + ".lora_b",
                "a rank of 3 where the other half has 2");
}
TEST_F(AdapterCorruption, ARankOverTheLimit) {
  ExpectRefused(Written({A(kQuery, {64, 4097})}), std::string(kQuery) + ".lora_a", "1 to 4096 is possible");
}
TEST_F(AdapterCorruption, OnlyTheFirstHalf) {
  ExpectRefused(Written({A(kQuery, {64, 2})}), kQuery, "half of the pair is missing");
}
TEST_F(AdapterCorruption, OnlyTheSecondHalf) {
  ExpectRefused(Written({B(kQuery, {2, 64})}), kQuery, "half of the pair is missing");
}
TEST_F(AdapterCorruption, ThreeDimensions) {
  ExpectRefused(Written({A(kQuery, {64, 2, 2})}), std::string(kQuery) + ".lora_a", "experts");
}
TEST_F(AdapterCorruption, TooManyColumns) {
  ExpectRefused(Written({A(kQuery, {65, 2}), B(kQuery, {2, 64})}), kQuery, "65 x 64; the model's is 64 x 64");
}
TEST_F(AdapterCorruption, TooManyRows) {
  ExpectRefused(Written({A(kQuery, {64, 2}), B(kQuery, {2, 128})}), kQuery, "64 x 128; the model's is 64 x 64");
}
TEST_F(AdapterCorruption, ABlockThatTheModelHasNot) {
  const std::string far = "blk.18446744073709551615.attn_q.weight";
  ExpectRefused(Written({A(far, {64, 2}), B(far, {2, 64})}), far, "the model has no matrix");
}
TEST_F(AdapterCorruption, TheEmbedding) {
  const std::string embedding = "token_embd.weight";
  ExpectRefused(Written({A(embedding, {64, 2}), B(embedding, {2, 512})}), embedding, "the model has no matrix");
}
TEST_F(AdapterCorruption, AVector) {
  const std::string norm = "blk.0.attn_norm.weight";
  ExpectRefused(Written({A(norm, {64, 1}), B(norm, {1, 1})}), norm, "the model has no matrix");
}
TEST_F(AdapterCorruption, AnAlphaThatIsNoNumber) {
  ExpectRefused(Written({A(kQuery, {64, 2}), B(kQuery, {2, 64})}, std::nanf("")), "adapter.lora.alpha", "alpha is no number");
}
TEST_F(AdapterCorruption, AnAlphaThatIsAText) {
  ExpectRefused(Written({A(kQuery, {64, 2}), B(kQuery, {2, 64})}, std::string("1")), "key \"adapter.lora.alpha\"", "a number");
}
TEST_F(AdapterCorruption, PeftOfWholeNumbers) {
  const std::string name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
  ExpectRefused(WrittenPeft("{\"" + name + R"(":{"dtype":"I32","shape":[2,64],"data_offsets":[0,512]}})", 512), name, "no half of a pair");
}
TEST_F(AdapterCorruption, PeftOfOneDimension) {
  const std::string name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
  ExpectRefused(WrittenPeft("{\"" + name + R"(":{"dtype":"F32","shape":[64],"data_offsets":[0,256]}})", 256), name, "no half of a pair");
}
TEST_F(AdapterCorruption, PeftOfRankNought) {
  const std::string name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
  ExpectRefused(WrittenPeft("{\"" + name + R"(":{"dtype":"F32","shape":[0,64],"data_offsets":[0,0]}})", 0), name, "no half of a pair");
}
TEST_F(AdapterCorruption, PeftOfAnUnknownModule) {
  const std::string name = "base_model.model.model.layers.0.self_attn.z_proj.lora_A.weight";
  ExpectRefused(WrittenPeft("{\"" + name + R"(":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})", 8), name, "no half of a pair");
}
TEST_F(AdapterCorruption, PeftOfALayerThatIsNoNumber) {
  const std::string name = "base_model.model.model.layers.-1.self_attn.q_proj.lora_A.weight";
  ExpectRefused(WrittenPeft("{\"" + name + R"(":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})", 8), name, "no half of a pair");
}

}  // namespace
}  // namespace tradewind
