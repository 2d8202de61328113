// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a Scheduler knows: its sequences, who of them runs, who waits, and their pages. Shared by the files that implement it: scheduler.cc
// (what comes in, what a pass gave), scheduler_pass.cc (what the next pass holds) and scheduler_room.cc (who gives way). Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "sched/fair_queue.h"
#include "sched/pass_budget.h"
#include "sched/scheduler.h"
#include "sched/sequence_memory.h"
#include "sched/step_cost.h"

namespace tradewind {

struct ScheduledSequence {
  SequenceRequest request;    // its prompt has moved into the text
  std::vector<int32_t> text;  // prompt, and what was drawn
  int64_t prompt = 0;         // tokens
  std::string space;          // of the prefix tree
  int64_t computed = 0;       // of the text, in its pages
  std::vector<PageId> pages;
  int64_t held = 0;  // of the prompt, when it first started
  bool started = false;
  bool running = false;
  bool cancelled = false;
  int rank = 0;            // priority, and what waiting has added to it, when it started
  uint64_t order = 0;      // of starting
  uint64_t last_pass = 0;  // that it had a part in

  SequenceId id() const { return request.id; }
  int64_t length() const { return static_cast<int64_t>(text.size()); }
  int64_t unread() const { return length() - computed; }
  int64_t undrawn() const { return request.max_output - (length() - prompt); }
  bool Shares() const { return !request.prefix_space.empty(); }
};

struct Scheduler::State {
  explicit State(const SchedulerOptions& given);

  // scheduler_room.cc
  // Of two running sequences, whether the first is the one to go on when pages run short.
  static bool MattersMore(const ScheduledSequence& a, const ScheduledSequence& b);
  // The one that matters least, of those below the rank and without a part in this pass; none if there is none.
  ScheduledSequence* LeastOf(int below_rank) const;
  // Room for so many positions, at the cost of those who matter less. If false, the sequence itself had to give way, or has ended and is
  // gone.
  bool MakeRoom(ScheduledSequence& sequence, int64_t positions);
  void Preempt(ScheduledSequence& sequence);
  // It holds nothing any more and is gone; what it had computed is kept.
  void Remove(ScheduledSequence& sequence);
  void End(ScheduledSequence& sequence, EndCause cause);
  void Enqueue(ScheduledSequence& sequence);
  // Pages that running ones have yet to take for what they read, and some for those that draw.
  int64_t Reserved() const;
  // Whether it could start without anybody giving way; sets what it would start on.
  bool Fits(const ScheduledSequence& sequence, PrefixMatch& match) const;
  // Whether it can start, others of lower priority having given way if need be.
  bool MakeStart(const ScheduledSequence& sequence, PrefixMatch& match);

  // scheduler_pass.cc
  void EndOverdue(TimePoint now);
  std::vector<std::string> GroupsByTurn() const;
  void BuildPass(const std::string& group, TimePoint now, SchedulerStep& step);
  void MakeWay(const std::string& group, TimePoint now);
  void AddDecoding(const std::string& group, PassBudget& budget, SchedulerStep& step);
  void AddReading(const std::string& group, TimePoint now, PassBudget& budget, SchedulerStep& step);
  void LimitReading(PassBudget& budget) const;
  ScheduledSequence* NextReader(const std::string& group) const;
  ScheduledSequence* NextToStart(const std::string& group, TimePoint now, std::unordered_set<SequenceId>& passed_over) const;
  bool WaitsForReader(const ScheduledSequence& sequence, TimePoint now) const;
  void Start(ScheduledSequence& sequence, const PrefixMatch& match, TimePoint now, SchedulerStep& step);
  void AddChunk(ScheduledSequence& sequence, int64_t count, SchedulerStep& step);
  Duration ReadingTime(int64_t begin, int64_t count) const;
  Duration DrawingTime(const ScheduledSequence& sequence) const;

  SchedulerOptions options;
  SequenceMemory memory;
  FairQueue queue;
  StepCost cost;
  std::map<SequenceId, ScheduledSequence> sequences;
  std::vector<ScheduledSequence*> running;  // in the order of starting
  struct Group {
    int64_t sequences = 0;
    uint64_t last_pass = 0;
  };
  std::map<std::string, Group> groups;
  std::vector<EndedSequence> ended;
  uint64_t passes = 0;
  uint64_t starts = 0;
  bool in_pass = false;  // between Next and Finish
  int64_t preemptions = 0;
  int64_t prefix_tokens = 0;
  int64_t prompt_tokens = 0;
};

}  // namespace tradewind
