// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/model_spec.h"

#include <cmath>

#include "formats/gguf.h"

namespace tradewind {
namespace {

// Generous limits that keep every product of them far from overflow.
constexpr uint64_t kMaxBlocks = 1024;
constexpr uint64_t kMaxWidth = 1 << 18;
constexpr uint64_t kMaxContext = 1 << 24;
constexpr uint64_t kMaxExperts = 1024;

Result<int64_t> Bounded(const GgufMetadata& metadata, const std::string& key, uint64_t limit) {
  TW_ASSIGN(const uint64_t value, metadata.Uint(key));
  if (value == 0 || value > limit) {
    return Fail(Status(StatusCode::kInvalidInput,
                       "the model file says " + key + " = " + std::to_string(value) + "; it must be 1 to " + std::to_string(limit))
                    .At(key));
  }
  return static_cast<int64_t>(value);
}

Result<RopeSpec> ReadRope(const GgufMetadata& metadata, const std::string& name, int64_t head_dim) {
  RopeSpec rope;
  TW_ASSIGN(const uint64_t dimensions, metadata.UintOr(name + ".rope.dimension_count", static_cast<uint64_t>(head_dim)));
  if (dimensions == 0 || dimensions % 2 != 0 || dimensions > static_cast<uint64_t>(head_dim)) {
    return Fail(Status(StatusCode::kInvalidInput, "the model file rotates " + std::to_string(dimensions) + " values of a head of " +
                                                      std::to_string(head_dim) + "; it must be even and at most that")
                    .At(name + ".rope.dimension_count"));
  }
  rope.dimensions = static_cast<int64_t>(dimensions);
  TW_ASSIGN(rope.base, metadata.FloatOr(name + ".rope.freq_base", 10000.0));
  if (!(rope.base > 0 && std::isfinite(rope.base)))
    return Fail(Status(StatusCode::kInvalidInput, "the base of the rotary frequencies must be positive").At(name + ".rope.freq_base"));
  TW_ASSIGN(const std::string_view scaling, metadata.StringOr(name + ".rope.scaling.type", "none"));
  if (scaling == "linear") {
    TW_ASSIGN(const double factor, metadata.FloatOr(name + ".rope.scaling.factor", 1.0));
    if (!(factor > 0 && std::isfinite(factor) && std::isfinite(1.0 / factor)))
      return Fail(Status(StatusCode::kInvalidInput, "a rotary scaling factor must be positive").At(name + ".rope.scaling.factor"));
    rope.position_scale = 1.0 / factor;
  } else if (scaling != "none") {
    return Fail(Status(StatusCode::kUnsupported, "rotary scaling \"" + std::string(scaling) + "\" is not supported; none and linear are")
                    .At(name + ".rope.scaling.type"));
  }
  return rope;
}

Result<AttentionSpec> ReadAttention(const GgufMetadata& metadata, const std::string& name, int64_t width, bool read_kv_heads) {
  AttentionSpec attention;
  TW_ASSIGN(attention.heads, Bounded(metadata, name + ".attention.head_count", kMaxWidth));
  attention.kv_heads = attention.heads;
  if (const std::string key = name + ".attention.head_count_kv"; read_kv_heads && metadata.Has(key)) {
    TW_ASSIGN(const int64_t kv_heads, Bounded(metadata, key, kMaxWidth));
    TW_RETURN_IF_ERROR(SetKvHeads(attention, kv_heads, key));
  }
  TW_ASSIGN(const uint64_t head_dim, metadata.UintOr(name + ".attention.key_length", static_cast<uint64_t>(width / attention.heads)));
  TW_ASSIGN(const uint64_t value_dim, metadata.UintOr(name + ".attention.value_length", head_dim));
  if (head_dim == 0 || head_dim > 1024 || value_dim != head_dim) {
    return Fail(Status(StatusCode::kInvalidInput, "heads of " + std::to_string(head_dim) + " keys and " + std::to_string(value_dim) +
                                                      " values; they must be equal and 1 to 1024")
                    .At(name + ".attention.key_length"));
  }
  attention.head_dim = static_cast<int64_t>(head_dim);
  attention.scale = 1.0f / std::sqrt(static_cast<float>(head_dim));
  TW_ASSIGN(attention.rope, ReadRope(metadata, name, attention.head_dim));
  return attention;
}

// Softmax over all experts, then the likeliest: what the supported architectures do. Other ways of gating are refused by their keys.
Result<void> ReadExperts(const GgufMetadata& metadata, const std::string& name, FeedForwardSpec& feed_forward) {
  TW_ASSIGN(feed_forward.experts, Bounded(metadata, name + ".expert_count", kMaxExperts));
  TW_ASSIGN(feed_forward.used_experts, Bounded(metadata, name + ".expert_used_count", static_cast<uint64_t>(feed_forward.experts)));
  TW_RETURN_IF_ERROR(RefuseVariant(metadata, name + ".expert_gating_func", 1));
  TW_RETURN_IF_ERROR(RefuseVariant(metadata, name + ".expert_weights_scale", 1));
  for (const char* key : {".expert_shared_count", ".expert_shared_feed_forward_length", ".leading_dense_block_count"}) {
    TW_RETURN_IF_ERROR(RefuseVariant(metadata, name + key));
  }
  return RefuseVariant(metadata, name + ".expert_group_count", 1);
}

Result<Pooling> ReadPooling(const GgufMetadata& metadata, const std::string& key) {
  TW_ASSIGN(const uint64_t type, metadata.UintOr(key, 0));
  if (type <= static_cast<uint64_t>(Pooling::kLast)) return static_cast<Pooling>(type);
  return Fail(Status(StatusCode::kUnsupported,
                     "the model file says " + key + " = " + std::to_string(type) + "; none, mean, first and last (0 to 3) are supported")
                  .At(key));
}

}  // namespace

Result<void> RefuseVariant(const GgufMetadata& metadata, const std::string& key, double harmless) {
  TW_ASSIGN(const double value, metadata.FloatOr(key, 0));
  if (value == 0 || value == harmless) return {};
  return Fail(Status(StatusCode::kUnsupported,
                     "the model file says " + key + " = " + std::to_string(value) + "; this variant of the architecture is not supported")
                  .At(key));
}

Result<float> ReadScale(const GgufMetadata& metadata, const std::string& key, float fallback) {
  TW_ASSIGN(const double value, metadata.FloatOr(key, static_cast<double>(fallback)));
  const auto scale = static_cast<float>(value);
  if (!(scale > 0 && std::isfinite(scale) && std::isfinite(1 / scale)))
    return Fail(Status(StatusCode::kInvalidInput, "the scale " + key + " must be a positive number").At(key));
  return scale;
}

Result<void> SetKvHeads(AttentionSpec& attention, int64_t kv_heads, const std::string& key) {
  attention.kv_heads = kv_heads;
  if (kv_heads > 0 && attention.heads % kv_heads == 0) return {};
  return Fail(Status(StatusCode::kInvalidInput,
                     std::to_string(attention.heads) + " heads cannot share " + std::to_string(kv_heads) + " key-value heads evenly")
                  .At(key));
}

Result<ModelSpec> ReadTransformerSpec(const GgufMetadata& metadata, const std::string& name, const TransformerTraits& traits) {
  ModelSpec spec;
  spec.architecture = name;
  TW_ASSIGN(const int64_t blocks, Bounded(metadata, name + ".block_count", kMaxBlocks));
  TW_ASSIGN(spec.width, Bounded(metadata, name + ".embedding_length", kMaxWidth));
  TW_ASSIGN(spec.context, Bounded(metadata, name + ".context_length", kMaxContext));
  const std::string epsilon = name + "." + traits.epsilon;
  TW_ASSIGN(const double eps, metadata.Float(epsilon));
  if (!(eps >= 0 && eps < 1))
    return Fail(Status(StatusCode::kInvalidInput, "the epsilon of the norms must be at least 0 and below 1").At(epsilon));
  spec.norm_eps = static_cast<float>(eps);
  TW_ASSIGN(spec.pooling, ReadPooling(metadata, name + ".pooling_type"));
  BlockSpec block;
  TW_ASSIGN(block.attention, ReadAttention(metadata, name, spec.width, traits.kv_heads));
  TW_ASSIGN(block.feed_forward.width, Bounded(metadata, name + ".feed_forward_length", kMaxWidth));
  if (traits.experts) {
    TW_RETURN_IF_ERROR(ReadExperts(metadata, name, block.feed_forward));
  } else {
    TW_RETURN_IF_ERROR(RefuseVariant(metadata, name + ".expert_count"));
  }
  spec.blocks.assign(static_cast<size_t>(blocks), block);
  return spec;
}

Result<ModelSpec> BuildModelSpec(const GgufMetadata& metadata, const Registry<Architecture>& architectures) {
  TW_ASSIGN(const std::string_view name, metadata.String("general.architecture"));
  const Architecture* architecture = architectures.Find(name);
  if (architecture == nullptr) {
    std::string known;
    for (const auto& [other, unused] : architectures.All()) known += (known.empty() ? "" : ", ") + other;
    return Fail(Status(StatusCode::kUnsupported, "the architecture \"" + std::string(name) + "\" is not supported; there are: " + known)
                    .At("general.architecture"));
  }
  return architecture->build(metadata, std::string(name));
}

void RegisterAllArchitectures(Registry<Architecture>& registry);

const Registry<Architecture>& Architectures() {
  static const Registry<Architecture> registry = [] {
    Registry<Architecture> r;
    RegisterAllArchitectures(r);
    return r;
  }();
  return registry;
}

}  // namespace tradewind
