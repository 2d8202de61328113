// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/cpu.h"
#include "llm/options.h"

namespace tradewind {

void RegisterThreadsBatchKnob(Registry<LlmKnob>& registry) {
  registry.Add("threads_batch", {.knob = {.name = "threads_batch",
                                          .stage = Stage::kLoad,
                                          .domain = IntegerDomain{1, 256},
                                          .default_value = static_cast<int64_t>(DefaultThreads()),
                                          .resolved_default = true,
                                          .unit = "threads",
                                          .meaning = "Threads that read the prompt; the numbers do not depend on it.",
                                          .condition = "always"},
                                 .apply = [](const KnobValue& v, LlmOptions& o) { o.threads_batch = std::get<int64_t>(v); }});
}

}  // namespace tradewind
