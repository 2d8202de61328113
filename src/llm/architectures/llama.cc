// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Llama 1 to 3, SmolLM, Mistral and kin: the plain transformer, rotating adjacent pairs (the converter permutes the weights for it).
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> BuildLlama(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name));
  for (BlockSpec& block : spec.blocks) block.attention.rope.adjacent = true;
  return spec;
}

}  // namespace

void RegisterLlamaArchitecture(Registry<Architecture>& registry) {
  registry.Add("llama", {.build = BuildLlama});
}

}  // namespace tradewind
