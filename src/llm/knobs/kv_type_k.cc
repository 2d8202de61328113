// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/options.h"

namespace tradewind {

void RegisterKvTypeKKnob(Registry<LlmKnob>& registry) {
  registry.Add("kv_type_k", {.knob = {.name = "kv_type_k",
                                      .stage = Stage::kLoad,
                                      .domain = ChoiceDomain{KvTypeNames()},
                                      .default_value = std::string("f16"),
                                      .unit = "",
                                      .meaning = "How the keys of past positions are stored.",
                                      .condition = "always; q8_0 for heads of a multiple of 32"},
                             .apply = [](const KnobValue& v, LlmOptions& o) { o.key_type = KvTypeFromName(std::get<std::string>(v)); }});
}

}  // namespace tradewind
