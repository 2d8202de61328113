// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>

#include "sched/scheduler_state.h"

namespace tradewind {
namespace {

// Waiting sequences that one pass looks at: each costs a walk down the tree.
constexpr int kLookedAt = 64;

bool Draws(const ScheduledSequence& sequence) {
  return sequence.running && sequence.unread() == 1 && sequence.length() > sequence.prompt;
}

int64_t CommonBeginning(std::span<const int32_t> a, std::span<const int32_t> b) {
  const auto most = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return std::mismatch(a.begin(), a.begin() + most, b.begin()).first - a.begin();
}

}  // namespace

void Scheduler::State::EndOverdue(TimePoint now) {
  std::vector<std::pair<SequenceId, EndCause>> over;
  for (const auto& [id, sequence] : sequences) {
    if (sequence.cancelled) {
      over.emplace_back(id, EndCause::kCancelled);
    } else if (sequence.request.deadline && *sequence.request.deadline <= now) {
      over.emplace_back(id, EndCause::kDeadline);
    }
  }
  for (const auto& [id, cause] : over) End(sequences.at(id), cause);
}

// The one whose last pass is longest ago first.
std::vector<std::string> Scheduler::State::GroupsByTurn() const {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups) names.push_back(name);
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& a, const std::string& b) { return groups.at(a).last_pass < groups.at(b).last_pass; });
  return names;
}

void Scheduler::State::BuildPass(const std::string& group, TimePoint now, SchedulerStep& step) {
  PassBudget budget(options.step_tokens, cost);
  MakeWay(group, now);
  AddDecoding(group, budget, step);
  LimitReading(budget);
  AddReading(group, now, budget, step);
  if (step.chunks.empty()) return;
  step.group = group;
  groups.at(group).last_pass = passes;
}

// Those of lower priority give way to the first that waits before they have a token in this pass: who has one stays.
void Scheduler::State::MakeWay(const std::string& group, TimePoint now) {
  const std::optional<SequenceId> first = queue.Pick(now, {});
  if (!first) return;
  const ScheduledSequence& sequence = sequences.at(*first);
  if (sequence.request.group != group || LeastOf(sequence.request.priority) == nullptr || WaitsForReader(sequence, now)) return;
  PrefixMatch match;
  MakeStart(sequence, match);
}

// One token each, of those longest without one if not all have a place; who matters more takes a page first.
void Scheduler::State::AddDecoding(const std::string& group, PassBudget& budget, SchedulerStep& step) {
  std::vector<ScheduledSequence*> decoding;
  for (ScheduledSequence* sequence : running) {
    if (sequence->request.group == group && sequence->unread() == 1) decoding.push_back(sequence);
  }
  const auto most = static_cast<size_t>(options.step_tokens);
  if (decoding.size() > most) {
    std::stable_sort(decoding.begin(), decoding.end(), [](const auto* a, const auto* b) { return a->last_pass < b->last_pass; });
    decoding.resize(most);
  }
  std::sort(decoding.begin(), decoding.end(), [](const auto* a, const auto* b) { return MattersMore(*a, *b); });
  for (ScheduledSequence* sequence : decoding) {
    if (!sequence->running || !MakeRoom(*sequence, sequence->length())) continue;
    budget.AddDecode(sequence->computed);
    AddChunk(*sequence, 1, step);
  }
}

// Whoever decodes waits for this pass, of whatever group: its gap is to be no longer than wanted, and each group has a pass in it.
void Scheduler::State::LimitReading(PassBudget& budget) const {
  std::optional<Duration> gap;
  std::unordered_set<std::string> active;
  bool any = false;
  for (const ScheduledSequence* sequence : running) {
    active.insert(sequence->request.group);
    if (!Draws(*sequence)) continue;
    any = true;
    const std::optional<Duration>& tpot = sequence->request.tpot;
    if (tpot) gap = std::min(*tpot, gap.value_or(*tpot));
  }
  if (any) budget.LimitReading(options.prefill_tokens_while_decoding);
  if (gap) budget.LimitTime({gap->ns / static_cast<int64_t>(active.size())}, options.least_prefill_tokens);
}

// Those whose reading has begun before others start, unless these are of a greater priority: what is half read holds pages.
void Scheduler::State::AddReading(const std::string& group, TimePoint now, PassBudget& budget, SchedulerStep& step) {
  std::unordered_set<SequenceId> passed_over;
  bool closed = false;  // one could not start: nobody behind it does
  while (true) {
    ScheduledSequence* reader = NextReader(group);
    ScheduledSequence* start = closed ? nullptr : NextToStart(group, now, passed_over);
    closed |= start == nullptr;
    if (reader != nullptr && (start == nullptr || reader->rank >= queue.Rank(start->id(), now))) {
      const int64_t count = budget.Allow(reader->computed, reader->unread());
      if (count == 0) return;
      if (!MakeRoom(*reader, reader->computed + count)) continue;
      budget.AddRead(reader->computed, count);
      AddChunk(*reader, count, step);
      continue;
    }
    if (start == nullptr || budget.Allow(0, 1) == 0) return;
    if (memory.PagesFor(start->length()) > options.pages) {
      End(*start, EndCause::kNoMemory);
      continue;
    }
    if (WaitsForReader(*start, now)) {
      passed_over.insert(start->id());
      continue;
    }
    PrefixMatch match;
    closed = !MakeStart(*start, match);
    if (closed) continue;
    const int64_t count = budget.Allow(match.positions, start->length() - match.positions);
    if (count == 0) return;
    Start(*start, match, now, step);
    const bool room = memory.Grow(start->pages, start->computed + count);
    assert(room);
    static_cast<void>(room);
    budget.AddRead(start->computed, count);
    AddChunk(*start, count, step);
  }
}

