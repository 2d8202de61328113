// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/scheduler.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sched/scheduler_state.h"

namespace tradewind {
namespace {

constexpr double kDrawnWeight = 2;  // of a token read: 1; of a tenant's service, as in arXiv:2401.00588

tl::unexpected<Status> BadRequest(const char* field, std::string message) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(message)).At(field));
}

// One's own, for what a sequence that shares with nobody leaves behind when it is preempted.
std::string TreeSpace(const SequenceRequest& request) {
  std::string space = request.group;
  space += '\0';
  space += request.prefix_space.empty() ? "#" + std::to_string(request.id) : "=" + request.prefix_space;
  return space;
}

}  // namespace

StepShape ShapeOf(const SchedulerStep& step) {
  StepShape shape;
  for (const StepChunk& chunk : step.chunks) shape.Add(chunk.begin, chunk.count);
  return shape;
}

Scheduler::State::State(const SchedulerOptions& given)
    : options(given), memory(given.pages, given.page_positions, given.least_copied), queue(given.patience), cost(given.cost) {
  assert(given.pages > 0 && given.page_positions > 0 && given.running > 0 && given.step_tokens > 0 && given.context > 0);
  assert(given.prefill_tokens_while_decoding > 0 && given.least_prefill_tokens > 0);
}

Scheduler::Scheduler(const SchedulerOptions& options) : state_(std::make_unique<State>(options)) {}
Scheduler::~Scheduler() = default;

Result<void> Scheduler::Submit(SequenceRequest request) {
  State& s = *state_;
  const auto prompt = static_cast<int64_t>(request.prompt.size());
  if (s.sequences.contains(request.id))
    return BadRequest("id", "sequence " + std::to_string(request.id) + " is there already; ids are given once");
  if (prompt == 0) return BadRequest("prompt", "a sequence needs at least one token to read");
  if (request.max_output < 0 || request.max_output > s.options.context || prompt + request.max_output > s.options.context)
    return BadRequest("max_output", "the prompt's " + std::to_string(prompt) + " tokens and " + std::to_string(request.max_output) +
                                        " to draw go beyond the context of " + std::to_string(s.options.context) +
                                        "; shorten the prompt or ask for less");
  if (s.memory.PagesFor(prompt) > s.options.pages)
    return BadRequest("prompt", "the prompt's " + std::to_string(prompt) + " tokens need more pages than the " +
                                    std::to_string(s.options.pages) + " that there are; shorten it or give the cache more memory");
  const SequenceId id = request.id;
  ScheduledSequence& sequence = s.sequences[id];
  sequence.space = TreeSpace(request);
  sequence.text = std::move(request.prompt);
  sequence.prompt = prompt;
  sequence.request = std::move(request);
  s.prompt_tokens += prompt;
  // A new group is the last to have its turn: else one of short sequences, gone and new again, would always be first.
  ++s.groups.try_emplace(sequence.request.group, State::Group{0, s.passes}).first->second.sequences;
  s.Enqueue(sequence);
  return {};
}

void Scheduler::Cancel(SequenceId id) {
  const auto at = state_->sequences.find(id);
  if (at != state_->sequences.end()) at->second.cancelled = true;
}

SchedulerStep Scheduler::Next(TimePoint now) {
  State& s = *state_;
  assert(!s.in_pass);
  SchedulerStep step;
  ++s.passes;
  s.EndOverdue(now);
  for (const std::string& group : s.GroupsByTurn()) {
    if (!s.groups.contains(group)) continue;  // its last one has just ended
    s.BuildPass(group, now, step);
    if (!step.chunks.empty()) break;
  }
  s.in_pass = !step.chunks.empty();
  step.ended = std::exchange(s.ended, {});
  for (const auto& [id, sequence] : s.sequences) {
    const std::optional<TimePoint>& deadline = sequence.request.deadline;
    if (deadline && (!step.wake || *deadline < *step.wake)) step.wake = deadline;
  }
  return step;
}

