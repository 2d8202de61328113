// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Qwen 2 and 2.5: biases on query, key and value; rotates halves.
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> BuildQwen2(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name));
  for (BlockSpec& block : spec.blocks) block.attention.bias = true;
  return spec;
}

}  // namespace

void RegisterQwen2Architecture(Registry<Architecture>& registry) {
  registry.Add("qwen2", {.build = BuildQwen2});
}

}  // namespace tradewind
