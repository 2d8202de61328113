// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.h"
#include "llm/options.h"

namespace tradewind {

void RegisterThreadsKnob(Registry<LlmKnob>& registry) {
  registry.Add("threads", {.knob = {.name = "threads",
                                    .stage = Stage::kLoad,
                                    .domain = IntegerDomain{1, 256},
                                    .default_value = static_cast<int64_t>(DefaultThreads()),
                                    .resolved_default = true,
                                    .unit = "threads",
                                    .meaning = "Threads that make one token at a time; the numbers do not depend on it.",
                                    .condition = "always"},
                           .apply = [](const KnobValue& v, LlmOptions& o) { o.threads = std::get<int64_t>(v); }});
}

}  // namespace tradewind
