// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterWeightsKnob(Registry<LlmKnob>& registry) {
  registry.Add("weights", {.knob = {.name = "weights",
                                    .stage = Stage::kBuild,
                                    .domain = ChoiceDomain{WeightsNames()},
                                    .default_value = std::string(kWeightsAsTheyAre),
                                    .unit = "",
                                    .meaning = "How the weights are stored: as the file has them, or in a copy of these types, made once.",
                                    .condition = "always; a copy takes its size on the disk"},
                           // Which file is opened: whoever names the path of a model sees to it.
                           .apply = [](const KnobValue&, LlmOptions&) {}});
}

}  // namespace tradewind
