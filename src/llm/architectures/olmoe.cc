// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// OLMoE: norms over all query and all key heads together, experts whose weights stay as the softmax gives them; rotates halves.
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> BuildOlmoe(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name, {.experts = true}));
  TW_RETURN_IF_ERROR(RefuseVariant(metadata, name + ".attention.clamp_kqv"));
  for (BlockSpec& block : spec.blocks) block.attention.joint_norm = true;
  return spec;
}

}  // namespace

void RegisterOlmoeArchitecture(Registry<Architecture>& registry) {
  registry.Add("olmoe", {.build = BuildOlmoe});
}

}  // namespace tradewind
