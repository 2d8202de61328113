// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// An architecture that a test adds by this file alone: the plain transformer under another name, rotating adjacent pairs.
#include "llm/model_spec.h"

namespace tradewind {
namespace {

Result<ModelSpec> Build(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, ReadTransformerSpec(metadata, name));
  for (BlockSpec& block : spec.blocks) block.attention.rope.adjacent = true;
  return spec;
}

}  // namespace

void RegisterTwinArchitecture(Registry<Architecture>& registry);
void RegisterTwinArchitecture(Registry<Architecture>& registry) {
  registry.Add("twin", {.build = Build});
}

}  // namespace tradewind
