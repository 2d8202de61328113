// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"
#include "stats/summary.h"

namespace tradewind {

void RegisterTpotP95MsMetric(Registry<Metric>& registry) {
  registry.Add("tpot_p95_ms",
               {.info = {.name = "tpot_p95_ms",
                         .unit = "ms",
                         .direction = Direction::kLowerIsBetter,
                         .definition = "95th percentile of the time per output token over the workload's answers. Interval: 95 %, by order "
                                       "statistics; open where there are too few answers for one."},
                .pass = Pass::kTiming,
                .compute = [](const Trial& trial) -> std::optional<Measurement> {
                  const std::vector<double> ms =
                      FromTimed(trial, [](const Outcome& o) { return o.tpot ? std::optional<double>(o.tpot->ms()) : std::nullopt; }).values;
                  if (ms.empty()) return std::nullopt;
                  return Measurement{.metric = "tpot_p95_ms",
                                     .value = Quantile(ms, 0.95),
                                     .interval = QuantileInterval(ms, 0.95, 0.95),
                                     .count = static_cast<int64_t>(ms.size())};
                }});
}

}  // namespace tradewind
