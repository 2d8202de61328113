// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {
namespace {

void NarrowLayers(const ModelSpec& spec, Knob& knob) {
  const auto blocks = static_cast<int64_t>(spec.blocks.size());
  knob.domain = IntegerDomain{1, blocks};
  knob.default_value = blocks;
}

}  // namespace

void RegisterLayersKnob(Registry<LlmKnob>& registry) {
  registry.Add("layers", {.knob = {.name = "layers",
                                   .stage = Stage::kRequest,
                                   .domain = IntegerDomain{1, 1024},
                                   .default_value = int64_t{1024},
                                   .resolved_default = true,
                                   .unit = "blocks",
                                   .meaning = "Blocks of the model that run; below all of them a stretch of middle blocks is left out.",
                                   .condition = "1 to the model's number of blocks, which is the default"},
                          .apply = [](const KnobValue& v, LlmOptions& o) { o.layers = std::get<int64_t>(v); },
                          .narrow = NarrowLayers});
}

}  // namespace tradewind
