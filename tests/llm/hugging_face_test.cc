// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/hugging_face.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "llm/model_file.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

using Texts = std::map<std::string, std::string>;

Texts SoundConfig() {
  return {{"model_type", "\"bert\""},        {"num_hidden_layers", "2"}, {"hidden_size", "4"},
          {"max_position_embeddings", "16"}, {"intermediate_size", "8"}, {"num_attention_heads", "2"},
          {"layer_norm_eps", "1e-12"},       {"hidden_act", "\"gelu\""}, {"position_embedding_type", "\"absolute\""}};
}

struct Folder {
  Texts config = SoundConfig();
  std::string tensor = "encoder.layer.1.attention.self.query.weight";
  std::string type = "F32";
  std::string vocabulary = "[PAD]\n[UNK]\r\n[CLS]\n[SEP]\nthe\n##s\n";
  std::string pooling = R"({"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true})";
};

Result<Gguf> ImportFolder(const Folder& folder) {
  const std::string path = ScratchPath("encoder");
  std::filesystem::create_directories(path + "/1_Pooling");
  std::string config = "{";
  for (const auto& [key, value] : folder.config) config += (config.size() > 1 ? ", \"" : "\"") + key + "\": " + value;
  EXPECT_TRUE(WriteFileAtomically(path + "/config.json", config + "}"));
  EXPECT_TRUE(WriteFileAtomically(path + "/vocab.txt", folder.vocabulary));
  EXPECT_TRUE(WriteFileAtomically(path + "/1_Pooling/config.json", folder.pooling));
  EXPECT_TRUE(WriteFileAtomically(path + "/tokenizer_config.json", R"({"do_lower_case": false, "strip_accents": null})"));
  const std::string header = "{\"embeddings.position_ids\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[0,0]},\"" + folder.tensor +
                             "\":{\"dtype\":\"" + folder.type + "\",\"shape\":[2,4],\"data_offsets\":[0,32]}}";
  std::string bytes(8, '\0');
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  bytes += header;
  for (int i = 0; i < 8; ++i) {
    const auto value = static_cast<float>(i);
    bytes.append(reinterpret_cast<const char*>(&value), 4);
  }
  EXPECT_TRUE(WriteFileAtomically(path + "/model.safetensors", bytes));
  return OpenModelFile(path);
}

TEST(HuggingFace, ComesUnderTheNamesOfGguf) {
  const auto file = ImportFolder({});
  ASSERT_TRUE(file) << file.error().ToString();
  const GgufMetadata& m = file->metadata();
  EXPECT_EQ(m.String("general.architecture").value(), "bert");
  EXPECT_EQ(m.Uint("bert.block_count").value(), 2u);
  EXPECT_EQ(m.Uint("bert.embedding_length").value(), 4u);
  EXPECT_EQ(m.Uint("bert.context_length").value(), 16u);
  EXPECT_EQ(m.Uint("bert.pooling_type").value(), 1u);
  EXPECT_EQ(m.Float("bert.attention.layer_norm_epsilon").value(), 1e-12);
  EXPECT_EQ(m.Uint("tokenizer.ggml.cls_token_id").value(), 2u);
  EXPECT_FALSE(m.Bool("tokenizer.ggml.normalizer.lowercase").value());
  EXPECT_FALSE(m.Has("tokenizer.ggml.normalizer.strip_accents"));
  const auto tokens = m.Array("tokenizer.ggml.tokens", GgufValueType::kString).value();
  EXPECT_EQ(tokens->Strings(), (std::vector<std::string_view>{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "\u2581the", "s"}));
  ASSERT_EQ(file->tensors().size(), 1u) << "position_ids is no weight";
  const GgufTensor& tensor = file->tensors()[0];
  EXPECT_EQ(tensor.name, "blk.1.attn_q.weight");
  EXPECT_EQ(tensor.row_length(), 4u);
  EXPECT_EQ(tensor.rows(), 2u);
  float last = 0;
  std::memcpy(&last, tensor.data.data() + 28, 4);
  EXPECT_EQ(last, 7);
}

TEST(HuggingFace, APrefixIsTakenOff) {
  const auto file = ImportFolder({.tensor = "bert.embeddings.LayerNorm.bias"});
  ASSERT_TRUE(file) << file.error().ToString();
  EXPECT_EQ(file->tensors()[0].name, "token_embd_norm.bias");
}

void ExpectImportRefused(const Folder& folder, const std::string& where, const std::string& words) {
  const auto file = ImportFolder(folder);
  ASSERT_FALSE(file) << where;
  EXPECT_EQ(file.error().where(), where) << file.error().ToString();
  EXPECT_NE(file.error().message().find(words), std::string::npos) << file.error().message();
}

Folder WithConfig(const std::string& key, const std::string& value) {
  Folder folder;
  folder.config[key] = value;
  return folder;
}

TEST(HuggingFace, WhatIsNotSupportedIsNamed) {
  ExpectImportRefused(WithConfig("model_type", "\"gpt_neo\""), "config.json: model_type", "gpt_neo");
  ExpectImportRefused(WithConfig("model_type", "\"llama\""), "config.json: model_type", "llama");
  ExpectImportRefused(WithConfig("hidden_act", "\"relu\""), "config.json: hidden_act", "gelu");
  ExpectImportRefused(WithConfig("position_embedding_type", "\"relative_key\""), "config.json: position_embedding_type", "absolute");
  for (const char* value : {"-1", "2.5", "\"2\"", "5000000000", "null"}) {
    ExpectImportRefused(WithConfig("num_hidden_layers", value), "config.json: num_hidden_layers", "whole number");
  }
  ExpectImportRefused(WithConfig("layer_norm_eps", "\"small\""), "config.json: layer_norm_eps", "number");
  ExpectImportRefused({.pooling = R"({"pooling_mode_max_tokens": true})"}, "1_Pooling/config.json: pooling_mode_max_tokens",
                      "not supported");
  ExpectImportRefused({.tensor = "encoder.layer.1.attention.self.query.scale"}, "encoder.layer.1.attention.self.query.scale", "no place");
  ExpectImportRefused({.tensor = "encoder.layer.x.attention.self.query.weight"}, "encoder.layer.x.attention.self.query.weight", "no place");
  ExpectImportRefused({.type = "I32"}, "encoder.layer.1.attention.self.query.weight", "I32");
}

}  // namespace
}  // namespace tradewind
