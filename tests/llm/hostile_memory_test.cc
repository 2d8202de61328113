// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What hostile adapters and Hugging Face folders cost in heap until they are refused: at most 16 MiB beside their mapping. Every allocation
// of this program is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "heap_count.h"
#include "llm/adapter.h"
#include "llm/llm_test_util.h"
#include "llm/model_file.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

std::string Put(const std::string& name, std::string_view bytes) {
  const std::string path = ScratchPath(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

// Refused with exit code 2 at that place, within the limit of heap.
template <typename Open>
void ExpectRefused(const std::string& where, const Open& open) {
  Status error(StatusCode::kInternal, "");
  const HeapUse use = HeapUsedBy([&] {
    auto result = open();
    EXPECT_FALSE(result);
    if (!result) error = result.error();
    return result;
  });
  EXPECT_EQ(error.ExitCode(), 2) << error.ToString();
  EXPECT_THAT(error.where(), testing::HasSubstr(where)) << error.ToString();
  EXPECT_LE(use.peak_bytes, kHostileHeap_bytes) << error.ToString();
}

class HostileAdapter : public testing::Test {
 protected:
  static constexpr uint64_t kRows = 1 << 16;
  void SetUp() override {
    if (!StoriesGguf()) GTEST_SKIP() << "absent: assets/llm/stories260K";
    instance_ = OpenModel(*StoriesGguf());
  }
  // An adapter in Q4_0 whose numbers would take seven times their bytes as floats; `last` is the name of its last tensor.
  static std::string Written(const std::string& last, uint64_t rank) {
    GgufWriter writer;
    writer.Add("general.type", std::string("adapter"));
    writer.Add("general.architecture", std::string("llama"));
    writer.Add("adapter.type", std::string("lora"));
    writer.Add("adapter.lora.alpha", 1.0f);
    const std::vector<std::byte> data(kRows / 32 * 18 * rank);
    writer.AddTensor("blk.0.attn_q.weight.lora_a", TensorType::kQ4_0, {kRows, rank}, data);
    writer.AddTensor(last, TensorType::kQ4_0, {rank, kRows}, std::span(data).first(rank / 32 * 18 * kRows));
    const std::vector<std::byte> bytes = *writer.Bytes();
    return Put("hostile-adapter.gguf", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  std::unique_ptr<LanguageModelInstance> instance_;
};

TEST_F(HostileAdapter, OfAnotherSizeThanTheModels) {
  const std::string path = Written("blk.0.attn_q.weight.lora_b", 256);
  ExpectRefused("blk.0.attn_q.weight", [&] { return Adapter::Load(path, instance_->model()); });
}
TEST_F(HostileAdapter, WithHalfAPair) {
  const std::string path = Written("blk.1.attn_q.weight.lora_b", 256);
  ExpectRefused("blk.0.attn_q.weight", [&] { return Adapter::Load(path, instance_->model()); });
}
TEST_F(HostileAdapter, WithATensorThatIsNoHalf) {
  const std::string path = Written("blk.0.attn_q.weight", 256);
  ExpectRefused("blk.0.attn_q.weight", [&] { return Adapter::Load(path, instance_->model()); });
}

// A folder with a sound safetensors file of nothing, and whatever is put beside it.
class HostileFolder : public testing::Test {
 protected:
  static std::string Folder(const std::string& config, const std::string& vocabulary) {
    const std::string path = Put("hostile-folder/model.safetensors", std::string("\x02\0\0\0\0\0\0\0{}", 10));
    Put("hostile-folder/config.json", config);
    Put("hostile-folder/vocab.txt", vocabulary);
    return std::filesystem::path(path).parent_path();
  }
  static void ExpectFolderRefused(const std::string& config, const std::string& vocabulary, const std::string& where) {
    const std::string folder = Folder(config, vocabulary);
    ExpectRefused(where, [&] { return OpenModelFile(folder); });
  }
  // What an encoder's config.json says.
  static std::string Sound() {
    return R"({"model_type": "bert", "hidden_act": "gelu", "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 1,
               "intermediate_size": 32, "max_position_embeddings": 32, "layer_norm_eps": 1e-12, "vocab_size": 4, "type_vocab_size": 2})";
  }
};

TEST_F(HostileFolder, AConfigOfBrackets) {
  ExpectFolderRefused(std::string((128 << 10) - 1, '['), "a\n", "config.json");
}
TEST_F(HostileFolder, AConfigOfObjects) {
  std::string nested;
  for (int i = 0; i < 26'000; ++i) nested += "{\"\":";
  ExpectFolderRefused(nested, "a\n", "config.json");
}
TEST_F(HostileFolder, AConfigOfOneList) {
  std::string list = "[1";
  for (int i = 0; i < 60'000; ++i) list += ",1";
  ExpectFolderRefused(list + "]", "a\n", "config.json");
}
TEST_F(HostileFolder, AConfigOverItsLimit) {
  ExpectFolderRefused(Sound() + std::string(1 << 20, ' '), "a\n", "");
}
TEST_F(HostileFolder, AVocabularyOfEmptyLines) {
  ExpectFolderRefused(Sound(), std::string(8 << 20, '\n'), "vocab.txt");
}
TEST_F(HostileFolder, AVocabularyOverItsLimit) {
  ExpectFolderRefused(Sound(), std::string(64 << 20, 'a'), "");
}

}  // namespace
}  // namespace tradewind
