// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a scheduler is asked for: sequences of tokens to read and to go on with. Plain data; no model in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace tradewind {

using SequenceId = uint64_t;

struct SequenceRequest {
  SequenceId id = 0;            // never given twice
  std::vector<int32_t> prompt;  // at least one token
  int64_t max_output = 0;       // tokens drawn at most; 0: the prompt is read and nothing is drawn
  std::string tenant;           // who is served: fairness counts by it (an API key's name)
  std::string
      prefix_space;   // sequences of one space and group may share the keys and values of a common beginning; empty: shares with none
  std::string group;  // sequences of one group may run in one pass (same layers and window)
  int priority = 0;   // greater first
  std::optional<TimePoint> deadline;     // the last token is wanted by then; at it the sequence ends with what it has
  std::optional<TimePoint> first_token;  // the first token is wanted by then
  std::optional<Duration> tpot;          // wanted between two tokens: what others read meanwhile is cut to fit
  TimePoint arrived;
  bool all_logits = false;  // each prompt token's logits are wanted: nothing of the prompt is taken from what is kept
};

}  // namespace tradewind
