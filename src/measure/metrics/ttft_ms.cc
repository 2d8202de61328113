// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

namespace tradewind {

void RegisterTtftMsMetric(Registry<Metric>& registry) {
  registry.Add("ttft_ms",
               {.info = {.name = "ttft_ms",
                         .unit = "ms",
                         .direction = Direction::kLowerIsBetter,
                         .definition = "Time from the prompt's arrival at a loaded model to the first token. Median over the "
                                       "workload's prompts; interval: 95 %, bootstrap; of settings timed in turn, for telling them apart."},
                .pass = Pass::kTiming,
                .compute = [](const Trial& trial) {
                  return MedianOf("ttft_ms", trial, [](const Outcome& o) -> std::optional<double> {
                    if (!o.ttft) return std::nullopt;
                    return o.ttft->ms();
                  });
                }});
}

}  // namespace tradewind
