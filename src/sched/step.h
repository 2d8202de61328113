// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a scheduler has an engine do next, and what the engine tells it afterwards. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sched/request.h"

namespace tradewind {

using PageId = int32_t;  // of keys and values: SchedulerOptions::page_positions positions of all layers

// Before the pass: the first `positions` positions of page `from` are written to page `to` (copy on write). A step's copies may be made in
// any order.
struct PageCopy {
  PageId from = 0;
  PageId to = 0;
  int64_t positions = 0;
};

// Tokens of one sequence that run in this pass: those of the places [begin, begin + count) of prompt and answer together. A sequence that
// was preempted is read again, its drawn tokens included: without drawing those a second time, but with the logits of its prompt if
// all_logits asks for them.
struct StepChunk {
  SequenceId id = 0;
  int64_t begin = 0;
  int64_t count = 0;
  bool draws = false;         // the logits of its last token decide the next one
  std::vector<PageId> pages;  // of the sequence from position 0 on, room for these tokens included
};

enum class EndCause : uint8_t { kDeadline, kCancelled, kNoMemory };

struct EndedSequence {
  SequenceId id = 0;
  EndCause cause = EndCause::kCancelled;
};

// One pass, all chunks of one group. Neither chunks nor ended ones: nothing to do before `wake`, or before something arrives. With ended
// ones alone there is no pass, and nothing to Finish.
struct SchedulerStep {
  std::string group;
  std::vector<PageCopy> copies;
  std::vector<StepChunk> chunks;
  std::vector<EndedSequence> ended;  // by the scheduler, since the last step; they hold nothing any more
  std::optional<TimePoint> wake;
};

// Of a chunk that drew: the token, or that the answer ended with it (stop, end token, its own limits); then no token comes back. A sequence
// also ends with its max_output-th token, and with max_output 0 once its prompt was read; the engine counts along.
struct DrawnToken {
  SequenceId id = 0;
  std::optional<int32_t> token;
  bool ended = false;
};

}  // namespace tradewind
