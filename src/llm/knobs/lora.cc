// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterLoraKnob(Registry<LlmKnob>& registry) {
  registry.Add("lora", {.knob = {.name = "lora",
                                 .stage = Stage::kLoad,
                                 .domain = TextDomain{"adapters' files, parted by commas, each with =SCALE or 1"},
                                 .default_value = std::string(),
                                 .unit = "",
                                 .meaning = "Adapters that lie beside the model: low-rank changes of its weights.",
                                 .condition = "always"},
                        .apply = [](const KnobValue& v, LlmOptions& o) { o.lora = std::get<std::string>(v); }});
}

}  // namespace tradewind
