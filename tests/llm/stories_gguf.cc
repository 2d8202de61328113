// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/stories_gguf.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "shared_data.h"

namespace tradewind {
namespace {

constexpr uint64_t kLimit = 16u << 20;

// The checkpoint's header, version 0.
struct Header {
  int32_t dim, hidden, layers, heads, kv_heads, vocab, context;
};

struct Vocabulary {
  std::vector<std::string> tokens;
  std::vector<float> scores;
  std::vector<int32_t> types;
};

Vocabulary ReadVocabulary(const std::string& bytes, size_t size) {
  enum { kNormal = 1, kUnknown = 2, kControl = 3, kByte = 6 };
  Vocabulary v;
  size_t at = 4;  // after the longest token's length
  for (size_t i = 0; i < size; ++i) {
    float score = 0;
    int32_t length = 0;
    std::memcpy(&score, bytes.data() + at, 4);
    std::memcpy(&length, bytes.data() + at + 4, 4);
    std::string token;
    for (const char c : bytes.substr(at + 8, static_cast<size_t>(length))) token += c == ' ' ? "\u2581" : std::string(1, c);
    at += 8 + static_cast<size_t>(length);
    const bool byte = i >= 3 && i < 259;
    if (byte) {
      char name[8];
      std::snprintf(name, sizeof name, "<0x%02X>", static_cast<unsigned>(i - 3));
      token = name;
    }
    v.tokens.push_back(i < 3 ? std::array{"<unk>", "<s>", "</s>"}[i] : token);
    v.scores.push_back(score);
    v.types.push_back(byte ? kByte : i == 0 ? kUnknown : i < 3 ? kControl : kNormal);
  }
  return v;
}

class StoriesMaker {
 public:
  StoriesMaker(const StoriesChanges& changes, const std::string& checkpoint) : changes_(changes), weights_(checkpoint.size() / 4 - 7) {
    std::memcpy(&header_, checkpoint.data(), sizeof header_);
    std::memcpy(weights_.data(), checkpoint.data() + sizeof header_, weights_.size() * 4);
  }

  Result<std::vector<std::byte>> Make(const std::string& tokenizer) {
    const auto u32 = [](int32_t v) { return static_cast<uint32_t>(v); };
    Key("general.architecture", changes_.architecture);
    Numbers({{"context_length", u32(header_.context)},
             {"embedding_length", u32(header_.dim)},
             {"block_count", u32(header_.layers)},
             {"feed_forward_length", u32(header_.hidden)},
             {"attention.head_count", u32(header_.heads)},
             {"attention.head_count_kv", u32(header_.kv_heads)},
             {"rope.dimension_count", u32(header_.dim / header_.heads)},
             {"attention.layer_norm_rms_epsilon", 1e-5f}});
    const Vocabulary v = ReadVocabulary(tokenizer, static_cast<size_t>(header_.vocab));
    Key("tokenizer.ggml.model", std::string("llama"));
    Key("tokenizer.ggml.tokens", GgufArrayBytes::OfStrings(v.tokens));
    Key("tokenizer.ggml.scores", GgufArrayBytes::Of<float>(v.scores));
    Key("tokenizer.ggml.token_type", GgufArrayBytes::Of<int32_t>(v.types));
    Key("tokenizer.ggml.bos_token_id", uint32_t{1});
    Key("tokenizer.ggml.eos_token_id", uint32_t{2});
    Tensors();
    return writer_.Bytes();
  }

 private:
  void Key(const std::string& key, GgufWriter::Value value) {
    if (changes_.without.count(key) == 0) writer_.Add(key, std::move(value));
  }
  void Numbers(std::map<std::string, GgufWriter::Value> values) {
    for (const auto& [key, value] : changes_.metadata) values[key] = value;
    for (auto& [key, value] : values) Key(changes_.architecture + "." + key, value);
  }

  // The next values of the checkpoint, as `rows` x `columns` in each of `blocks`.
  void Take(const std::string& name, int64_t columns, int64_t rows, bool per_block = false) {
    for (int i = 0; i < (per_block ? header_.layers : 1); ++i) {
      const auto values = std::span<const float>(weights_).subspan(next_, static_cast<size_t>(columns * rows));
      next_ += values.size();
      std::vector<uint64_t> shape = {static_cast<uint64_t>(columns)};
      if (rows > 1) shape.push_back(static_cast<uint64_t>(rows));
      Tensor((per_block ? "blk." + std::to_string(i) + "." : "") + name, shape, values);
    }
  }
  void Tensor(const std::string& name, std::vector<uint64_t> shape, std::span<const float> values) {
    if (changes_.without.count(name) != 0) return;
    if (const auto other = changes_.shapes.find(name); other != changes_.shapes.end()) shape = other->second;
    uint64_t size = 1;
    for (const uint64_t n : shape) size *= n;
    writer_.AddTensor(name, TensorType::kF32, shape, std::as_bytes(values.first(size)));
  }

  void Tensors() {
    const Header& h = header_;
    const int64_t kv = h.kv_heads * (h.dim / h.heads);
    Take("token_embd.weight", h.dim, h.vocab);
    if (changes_.untied) {
      output_.assign(weights_.begin(), weights_.begin() + h.dim * h.vocab);
      for (float& w : output_) w *= 2;
      Tensor("output.weight", {static_cast<uint64_t>(h.dim), static_cast<uint64_t>(h.vocab)}, output_);
    }
    Take("attn_norm.weight", h.dim, 1, true);
    Take("attn_q.weight", h.dim, h.dim, true);
    Take("attn_k.weight", h.dim, kv, true);
    Take("attn_v.weight", h.dim, kv, true);
    Take("attn_output.weight", h.dim, h.dim, true);
    Take("ffn_norm.weight", h.dim, 1, true);
    Take("ffn_gate.weight", h.dim, h.hidden, true);
    Take("ffn_down.weight", h.hidden, h.dim, true);
    Take("ffn_up.weight", h.dim, h.hidden, true);
    Take("output_norm.weight", h.dim, 1);
  }

  const StoriesChanges& changes_;
  Header header_{};
  std::vector<float> weights_;
  std::vector<float> output_;
  size_t next_ = 0;
  GgufWriter writer_;
};

}  // namespace

std::string ScratchPath(const std::string& name) {
  struct Folder {
    std::string path = (std::filesystem::temp_directory_path() / "tradewind_test_XXXXXX").string();
    const pid_t owner = getpid();  // a child of the test leaves the folder alone
    Folder() { EXPECT_NE(mkdtemp(path.data()), nullptr); }
    ~Folder() {
      if (getpid() == owner) std::filesystem::remove_all(path);
    }
  };
  static const Folder folder;
  return folder.path + "/" + name;
}

std::optional<std::string> StoriesGguf(const std::string& path, const StoriesChanges& changes) {
  const auto model = SharedPath("assets/llm/stories260K/stories260K.bin");
  const auto tokenizer = SharedPath("assets/llm/stories260K/tok512.bin");
  if (!model || !tokenizer) return std::nullopt;
  const auto bytes = StoriesMaker(changes, ReadFile(*model, kLimit).value()).Make(ReadFile(*tokenizer, kLimit).value());
  EXPECT_TRUE(bytes) << bytes.error().ToString();
  if (!bytes) return std::nullopt;
  const auto written = WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  EXPECT_TRUE(written) << written.error().ToString();
  return path;
}

std::optional<std::string> StoriesGguf() {
  static const std::optional<std::string> path = StoriesGguf(ScratchPath("stories260k.gguf"), {});
  return path;
}

}  // namespace tradewind