void Scheduler::Finish(const SchedulerStep& step, std::span<const DrawnToken> drawn, Duration took, TimePoint /*now*/) {
  State& s = *state_;
  assert(s.in_pass);
  s.in_pass = false;
  s.cost.Observe(ShapeOf(step), took);
  s.memory.FinishCopies();
  std::map<SequenceId, const DrawnToken*> drawn_by;
  for (const DrawnToken& token : drawn) drawn_by[token.id] = &token;
  for (const StepChunk& chunk : step.chunks) {
    ScheduledSequence& sequence = s.sequences.at(chunk.id);
    sequence.computed += chunk.count;
    if (chunk.begin < sequence.prompt && sequence.Shares())
      s.memory.Share(sequence.space, std::span(sequence.text).first(static_cast<size_t>(sequence.computed)), sequence.pages);
    bool over = sequence.unread() == 0 && !chunk.draws;
    if (chunk.draws) {
      const auto token = drawn_by.find(chunk.id);
      over = token == drawn_by.end() || token->second->ended || !token->second->token;
      if (!over) {
        sequence.text.push_back(*token->second->token);
        s.queue.Charge(sequence.request.tenant, kDrawnWeight);
        over = sequence.undrawn() <= 0;
      }
    }
    if (over) s.Remove(sequence);
  }
}

void Scheduler::Abandon(const SchedulerStep& step) {
  State& s = *state_;
  assert(s.in_pass);
  s.in_pass = false;
  s.memory.FinishCopies();
  for (const StepChunk& chunk : step.chunks) {
    ScheduledSequence& sequence = s.sequences.at(chunk.id);
    sequence.computed = 0;  // nothing that is not shared already is to be trusted
    s.Remove(sequence);
  }
}

SchedulerLoad Scheduler::load() const {
  const State& s = *state_;
  SchedulerLoad load;
  for (const auto& [id, sequence] : s.sequences) {
    if (!sequence.running) {
      ++load.waiting;
      load.waiting_tokens += sequence.length();
      continue;
    }
    ++load.running;
    load.positions += sequence.computed;
    load.running_tokens += sequence.unread() + sequence.undrawn();
    if (sequence.unread() == 1 && sequence.length() > sequence.prompt) {
      ++load.decoding;
    } else {
      load.running_unread += sequence.unread();
      load.running_read += sequence.computed;
    }
  }
  load.pages_used = s.memory.pool().used();
  load.pages_kept = s.memory.pool().kept_only();
  load.preemptions = s.preemptions;
  load.prefix_tokens = s.prefix_tokens;
  load.prompt_tokens = s.prompt_tokens;
  return load;
}

const StepCost& Scheduler::cost() const {
  return state_->cost;
}

int64_t Scheduler::HeldTokens(SequenceId id) const {
  const auto at = state_->sequences.find(id);
  return at == state_->sequences.end() ? 0 : at->second.held;
}

double Scheduler::Served(const std::string& tenant) const {
  return state_->queue.Served(tenant);
}

Result<void> Scheduler::Check() const {
  const State& s = *state_;
  std::vector<std::span<const PageId>> pages;
  for (const auto& [id, sequence] : s.sequences) {
    if (!sequence.running && !sequence.pages.empty())
      return Fail(Status(StatusCode::kInternal, "sequence " + std::to_string(id) + " waits and holds pages").At("scheduler"));
    if (sequence.computed > static_cast<int64_t>(sequence.pages.size()) * s.options.page_positions)
      return Fail(Status(StatusCode::kInternal, "sequence " + std::to_string(id) + " has more positions than pages").At("scheduler"));
    pages.emplace_back(sequence.pages);
    // Whole pages may be shared; the one that it writes to is its own.
    for (size_t i = static_cast<size_t>(sequence.computed / s.options.page_positions); i < sequence.pages.size(); ++i) {
      if (s.memory.pool().uses(sequence.pages[i]) != 1)
        return Fail(Status(StatusCode::kInternal,
                           "page " + std::to_string(sequence.pages[i]) + " is written by " + std::to_string(id) + " and used by others")
                        .At("scheduler"));
    }
  }
  if (static_cast<int64_t>(s.running.size()) > s.options.running ||
      s.sequences.size() != s.running.size() + static_cast<size_t>(s.queue.size()))
    return Fail(Status(StatusCode::kInternal, "running and waiting sequences do not make up all").At("scheduler"));
  return s.memory.Check(pages);
}

}  // namespace tradewind
