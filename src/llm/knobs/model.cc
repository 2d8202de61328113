// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterModelKnob(Registry<LlmKnob>& registry) {
  registry.Add("model", {.knob = {.name = "model",
                                  .stage = Stage::kLoad,
                                  .domain = TextDomain{"a model's name (see `tradewind models`) or a GGUF file"},
                                  .default_value = std::string(),
                                  .unit = "",
                                  .meaning = "Which model answers.",
                                  .condition = "always"},
                         .apply = [](const KnobValue& v, LlmOptions& o) { o.model = std::get<std::string>(v); }});
}

}  // namespace tradewind
