// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

namespace tradewind {

void RegisterTpotMsMetric(Registry<Metric>& registry) {
  registry.Add("tpot_ms", {.info = {.name = "tpot_ms",
                                    .unit = "ms",
                                    .direction = Direction::kLowerIsBetter,
                                    .definition = "Time per output token, the first excluded. Median over the workload's prompts; "
                                                  "interval: 95 %, bootstrap; of settings timed in turn, for telling them apart."},
                           .pass = Pass::kTiming,
                           .compute = [](const Trial& trial) {
                             return MedianOf("tpot_ms", trial, [](const Outcome& o) -> std::optional<double> {
                               if (!o.tpot) return std::nullopt;
                               return o.tpot->ms();
                             });
                           }});
}

}  // namespace tradewind
