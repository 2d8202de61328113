// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A knob that a test adds by this file alone. It turns nothing.
#include "llm/options.h"

namespace tradewind {

void RegisterEchoProbeKnob(Registry<LlmKnob>& registry);
void RegisterEchoProbeKnob(Registry<LlmKnob>& registry) {
  registry.Add("echo_probe", {.knob = {.name = "echo_probe",
                                       .stage = Stage::kRequest,
                                       .domain = IntegerDomain{1, 9},
                                       .default_value = int64_t{1},
                                       .unit = "echoes",
                                       .meaning = "Nothing: shows that a knob is one file.",
                                       .condition = "in the tests"},
                              .apply = [](const KnobValue&, LlmOptions&) {}});
}

}  // namespace tradewind
