// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/adapter_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "kernels/packed_matrix.h"

namespace tradewind {
namespace {

constexpr int64_t kMaxRank = 4096;
constexpr uint64_t kAdapterConfigLimit = 128u << 10;  // as JSON values it takes up to a hundred times as much

tl::unexpected<Status> Unsupported(const std::string& path, const std::string& what, const std::string& where) {
  return Fail(Status(StatusCode::kUnsupported, path + ": " + what).At(where));
}

struct Half {
  TensorType type;
  std::span<const std::byte> data;
  int64_t rows, columns;
};

// The halves of a pair as they lie in the file, A and B.
using Halves = std::array<std::optional<Half>, 2>;
using HalvesByTensor = std::map<std::string, Halves>;

// Puts one half of a pair where it belongs.
Result<void> Put(const std::string& path, const std::string& tensor, const Half& half, bool is_a, Halves& halves) {
  const auto rank_of = [](const Half& h, bool a) { return a ? h.rows : h.columns; };
  const int64_t rank = rank_of(half, is_a);
  const std::optional<Half>& other = halves[is_a ? 1 : 0];
  if (rank < 1 || rank > kMaxRank || (other && rank_of(*other, !is_a) != rank)) {
    return Fail(Status(StatusCode::kInvalidInput, path + ": a rank of " + std::to_string(rank) + " where " +
                                                      (other ? "the other half has " + std::to_string(rank_of(*other, !is_a))
                                                             : "1 to " + std::to_string(kMaxRank) + " is possible"))
                    .At(tensor));
  }
  halves[is_a ? 0 : 1] = half;
  return {};
}

std::vector<float> FloatsOf(const Half& half) {
  std::vector<float> values(static_cast<size_t>(half.rows * half.columns));
  const auto columns = static_cast<size_t>(half.columns);
  const size_t bytes = half.data.size() / static_cast<size_t>(half.rows);
  for (size_t r = 0; r < static_cast<size_t>(half.rows); ++r)
    DequantizeRow(half.type, half.data.data() + r * bytes, {values.data() + r * columns, columns});
  return values;
}

Result<std::map<std::string, LowRankPair>> PairsOf(const std::string& path, const HalvesByTensor& found, const FitsModel& fits) {
  for (const auto& [tensor, halves] : found) {
    if (!halves[0] || !halves[1])
      return Fail(Status(StatusCode::kInvalidInput, path + ": one half of the pair is missing; the file is incomplete").At(tensor));
    TW_RETURN_IF_ERROR(fits(tensor, halves[0]->columns, halves[1]->rows));
  }
  if (found.empty()) return Fail(Status(StatusCode::kInvalidInput, path + ": the adapter changes nothing").At("tensors"));
  std::map<std::string, LowRankPair> pairs;
  for (const auto& [tensor, halves] : found) {
    const auto& [a, b] = halves;
    pairs[tensor] = {.rank = a->rows, .columns = a->columns, .rows = b->rows, .a = FloatsOf(*a), .b = FloatsOf(*b)};
  }
  return pairs;
}

// "blk.3.attn_q.weight" from "base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight"; empty if it has another form.
std::string PeftTarget(std::string_view name, bool& is_a) {
  constexpr std::string_view kBefore = "base_model.model.model.layers.";
  static constexpr std::pair<std::string_view, std::string_view> kModules[] = {
      {"self_attn.q_proj", "attn_q"}, {"self_attn.k_proj", "attn_k"}, {"self_attn.v_proj", "attn_v"}, {"self_attn.o_proj", "attn_output"},
      {"mlp.gate_proj", "ffn_gate"},  {"mlp.up_proj", "ffn_up"},      {"mlp.down_proj", "ffn_down"}};
  if (!name.starts_with(kBefore)) return "";
  name.remove_prefix(kBefore.size());
  const size_t dot = name.find('.');
  if (dot == 0 || dot == std::string_view::npos || name.substr(0, dot).find_first_not_of("0123456789") != std::string_view::npos) return "";
  const std::string_view block = name.substr(0, dot);
  const std::string_view rest = name.substr(dot + 1);
  for (const auto& [theirs, ours] : kModules) {
    if (!rest.starts_with(theirs)) continue;
    const std::string_view half = rest.substr(theirs.size());
    if (half != ".lora_A.weight" && half != ".lora_B.weight") return "";
    is_a = half == ".lora_A.weight";
    return std::string("blk.").append(block).append(".").append(ours).append(".weight");
  }
  return "";
}

// Hugging Face rotates halves of a head; where the model rotates neighbours, its rows lie in that order.
void InterleaveHalves(const ModelSpec& spec, std::string_view tensor, LowRankPair& pair) {
  if (!tensor.ends_with("attn_q.weight") && !tensor.ends_with("attn_k.weight")) return;
  const AttentionSpec& a = spec.blocks[0].attention;
  if (!a.rope.adjacent || pair.rows % a.head_dim != 0) return;
  const std::vector<float> old = pair.b;
  for (int64_t row = 0; row < pair.rows; ++row) {
    const int64_t head = row / a.head_dim * a.head_dim;
    const int64_t in_head = row % a.head_dim;
    const int64_t from = head + in_head % 2 * (a.head_dim / 2) + in_head / 2;
    std::copy_n(old.begin() + from * pair.rank, pair.rank, pair.b.begin() + row * pair.rank);
  }
}

Result<double> PeftAlpha(const std::string& config_path, std::string_view text) {
  const nlohmann::json config = nlohmann::json::parse(text, nullptr, false);
  if (!config.is_object()) return Fail(Status(StatusCode::kInvalidInput, config_path + " is no JSON object").At("adapter_config.json"));
  for (const char* key : {"use_rslora", "use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "fan_in_fan_out", "lora_bias"}) {
    const auto found = config.find(key);
    const bool harmless = found == config.end() || found->is_null() || (found->is_boolean() && !found->get<bool>()) ||
                          (found->is_structured() && found->empty());
    if (!harmless) return Unsupported(config_path, std::string(key) + " is not supported", std::string("adapter_config.json: ") + key);
  }
  const auto alpha = config.find("lora_alpha");
  if (alpha == config.end() || !alpha->is_number())
    return Fail(Status(StatusCode::kInvalidInput, config_path + ": lora_alpha must be a number").At("adapter_config.json: lora_alpha"));
  return alpha->get<double>();
}

// Of one half of a pair; a product over 64 bits cannot be: the values lie in the file.
uint64_t PackedHalfBytes(uint64_t values, uint64_t rows, uint64_t columns) {
  const uint64_t rank = std::min(rows, columns);
  const uint64_t padded = rank == 0 ? 0 : (rank + kRowGroup - 1) / kRowGroup * kRowGroup * (values / rank);
  return (values + padded) * sizeof(float);
}

std::string PeftConfigPath(const std::string& path) {
  return std::filesystem::path(path).parent_path() / "adapter_config.json";
}

}  // namespace

Result<AdapterContents> ReadGgufAdapter(const std::string& path, const ModelSpec& spec, const FitsModel& fits) {
  TW_ASSIGN(const Gguf file, Gguf::Open(path));
  return IfWhole(file, ReadGgufAdapter(file, spec, fits));
}

Result<AdapterContents> ReadGgufAdapter(const Gguf& file, const ModelSpec& spec, const FitsModel& fits) {
  const std::string& path = file.source();
  const GgufMetadata& metadata = file.metadata();
  TW_ASSIGN(const std::string_view type, metadata.StringOr("general.type", "model"));
  if (type != "adapter") return Unsupported(path, "this is a " + std::string(type) + ", no adapter", "general.type");
  TW_ASSIGN(const std::string_view kind, metadata.String("adapter.type"));
  if (kind != "lora")
    return Unsupported(path, "adapters of the kind \"" + std::string(kind) + "\" are not supported; lora is", "adapter.type");
  TW_ASSIGN(const std::string_view architecture, metadata.String("general.architecture"));
  if (architecture != spec.architecture) {
    return Fail(Status(StatusCode::kInvalidInput,
                       path + ": the adapter is for " + std::string(architecture) + ", the model is a " + spec.architecture)
                    .At("general.architecture"));
  }
  AdapterContents contents;
  TW_ASSIGN(contents.alpha, metadata.FloatOr("adapter.lora.alpha", 0));
  HalvesByTensor found;
  for (const GgufTensor& tensor : file.tensors()) {
    std::string name(tensor.name);
    const bool is_a = name.ends_with(".lora_a");
    if (!is_a && !name.ends_with(".lora_b")) return Unsupported(path, "the tensor " + name + " is neither half of a pair", name);
    if (tensor.rows() != tensor.shape[1]) return Unsupported(path, "pairs for experts are not supported", name);
    name.resize(name.size() - 7);
    const Half half = {tensor.type, tensor.data, static_cast<int64_t>(tensor.rows()), static_cast<int64_t>(tensor.row_length())};
    TW_RETURN_IF_ERROR(Put(path, std::string(tensor.name), half, is_a, found[name]));
  }
  TW_ASSIGN(contents.pairs, PairsOf(path, found, fits));
  return contents;
}

Result<AdapterContents> ReadPeftAdapter(const std::string& path, const ModelSpec& spec, const FitsModel& fits) {
  TW_ASSIGN(const Safetensors file, Safetensors::Open(path));
  TW_ASSIGN(const std::string config, ReadFile(PeftConfigPath(path), kAdapterConfigLimit));
  return IfWhole(file, ReadPeftAdapter(file, config, spec, fits));
}

Result<AdapterContents> ReadPeftAdapter(const Safetensors& file, std::string_view config, const ModelSpec& spec, const FitsModel& fits) {
  const std::string& path = file.source();
  AdapterContents contents;
  TW_ASSIGN(contents.alpha, PeftAlpha(PeftConfigPath(path), config));
  HalvesByTensor found;
  for (const auto& [name, tensor] : file.tensors()) {
    bool is_a = false;
    const std::string target = PeftTarget(name, is_a);
    const auto type = tensor.tensor_type();
    if (target.empty() || !type || tensor.shape.size() != 2 || tensor.data.empty())
      return Unsupported(path, "the tensor " + name + " is no half of a pair that is known here", name);
    const Half half = {*type, tensor.data, static_cast<int64_t>(tensor.shape[0]), static_cast<int64_t>(tensor.shape[1])};
    TW_RETURN_IF_ERROR(Put(path, name, half, is_a, found[target]));
  }
  TW_ASSIGN(contents.pairs, PairsOf(path, found, fits));
  for (auto& [tensor, pair] : contents.pairs) InterleaveHalves(spec, tensor, pair);
  return contents;
}

Result<uint64_t> AdapterBytes(const std::string& path) {
  uint64_t bytes = 0;
  if (path.ends_with(".safetensors")) {
    TW_ASSIGN(const Safetensors file, Safetensors::Open(path));
    for (const auto& [name, tensor] : file.tensors()) {
      if (tensor.shape.size() == 2) bytes += PackedHalfBytes(tensor.values(), tensor.shape[0], tensor.shape[1]);
    }
    return bytes;
  }
  TW_ASSIGN(const Gguf file, Gguf::Open(path));
  for (const GgufTensor& tensor : file.tensors()) {
    bytes += PackedHalfBytes(tensor.row_length() * tensor.rows(), tensor.rows(), tensor.row_length());
  }
  return bytes;
}

}  // namespace tradewind
