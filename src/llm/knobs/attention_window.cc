// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterAttentionWindowKnob(Registry<LlmKnob>& registry) {
  registry.Add(
      "attention_window",
      {.knob = {.name = "attention_window",
                .stage = Stage::kRequest,
                .domain = IntegerDomain{0, 1 << 24},
                .default_value = int64_t{0},
                .unit = "tokens",
                .meaning =
                    "A position sees itself and the ones before it up to this many; 0 is all. Cheaper in long contexts, and forgets.",
                .condition = "always; blocks with a shorter window of their own keep it"},
       .apply = [](const KnobValue& v, LlmOptions& o) { o.attention_window = std::get<int64_t>(v); }});
}

}  // namespace tradewind
