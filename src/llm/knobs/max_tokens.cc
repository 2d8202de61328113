// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterMaxTokensKnob(Registry<LlmKnob>& registry) {
  registry.Add("max_tokens", {.knob = {.name = "max_tokens",
                                       .stage = Stage::kRequest,
                                       .domain = IntegerDomain{0, 1 << 20},
                                       .default_value = int64_t{256},
                                       .unit = "tokens",
                                       .meaning = "Tokens of an answer at most.",
                                       .condition = "always"},
                              .apply = [](const KnobValue& v, LlmOptions& o) { o.max_tokens = std::get<int64_t>(v); }});
}

}  // namespace tradewind
