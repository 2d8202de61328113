// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Gemma 3: scaled embeddings, norms before and after each part, normed query and key heads, GELU, and five blocks with a sliding window
// (and a short rotary base) to each one without.
#include <cmath>

#include "formats/gguf.h"
#include "llm/model_spec.h"

namespace tradewind {
namespace {

constexpr uint64_t kGlobalEvery = 6;
constexpr uint64_t kMaxWindow = 1 << 24;
constexpr float kLocalRopeBase = 10000;

Result<ModelSpec> BuildGemma3(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name));
  TW_ASSIGN(const uint64_t window, metadata.Uint(name + ".attention.sliding_window"));
  TW_ASSIGN(const uint64_t every, metadata.UintOr(name + ".attention.sliding_window_pattern", kGlobalEvery));
  TW_ASSIGN(const float local_base, ReadScale(metadata, name + ".rope.freq_base_swa", kLocalRopeBase));
  if (window > kMaxWindow) {
    return Fail(Status(StatusCode::kInvalidInput, "the window must be at most " + std::to_string(kMaxWindow) + " positions")
                    .At(name + ".attention.sliding_window"));
  }
  if (every == 0)
    return Fail(Status(StatusCode::kInvalidInput, "the pattern must be at least 1").At(name + ".attention.sliding_window_pattern"));
  spec.embedding.scale = std::sqrt(static_cast<float>(spec.width));
  for (size_t i = 0; i < spec.blocks.size(); ++i) {
    BlockSpec& block = spec.blocks[i];
    block.post_norms = true;
    block.feed_forward.activation = Activation::kGelu;
    block.attention.head_norm = true;
    if ((i + 1) % every != 0) {
      block.attention.window = static_cast<int64_t>(window);
      block.attention.rope.base = local_base;
      block.attention.rope.position_scale = 1;
    }
  }
  return spec;
}

}  // namespace

void RegisterGemma3Architecture(Registry<Architecture>& registry) {
  registry.Add("gemma3", {.build = BuildGemma3});
}

}  // namespace tradewind
