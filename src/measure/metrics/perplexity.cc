// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "measure/metric_tools.h"

namespace tradewind {

void RegisterPerplexityMetric(Registry<Metric>& registry) {
  registry.Add("perplexity",
               {.info = {.name = "perplexity",
                         .unit = "",
                         .direction = Direction::kLowerIsBetter,
                         .definition = "exp of the mean -log p of a token, as llama-perplexity has it: windows of 512 tokens, the "
                                       "second half scored. Not comparable across tokenizers. Interval: 95 %, bootstrap over windows."},
                .pass = Pass::kTokenWindows,
                .compute = [](const Trial& trial) {
                  return RatioOverWindows("perplexity", trial.token_windows, &ScoredWindow::tokens,
                                          [](double nats) { return std::exp(nats); });
                }});
}

}  // namespace tradewind
