// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

namespace tradewind {

void RegisterPrefillTokensPerSMetric(Registry<Metric>& registry) {
  registry.Add(
      "prefill_tokens_per_s",
      {.info = {.name = "prefill_tokens_per_s",
                .unit = "tokens/s",
                .direction = Direction::kHigherIsBetter,
                .definition = "Prompt tokens over the time that reading the prompt took, of prompts of 64 tokens and more. Median "
                              "over the workload's prompts; interval: 95 %, bootstrap; of settings timed in turn, for telling them apart."},
       .pass = Pass::kTiming,
       .compute = [](const Trial& trial) {
         return MedianOf("prefill_tokens_per_s", trial, [](const Outcome& o) -> std::optional<double> {
           if (o.prompt_tokens < 64 || o.prefill.ns <= 0) return std::nullopt;
           return static_cast<double>(o.prompt_tokens) / o.prefill.seconds();
         });
       }});
}

}  // namespace tradewind
