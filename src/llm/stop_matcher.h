// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// StopMatcher: holds back output that may turn out to be the beginning of a stop string, so that no part of one is ever shown.
//
//   StopMatcher stop({"\nUser:"});
//   for each token: stop.Add(token); while (auto ready = stop.Pop()) emit(*ready); if (stop.Matched()) end;
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"

namespace tradewind {

class StopMatcher {
 public:
  explicit StopMatcher(std::vector<std::string> stops);

  void Add(Token token);
  // The next token that is safe to show; absent while it may belong to a stop string.
  std::optional<Token> Pop();
  // Whether a stop string came. What stands before it is still to be popped; the token that it begins in is cut short.
  bool Matched() const { return matched_; }
  // No more tokens will come: everything held back may be popped.
  void Finish() { finished_ = true; }

 private:
  size_t SafeBytes() const;  // of held_text_, from its beginning
  std::vector<std::string> stops_;
  std::deque<Token> held_;
  std::string held_text_;  // the held tokens' bytes
  bool matched_ = false;
  bool finished_ = false;
};

}  // namespace tradewind