// Of the greatest rank the one that started first; the vector is in the order of starting.
ScheduledSequence* Scheduler::State::NextReader(const std::string& group) const {
  ScheduledSequence* next = nullptr;
  for (ScheduledSequence* sequence : running) {
    if (sequence->request.group != group || sequence->last_pass == passes || sequence->unread() <= 1) continue;
    if (next == nullptr || sequence->rank > next->rank) next = sequence;
  }
  return next;
}

// The first of this group in the queue's order. One of another group before it that lacks pages or a place keeps it back: else its own
// group's turn would never find them free.
ScheduledSequence* Scheduler::State::NextToStart(const std::string& group, TimePoint now,
                                                 std::unordered_set<SequenceId>& passed_over) const {
  for (int looked = static_cast<int>(passed_over.size()); looked < kLookedAt; ++looked) {
    const std::optional<SequenceId> id = queue.Pick(now, passed_over);
    if (!id) return nullptr;
    const auto& sequence = sequences.at(*id);
    if (sequence.request.group == group) return const_cast<ScheduledSequence*>(&sequence);
    PrefixMatch match;
    if (!Fits(sequence, match)) return nullptr;
    passed_over.insert(*id);
  }
  return nullptr;
}

// Whether another one is just reading what this one begins with: it is then there to be shared soon.
bool Scheduler::State::WaitsForReader(const ScheduledSequence& sequence, TimePoint now) const {
  if (!sequence.Shares() || sequence.request.all_logits) return false;
  const auto wanted = std::span(sequence.text).first(static_cast<size_t>(sequence.length() - 1));
  std::optional<int64_t> found;
  for (const ScheduledSequence* reader : running) {
    if (reader->unread() <= 1 || reader->space != sequence.space) continue;
    const int64_t common = CommonBeginning(wanted, reader->text);
    if (common <= reader->computed) continue;
    if (!found) found = memory.Find(sequence.space, wanted).positions;
    if (common - *found < options.worth_waiting) continue;
    const Duration wait = ReadingTime(reader->computed, common - reader->computed);
    const Duration rest = ReadingTime(common, sequence.length() - common);
    const auto late = [&](const std::optional<TimePoint>& by, Duration more) { return by && now + wait + rest + more > *by; };
    if (late(sequence.request.deadline, DrawingTime(sequence)) || late(sequence.request.first_token, {})) continue;
    return true;
  }
  return false;
}

void Scheduler::State::Start(ScheduledSequence& sequence, const PrefixMatch& match, TimePoint now, SchedulerStep& step) {
  sequence.rank = queue.Rank(sequence.id(), now);
  queue.Remove(sequence.id());
  if (const auto copy = memory.Start(match, sequence.pages)) step.copies.push_back(*copy);
  sequence.computed = match.positions;
  sequence.running = true;
  sequence.order = ++starts;
  running.push_back(&sequence);
  if (sequence.started) return;
  sequence.started = true;
  sequence.held = std::min(match.positions, sequence.prompt);
  prefix_tokens += sequence.held;
  queue.Charge(sequence.request.tenant, static_cast<double>(sequence.prompt - sequence.held));
}

void Scheduler::State::AddChunk(ScheduledSequence& sequence, int64_t count, SchedulerStep& step) {
  StepChunk chunk;
  chunk.id = sequence.id();
  chunk.begin = sequence.computed;
  chunk.count = count;
  chunk.draws = count == sequence.unread() && sequence.request.max_output > 0;
  chunk.pages = sequence.pages;
  step.chunks.push_back(std::move(chunk));
  sequence.last_pass = passes;
}

Duration Scheduler::State::ReadingTime(int64_t begin, int64_t count) const {
  if (count <= 0 || !cost.known()) return {};
  StepShape shape;
  shape.Add(begin, count);
  const int64_t more_passes = (count - 1) / options.step_tokens;
  return cost.Predict(shape) + Duration{cost.Predict({}).ns * more_passes};
}

Duration Scheduler::State::DrawingTime(const ScheduledSequence& sequence) const {
  if (!cost.known()) return {};
  StepShape shape;
  shape.Add(sequence.length() + sequence.undrawn() / 2, 1);
  return {cost.Predict(shape).ns * std::max<int64_t>(0, sequence.undrawn())};
}

}  // namespace tradewind
