// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

namespace tradewind {

void RegisterDecodeTokensPerSMetric(Registry<Metric>& registry) {
  registry.Add(
      "decode_tokens_per_s",
      {.info = {.name = "decode_tokens_per_s",
                .unit = "tokens/s",
                .direction = Direction::kHigherIsBetter,
                .definition = "Output tokens over time, the first excluded: the inverse of the time per output token. Median over "
                              "the workload's prompts; interval: 95 %, bootstrap; of settings timed in turn, for telling them apart."},
       .pass = Pass::kTiming,
       .compute = [](const Trial& trial) {
         return MedianOf("decode_tokens_per_s", trial, [](const Outcome& o) -> std::optional<double> {
           if (!o.tpot || o.tpot->ns <= 0) return std::nullopt;
           return 1.0 / o.tpot->seconds();
         });
       }});
}

}  // namespace tradewind
