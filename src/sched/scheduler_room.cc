// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <limits>

#include "sched/scheduler_state.h"

namespace tradewind {
namespace {

constexpr int kAnyRank = std::numeric_limits<int>::max();
// Of the running sequences, one in so many is about to need a page more.
constexpr int64_t kDrawersPerPage = 4;

TimePoint DeadlineOf(const ScheduledSequence& sequence) {
  return sequence.request.deadline.value_or(TimePoint{std::numeric_limits<int64_t>::max()});
}

std::span<const int32_t> ComputedText(const ScheduledSequence& sequence) {
  return std::span(sequence.text).first(static_cast<size_t>(sequence.computed));
}

}  // namespace

bool Scheduler::State::MattersMore(const ScheduledSequence& a, const ScheduledSequence& b) {
  if (a.rank != b.rank) return a.rank > b.rank;
  if (DeadlineOf(a) != DeadlineOf(b)) return DeadlineOf(a) < DeadlineOf(b);
  if (a.computed != b.computed) return a.computed > b.computed;  // less work is lost
  return a.order < b.order;
}

ScheduledSequence* Scheduler::State::LeastOf(int below_rank) const {
  ScheduledSequence* least = nullptr;
  for (ScheduledSequence* candidate : running) {
    if (candidate->last_pass == passes || candidate->rank >= below_rank) continue;
    if (least == nullptr || MattersMore(*least, *candidate)) least = candidate;
  }
  return least;
}

bool Scheduler::State::MakeRoom(ScheduledSequence& sequence, int64_t positions) {
  while (!memory.Grow(sequence.pages, positions)) {
    ScheduledSequence* least = LeastOf(kAnyRank);
    assert(least != nullptr);  // the sequence itself has no part in the pass yet
    if (running.size() == 1) {
      End(sequence, EndCause::kNoMemory);
      return false;
    }
    Preempt(*least);
    if (least == &sequence) return false;
  }
  return true;
}

void Scheduler::State::Preempt(ScheduledSequence& sequence) {
  assert(sequence.running && sequence.last_pass != passes);
  memory.Share(sequence.space, ComputedText(sequence), sequence.pages);
  memory.Release(sequence.pages);
  sequence.computed = 0;
  sequence.running = false;
  std::erase(running, &sequence);
  ++preemptions;
  Enqueue(sequence);
}

void Scheduler::State::Enqueue(ScheduledSequence& sequence) {
  const SequenceRequest& request = sequence.request;
  QueuedSequence queued{request.id, request.tenant, request.priority, request.arrived, std::nullopt};
  if (cost.known()) {
    const Duration reading = ReadingTime(0, sequence.length());
    const auto before = [](TimePoint t, Duration d) { return TimePoint{t.ns - d.ns}; };
    if (request.deadline) queued.latest_start = before(*request.deadline, reading + DrawingTime(sequence));
    if (request.first_token && sequence.length() == sequence.prompt) {
      const TimePoint start = before(*request.first_token, reading);
      queued.latest_start = std::min(start, queued.latest_start.value_or(start));
    }
  } else {
    queued.latest_start = request.deadline ? request.deadline : request.first_token;
  }
  queue.Push(std::move(queued));
}

void Scheduler::State::Remove(ScheduledSequence& sequence) {
  if (sequence.running) {
    if (sequence.Shares()) memory.Share(sequence.space, ComputedText(sequence), sequence.pages);
    memory.Release(sequence.pages);
    std::erase(running, &sequence);
  } else {
    queue.Remove(sequence.id());
  }
  if (!sequence.Shares()) memory.Forget(sequence.space);
  const auto group = groups.find(sequence.request.group);
  if (--group->second.sequences == 0) groups.erase(group);
  sequences.erase(sequence.id());
}

void Scheduler::State::End(ScheduledSequence& sequence, EndCause cause) {
  ended.push_back({sequence.id(), cause});
  Remove(sequence);
}

int64_t Scheduler::State::Reserved() const {
  int64_t pages = static_cast<int64_t>(running.size()) / kDrawersPerPage;
  for (const ScheduledSequence* sequence : running)
    pages += std::max<int64_t>(0, memory.PagesFor(sequence->length()) - static_cast<int64_t>(sequence->pages.size()));
  return pages;
}

bool Scheduler::State::Fits(const ScheduledSequence& sequence, PrefixMatch& match) const {
  match = {};
  // The last token is always evaluated: its logits are wanted.
  if (!sequence.request.all_logits)
    match = memory.Find(sequence.space, std::span(sequence.text).first(static_cast<size_t>(sequence.length() - 1)));
  if (static_cast<int64_t>(running.size()) >= options.running) return false;
  const int64_t own = memory.PagesFor(sequence.length()) - static_cast<int64_t>(match.pages.size());
  const int64_t reserved = Reserved();
  if (own + reserved <= memory.AvailableBeside(match)) return true;
  if (match.partial < 0) return false;
  // The page that would be copied from is one of those that are short.
  match.positions -= match.partial_positions;
  match.partial = -1;
  match.partial_positions = 0;
  return own + reserved <= memory.AvailableBeside(match);
}

bool Scheduler::State::MakeStart(const ScheduledSequence& sequence, PrefixMatch& match) {
  if (Fits(sequence, match)) return true;
  // Waiting adds nothing here, or two of one priority would drive out each other in turn.
  const int rank = sequence.request.priority;
  int64_t gained = 0;
  for (const ScheduledSequence* other : running) {
    if (other->last_pass != passes && other->rank < rank) gained += static_cast<int64_t>(other->pages.size());
  }
  const int64_t own = memory.PagesFor(sequence.length()) - static_cast<int64_t>(match.pages.size());
  if (own > gained + memory.AvailableBeside(match)) return false;
  while (!Fits(sequence, match)) {
    ScheduledSequence* least = LeastOf(rank);
    if (least == nullptr) return false;
    Preempt(*least);
  }
  return true;
}

}  // namespace tradewind
