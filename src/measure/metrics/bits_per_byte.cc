// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <numbers>

#include "measure/metric_tools.h"

namespace tradewind {

void RegisterBitsPerByteMetric(Registry<Metric>& registry) {
  registry.Add(
      "bits_per_byte",
      {.info = {.name = "bits_per_byte",
                .unit = "bits/byte",
                .direction = Direction::kLowerIsBetter,
                .definition =
                    "-log2 p of the text in windows of 2,048 bytes (of 32 spread over it, if it is longer), each read from its beginning, "
                    "over its bytes; comparable "
                    "across tokenizers. A window's first token is not scored where the model puts no BOS before it. Interval: 95 %, "
                    "bootstrap over windows."},
       .pass = Pass::kByteWindows,
       .compute = [](const Trial& trial) {
         return RatioOverWindows("bits_per_byte", trial.byte_windows, &ScoredWindow::bytes,
                                 [](double nats) { return nats / std::numbers::ln2; });
       }});
}

}  // namespace tradewind
