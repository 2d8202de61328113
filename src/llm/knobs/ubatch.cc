// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterUbatchKnob(Registry<LlmKnob>& registry) {
  registry.Add("ubatch", {.knob = {.name = "ubatch",
                                   .stage = Stage::kLoad,
                                   .domain = IntegerDomain{1, 4096},
                                   .default_value = int64_t{256},
                                   .unit = "tokens",
                                   .meaning = "Prompt tokens that go through the model together; the numbers do not depend on it.",
                                   .condition = "always"},
                          .apply = [](const KnobValue& v, LlmOptions& o) { o.ubatch = std::get<int64_t>(v); }});
}

}  // namespace tradewind
