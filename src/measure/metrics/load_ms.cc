// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

namespace tradewind {

void RegisterLoadMsMetric(Registry<Metric>& registry) {
  registry.Add("load_ms", {.info = {.name = "load_ms",
                                    .unit = "ms",
                                    .direction = Direction::kLowerIsBetter,
                                    .definition = "Time to open the model and bring its weights to full speed, its file in the page cache. "
                                                  "Median; interval: 95 %, bootstrap."},
                           .pass = Pass::kTiming,
                           .compute = [](const Trial& trial) {
                             std::vector<double> ms;
                             for (const Duration& d : trial.loads) ms.push_back(d.ms());
                             return MedianOf("load_ms", {ms, std::vector<int64_t>(ms.size(), 0)});
                           }});
}

}  // namespace tradewind
