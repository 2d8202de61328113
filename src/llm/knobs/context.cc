// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "llm/options.h"

namespace tradewind {
namespace {

constexpr int64_t kDefaultContext = 4096;

void NarrowContext(const ModelSpec& spec, Knob& knob) {
  knob.domain = IntegerDomain{16, spec.context};
  knob.default_value = std::min(kDefaultContext, spec.context);
}

}  // namespace

void RegisterContextKnob(Registry<LlmKnob>& registry) {
  registry.Add("context", {.knob = {.name = "context",
                                    .stage = Stage::kLoad,
                                    .domain = IntegerDomain{16, 1 << 24},
                                    .default_value = kDefaultContext,
                                    .resolved_default = true,
                                    .unit = "tokens",
                                    .meaning = "Positions that a session may hold: prompt and answer together.",
                                    .condition = "at most what the model was trained for"},
                           .apply = [](const KnobValue& v, LlmOptions& o) { o.context = std::get<int64_t>(v); },
                           .narrow = NarrowContext});
}

}  // namespace tradewind
