// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/penalties.h"

#include <unordered_map>

namespace tradewind {

std::span<const int32_t> LastTokens(std::span<const int32_t> tokens, int64_t last_n) {
  if (last_n < 0 || static_cast<size_t>(last_n) >= tokens.size()) return tokens;
  return tokens.last(static_cast<size_t>(last_n));
}

void PenalizeRepeats(const Sampling& options, std::span<const int32_t> tokens, std::span<float> logits) {
  if (options.repeat_penalty == 1 && options.presence_penalty == 0 && options.frequency_penalty == 0) return;
  std::unordered_map<int32_t, int64_t> counts;
  for (const int32_t id : LastTokens(tokens, options.repeat_last_n)) ++counts[id];
  for (const auto& [id, count] : counts) {
    if (id < 0 || static_cast<size_t>(id) >= logits.size()) continue;
    double logit = static_cast<double>(logits[static_cast<size_t>(id)]);
    logit = logit > 0 ? logit / options.repeat_penalty : logit * options.repeat_penalty;
    logit -= options.presence_penalty + options.frequency_penalty * static_cast<double>(count);
    logits[static_cast<size_t>(id)] = static_cast<float>(logit);
  }
}

void AddBias(const Sampling& options, std::span<float> logits) {
  for (const LogitBias& b : options.logit_bias) {
    if (b.id >= 0 && static_cast<size_t>(b.id) < logits.size()) logits[static_cast<size_t>(b.id)] += static_cast<float>(b.bias);
  }
}

}  // namespace tradewind
