// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

namespace tradewind {

void RegisterPeakMemoryBytesMetric(Registry<Metric>& registry) {
  registry.Add("peak_memory_bytes",
               {.info = {.name = "peak_memory_bytes",
                         .unit = "bytes",
                         .direction = Direction::kLowerIsBetter,
                         .definition = "Largest resident set of the process while the model was loaded and answered the workload. "
                                       "One reading; no interval."},
                .pass = Pass::kTiming,
                .compute = [](const Trial& trial) -> std::optional<Measurement> {
                  if (trial.peak_resident_bytes == 0) return std::nullopt;
                  const auto bytes = static_cast<double>(trial.peak_resident_bytes);
                  return Measurement{.metric = "peak_memory_bytes", .value = bytes, .interval = {bytes, bytes, 0}, .count = 1};
                }});
}

}  // namespace tradewind
