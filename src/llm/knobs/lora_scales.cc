// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterLoraScalesKnob(Registry<LlmKnob>& registry) {
  registry.Add("lora_scales",
               {.knob = {.name = "lora_scales",
                         .stage = Stage::kRequest,
                         .domain = TextDomain{"numbers parted by commas, one for each file of lora; 0 leaves it out"},
                         .default_value = std::string(),
                         .unit = "",
                         .meaning = "How strongly each adapter counts in this request, in place of the scales given with lora.",
                         .condition = "where there are adapters"},
                .apply = [](const KnobValue& v, LlmOptions& o) { o.lora_scales = std::get<std::string>(v); }});
}

}  // namespace tradewind
