// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Scheduler: decides what an engine's next pass holds. Continuous batching (Orca) with chunked prefill (arXiv:2308.16369, 2403.02310);
// pages of keys and values are counted here, shared between sequences of a common beginning (PrefixTree) and given back here; when they run
// short, what is kept for later goes first, then the sequence that matters least is preempted and read again later. Deterministic: the same
// calls give the same steps. It takes the time as an argument, so that the simulator runs this very code. One thread.
//
//   Scheduler scheduler(options);
//   scheduler.Submit(std::move(request));
//   SchedulerStep step = scheduler.Next(clock.Now());
//   ... copy pages, run the chunks, draw ...
//   scheduler.Finish(step, drawn, took, clock.Now());
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/clock.h"
#include "base/status.h"
#include "sched/request.h"
#include "sched/step.h"
#include "sched/step_cost.h"

namespace tradewind {

struct SchedulerOptions {
  int64_t page_positions = 256;
  int64_t pages = 0;                            // there are so many, ids 0 to pages - 1
  int64_t running = 64;                         // sequences at once
  int64_t step_tokens = 512;                    // of a pass, all sequences together
  int64_t context = 4096;                       // positions of one sequence
  int64_t prefill_tokens_while_decoding = 256;  // of a pass, while sequences decode: bounds the gap between their tokens
  int64_t least_prefill_tokens = 16;            // of a pass, however little time a TPOT leaves for reading: prompts get on
  int64_t least_copied = 8;                     // positions in a page: a shorter common beginning is read again
  int64_t worth_waiting = 32;                   // positions that another sequence is reading just now, for which one waits
  Duration patience = Duration::Seconds(20);    // each such wait counts as one more in priority
  StepCoefficients cost;                        // to start from
};

// What is going on, for admission, metrics and people.
struct SchedulerLoad {
  int64_t waiting = 0;         // sequences
  int64_t running = 0;         // those that decode and those that are being read
  int64_t decoding = 0;        // of the running ones
  int64_t waiting_tokens = 0;  // of those that wait, yet to be read
  int64_t running_unread = 0;  // of running ones
  int64_t running_read = 0;    // of those being read: what has been read, or was there already
  int64_t running_tokens = 0;  // of running ones: yet to be read, and to be drawn at most
  int64_t positions = 0;       // that running ones hold
  int64_t pages_used = 0;      // by sequences
  int64_t pages_kept = 0;      // for later, by no sequence
  int64_t preemptions = 0;     // ever
  int64_t prefix_tokens = 0;   // ever taken from what was kept or shared, of prompts
  int64_t prompt_tokens = 0;   // ever asked
};

class Scheduler {
 public:
  // Options that are not positive where they must be are a bug (asserted).
  explicit Scheduler(const SchedulerOptions& options);
  ~Scheduler();

  // kInvalidInput: an id that is there, an empty prompt, a prompt that all pages together do not hold, prompt and max_output beyond the
  // context. Never looks at the time.
  Result<void> Submit(SequenceRequest request);
  // It is among the next step's ended ones, with nothing held, unless Finish ends it before; unknown ids are ignored (it may have ended
  // just now).
  void Cancel(SequenceId id);
  // Every step that has chunks is finished before the next one.
  SchedulerStep Next(TimePoint now);
  // The step was run and took so long. The keys and values of its chunks are there from now on. A chunk that draws and of which `drawn`
  // says nothing ends its sequence.
  void Finish(const SchedulerStep& step, std::span<const DrawnToken> drawn, Duration took, TimePoint now);
  // Instead of Finish: the pass failed. Its sequences end here, unreported; nothing of what they computed in it is kept.
  void Abandon(const SchedulerStep& step);

  SchedulerLoad load() const;
  const StepCost& cost() const;  // as learnt from the steps
  // Tokens of this sequence's prompt that were not read when it first started, as they were there already. 0 for one that is not there.
  int64_t HeldTokens(SequenceId id) const;
  // What a tenant was served: tokens read plus twice those drawn.
  double Served(const std::string& tenant) const;
  // For tests, between steps: kInternal, and what is wrong, if pages and sequences contradict each other.
  Result<void> Check() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What a step holds, for StepCost.
StepShape ShapeOf(const SchedulerStep& step);

}  // namespace tradewind
