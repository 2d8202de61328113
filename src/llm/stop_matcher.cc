// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/stop_matcher.h"

#include <algorithm>

namespace tradewind {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase_if(stops_, [](const std::string& s) { return s.empty(); });
}

void StopMatcher::Add(Token token) {
  if (matched_) return;
  held_text_ += token.bytes;
  held_.push_back(std::move(token));
  size_t at = std::string::npos;
  for (const std::string& stop : stops_) at = std::min(at, held_text_.find(stop));
  if (at == std::string::npos) return;
  matched_ = true;
  finished_ = true;
  held_text_.resize(at);
  size_t before = 0;
  for (auto it = held_.begin(); it != held_.end(); ++it) {
    if (before + it->bytes.size() > at) {
      it->bytes.resize(at - before);
      held_.erase(it->bytes.empty() ? it : it + 1, held_.end());
      return;
    }
    before += it->bytes.size();
  }
}

// Everything but the longest end of the held text that begins some stop string.
size_t StopMatcher::SafeBytes() const {
  if (finished_) return held_text_.size();
  size_t unsafe = 0;
  for (const std::string& stop : stops_) {
    for (size_t n = std::min(stop.size() - 1, held_text_.size()); n > unsafe; --n) {
      if (held_text_.compare(held_text_.size() - n, n, stop, 0, n) == 0) unsafe = n;
    }
  }
  return held_text_.size() - unsafe;
}

std::optional<Token> StopMatcher::Pop() {
  if (held_.empty() || held_.front().bytes.size() > SafeBytes()) return std::nullopt;
  Token token = std::move(held_.front());
  held_.pop_front();
  held_text_.erase(0, token.bytes.size());
  return token;
}

}  // namespace tradewind
