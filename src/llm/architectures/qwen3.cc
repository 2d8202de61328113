// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Qwen 3, dense: normed query and key heads, no biases; rotates halves.
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> BuildQwen3(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name));
  for (BlockSpec& block : spec.blocks) block.attention.head_norm = true;
  return spec;
}

}  // namespace

void RegisterQwen3Architecture(Registry<Architecture>& registry) {
  registry.Add("qwen3", {.build = BuildQwen3});
}

}  // namespace tradewind
