// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterKvTypeVKnob(Registry<LlmKnob>& registry) {
  registry.Add("kv_type_v", {.knob = {.name = "kv_type_v",
                                      .stage = Stage::kLoad,
                                      .domain = ChoiceDomain{KvTypeNames()},
                                      .default_value = std::string("f16"),
                                      .unit = "",
                                      .meaning = "How the values of past positions are stored.",
                                      .condition = "always; q8_0 for heads of a multiple of 32"},
                             .apply = [](const KnobValue& v, LlmOptions& o) { o.value_type = KvTypeFromName(std::get<std::string>(v)); }});
}

}  // namespace tradewind
