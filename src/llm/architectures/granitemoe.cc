// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Granite 3 with experts: scales of embedding, attention, residual and logits, experts whose weights are renormalised; rotates adjacent
// pairs.
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> BuildGraniteMoe(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name, {.experts = true}));
  TW_ASSIGN(spec.embedding.scale, ReadScale(metadata, name + ".embedding_scale", 1));
  TW_ASSIGN(const float logits, ReadScale(metadata, name + ".logit_scale", 1));
  spec.logit_scale = 1 / logits;  // the file says what they are divided by
  for (BlockSpec& block : spec.blocks) {
    TW_ASSIGN(block.residual_scale, ReadScale(metadata, name + ".residual_scale", 1));
    TW_ASSIGN(block.attention.scale, ReadScale(metadata, name + ".attention.scale", block.attention.scale));
    block.attention.rope.adjacent = true;
    block.feed_forward.renormalise = true;
  }
  return spec;
}

}  // namespace

void RegisterGranitemoeArchitecture(Registry<Architecture>& registry) {
  registry.Add("granitemoe", {.build = BuildGraniteMoe});
}

}  // namespace tradewind
