// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/dry.h"

#include <algorithm>
#include <cmath>

#include "llm/penalties.h"

namespace tradewind {
namespace {

// The power grows without end; this is as good as never, and stays finite.
constexpr double kMostDryPenalty = 1e6;

}  // namespace

DryBreaks::DryBreaks(std::vector<std::string> breakers) : breakers_(std::move(breakers)) {
  std::erase_if(breakers_, [](const std::string& b) { return b.empty(); });
  for (const std::string& b : breakers_) keep_ = std::max(keep_, b.size() - 1);
}

void DryBreaks::Add(std::string_view bytes) {
  const size_t old = tail_.size();
  tail_ += bytes;
  const bool found = std::any_of(breakers_.begin(), breakers_.end(), [&](const std::string& b) {
    return tail_.find(b, old + 1 >= b.size() ? old + 1 - b.size() : 0) != std::string::npos;
  });
  marks_.push_back(found);
  if (tail_.size() > keep_) tail_.erase(0, tail_.size() - keep_);
}

std::map<int32_t, int64_t> RepeatedEnds(std::span<const int32_t> tokens, std::span<const uint8_t> breaks) {
  const size_t count = tokens.size();
  const auto from_back = [&](size_t i) { return tokens[count - 1 - i]; };
  size_t unbroken = 0;
  while (unbroken < count && (breaks.empty() || breaks[count - 1 - unbroken] == 0)) ++unbroken;
  std::map<int32_t, int64_t> longest;
  // z[i]: how far the tokens from place i on, back to front, equal those from place 0 on.
  std::vector<size_t> z(count, 0);
  size_t left = 0;
  size_t right = 0;
  for (size_t i = 1; i < count; ++i) {
    if (i < right) z[i] = std::min(right - i, z[i - left]);
    while (i + z[i] < count && from_back(z[i]) == from_back(i + z[i])) ++z[i];
    if (i + z[i] > right) {
      left = i;
      right = i + z[i];
    }
    const size_t length = std::min(z[i], unbroken);
    if (length == 0 || (!breaks.empty() && breaks[count - i] != 0)) continue;
    int64_t& best = longest[from_back(i - 1)];  // the token that came after
    best = std::max(best, static_cast<int64_t>(length));
  }
  return longest;
}

void PenalizeDry(const Sampling& options, std::span<const int32_t> tokens, std::span<const uint8_t> breaks, std::span<float> logits) {
  if (options.dry_multiplier == 0 || options.dry_last_n == 0) return;
  const auto last = LastTokens(tokens, options.dry_last_n);
  for (const auto& [id, length] : RepeatedEnds(last, breaks.empty() ? breaks : breaks.last(last.size()))) {
    if (length < options.dry_allowed_length || static_cast<size_t>(id) >= logits.size()) continue;
    const double penalty = options.dry_multiplier * std::pow(options.dry_base, static_cast<double>(length - options.dry_allowed_length));
    logits[static_cast<size_t>(id)] -= static_cast<float>(std::min(penalty, kMostDryPenalty));
  }
}

}  // namespace tradewind
