// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A few-shot model's text: whatever is accepted can be adapted, asked, and written as it was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "search/predictors/few_shot.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto model = tradewind::FewShotModel::Parse({reinterpret_cast<const char*>(data), size});
  if (!model) return 0;
  const std::vector<double> latencies(model->references.size(), 2.0);
  const auto device = tradewind::Adapt(*model, latencies);
  if (tradewind::PredictLatencies(*model, device, model->references).size() != latencies.size()) std::abort();
  const auto again = tradewind::FewShotModel::Parse(model->Serialize());
  if (!again || again->Serialize() != model->Serialize()) std::abort();
  return 0;
}
