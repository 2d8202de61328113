// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// LFM 2, dense: gated short convolutions, and attention with normed heads in the blocks that have key-value heads; rotates halves.
#include <algorithm>

#include "formats/gguf.h"
#include "llm/model_spec.h"

namespace tradewind {
namespace {

constexpr uint64_t kMaxTaps = 16;

Result<ModelSpec> BuildLfm2(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name, {.kv_heads = false}));
  TW_RETURN_IF_ERROR(RefuseVariant(metadata, name + ".attention.sliding_window"));
  TW_ASSIGN(const uint64_t taps, metadata.Uint(name + ".shortconv.l_cache"));
  if (taps < 2 || taps > kMaxTaps) {
    return Fail(Status(StatusCode::kInvalidInput,
                       "a short convolution over " + std::to_string(taps) + " positions; it must be 2 to " + std::to_string(kMaxTaps))
                    .At(name + ".shortconv.l_cache"));
  }
  const std::string key = name + ".attention.head_count_kv";
  Result<const GgufArray*> signed_or_not = metadata.Array(key, GgufValueType::kInt32);
  if (!signed_or_not) signed_or_not = metadata.Array(key, GgufValueType::kUint32);
  TW_ASSIGN(const GgufArray* kv_heads, std::move(signed_or_not));
  if (kv_heads->count != spec.blocks.size()) {
    return Fail(Status(StatusCode::kInvalidInput, std::to_string(kv_heads->count) + " numbers of key-value heads for " +
                                                      std::to_string(spec.blocks.size()) + " blocks")
                    .At(key));
  }
  spec.output_norm = "token_embd_norm.weight";
  for (size_t i = 0; i < spec.blocks.size(); ++i) {
    BlockSpec& block = spec.blocks[i];
    if (const int32_t heads = kv_heads->At<int32_t>(i); heads != 0) {
      TW_RETURN_IF_ERROR(SetKvHeads(block.attention, heads, key));
      block.attention.head_norm = true;
    } else {
      block.mixer = Mixer::kShortConvolution;
      block.attention = {};
      block.convolution.taps = static_cast<int64_t>(taps);
    }
  }
  return spec;
}

}  // namespace

void RegisterLfm2Architecture(Registry<Architecture>& registry) {
  registry.Add("lfm2", {.build = BuildLfm2});
}

}  // namespace tradewind
