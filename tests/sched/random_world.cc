// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/random_world.h"

#include <algorithm>

namespace tradewind {
namespace {

std::string About(SequenceId id, const std::string& what) {
  return "sequence " + std::to_string(id) + " " + what;
}

}  // namespace

RandomWorld::RandomWorld(uint64_t seed) : random_(seed) {
  DrawOptions();
  scheduler_.emplace(options_);
  pages_.emplace(options_.pages, options_.page_positions);
  to_come_ = 5 + Below(30);
}

void RandomWorld::DrawOptions() {
  options_.page_positions = int64_t{1} << Below(4);
  options_.pages = 3 + Below(30);
  options_.running = 1 + Below(8);
  options_.step_tokens = OneIn(4) ? 1 + Below(4) : 4 + Below(40);
  options_.context = 8 + Below(options_.pages * options_.page_positions + 8);
  options_.prefill_tokens_while_decoding = 1 + Below(16);
  options_.least_prefill_tokens = 1 + Below(4);
  options_.least_copied = 1 + Below(3);
  options_.worth_waiting = 1 + Below(8);
  options_.patience = OneIn(2) ? Duration::Seconds(1e6) : Duration::Millis(static_cast<double>(20 + Below(400)));
  if (OneIn(2)) options_.cost = {5, 0.5, 0.001, 1, 0.01};
  groups_ = 1 + Below(3);
  tenants_ = 1 + Below(3);
  spaces_ = Below(3);  // 0: nobody shares
  priorities_ = 1 + Below(3);
}

// A few texts that many begin with; tokens of a small alphabet, so that others have much in common by chance.
void RandomWorld::Arrive() {
  SequenceRequest request;
  request.id = next_id_++;
  const int64_t length = 1 + Below(std::max<int64_t>(1, std::min(options_.context, options_.pages * options_.page_positions) - 1));
  Random text(static_cast<uint64_t>(Below(3)));
  const int64_t own = OneIn(3) ? 0 : Below(length);
  for (int64_t i = 0; i < length; ++i)
    request.prompt.push_back(static_cast<int32_t>(i < length - own ? text.Below(50) : static_cast<uint64_t>(Below(3))));
  request.max_output = OneIn(6) ? 0 : Below(std::min<int64_t>(20, options_.context - length + 1));
  request.tenant = std::to_string(Below(tenants_));
  request.group = std::to_string(Below(groups_));
  if (spaces_ > 0 && !OneIn(5)) request.prefix_space = std::to_string(Below(spaces_));
  request.priority = static_cast<int>(Below(priorities_));
  request.arrived = now_;
  if (OneIn(4)) request.deadline = now_ + Duration::Millis(static_cast<double>(Below(1500)));
  if (OneIn(4)) request.first_token = now_ + Duration::Millis(static_cast<double>(Below(1500)));
  if (OneIn(4)) request.tpot = Duration::Millis(static_cast<double>(1 + Below(40)));
  request.all_logits = OneIn(8);
  Live& live = live_[request.id];
  live.request = request;
  live.text = request.prompt;
  live.hashes = ShadowPages::Hashes(live.text);
  work_ += length + request.max_output;
  const Result<void> taken = scheduler_->Submit(std::move(request));
  if (!taken) live.request.id = 0;  // seen by Run
}

void RandomWorld::CancelSome() {
  for (auto& [id, live] : live_) {
    if (!OneIn(150)) continue;
    live.cancelled = true;
    scheduler_->Cancel(id);
  }
  if (!gone_.empty()) scheduler_->Cancel(*gone_.begin());  // too late: ignored
}

std::string RandomWorld::Run() {
  while (to_come_ > 0 || !live_.empty()) {
    while (to_come_ > 0 && (live_.empty() || OneIn(3))) {
      Arrive();
      if (live_.rbegin()->second.request.id == 0) return About(live_.rbegin()->first, "was not taken");
      --to_come_;
    }
    CancelSome();
    const SchedulerStep step = scheduler_->Next(now_);
    ++steps_;
    // Every pass reads or draws, or somebody ends; what is lost to preemption is bounded by what it makes possible.
    if (steps_ > 60 * (work_ + 10)) return "no end after " + std::to_string(steps_) + " steps";
    std::string wrong = CheckEnded(step);
    if (wrong.empty()) wrong = CheckStep(step);
    if (wrong.empty()) wrong = CheckPriorities(step);
    if (!wrong.empty()) return wrong;
    CancelSome();  // also while a pass runs
    if (step.chunks.empty()) {
      if (step.ended.empty() && !live_.empty()) return "nothing to do, and somebody waits";
      now_ = now_ + Duration::Millis(1);
      continue;
    }
    wrong = Evaluate(step);
    if (wrong.empty()) wrong = Finish(step);
    if (wrong.empty()) wrong = CheckNobodyStarves();
    if (!wrong.empty()) return wrong;
    if (const Result<void> sound = scheduler_->Check(); !sound) return sound.error().ToString();
  }
  scheduler_->Next(now_);
  const SchedulerLoad load = scheduler_->load();
  if (load.running + load.waiting + load.pages_used > 0) return "something is left";
  if (spaces_ == 0 && load.pages_kept > 0) return "something is kept for nobody";
  return "";
}

std::string RandomWorld::CheckEnded(const SchedulerStep& step) {
  for (const EndedSequence& ended : step.ended) {
    const auto at = live_.find(ended.id);
    if (at == live_.end()) return About(ended.id, "ended twice, or was never there");
    const Live& live = at->second;
    if (ended.cause == EndCause::kCancelled && !live.cancelled) return About(ended.id, "was not cancelled");
    if (ended.cause == EndCause::kDeadline && !(live.request.deadline && *live.request.deadline <= now_))
      return About(ended.id, "ended before its deadline");
    // Alone with all pages it would have gone on.
    if (ended.cause == EndCause::kNoMemory && static_cast<int64_t>(live.text.size()) <= options_.pages * options_.page_positions)
      return About(ended.id, "ended for memory that there is");
    ++causes_[ended.cause];
    gone_.insert(ended.id);
    live_.erase(at);
  }
  for (const auto& [id, live] : live_) {
    if (live.cancelled) return About(id, "was cancelled and is still there");
    if (live.request.deadline && *live.request.deadline <= now_) return About(id, "is past its deadline");
  }
  return "";
}

std::string RandomWorld::CheckStep(const SchedulerStep& step) {
  int64_t tokens = 0, read = 0;
  std::set<SequenceId> seen;
  const bool decoding = std::any_of(step.chunks.begin(), step.chunks.end(), [&](const StepChunk& chunk) {
    const auto at = live_.find(chunk.id);
    return at != live_.end() && at->second.decoding() && at->second.preemptions_then == scheduler_->load().preemptions;
  });
  for (const StepChunk& chunk : step.chunks) {
    if (!seen.insert(chunk.id).second) return About(chunk.id, "is twice in a step");
    if (std::string wrong = CheckChunk(step, chunk); !wrong.empty()) return wrong;
    tokens += chunk.count;
    if (chunk.count > 1) read += chunk.count;
  }
  if (tokens > options_.step_tokens) return "a step of " + std::to_string(tokens) + " tokens";
  if (decoding && read > options_.prefill_tokens_while_decoding) return "others read too much beside one that decodes";
  if (restarts_ > scheduler_->load().preemptions) return "a sequence started again without having been preempted";
  for (const PageCopy& copy : step.copies) {
    const auto holds = [&](const StepChunk& chunk) { return std::count(chunk.pages.begin(), chunk.pages.end(), copy.to) > 0; };
    if (copy.from == copy.to || copy.positions < options_.least_copied || copy.positions > options_.page_positions)
      return "a senseless copy";
    if (std::count_if(step.chunks.begin(), step.chunks.end(), holds) != 1) return "a copy for nobody, or for two";
    for (const PageCopy& other : step.copies) {
      if (other.to == copy.from) return "a copy from a page that another one writes";
    }
  }
  copies_ += static_cast<int64_t>(step.copies.size());
  return "";
}

std::string RandomWorld::CheckChunk(const SchedulerStep& step, const StepChunk& chunk) {
  const auto at = live_.find(chunk.id);
  if (at == live_.end()) return About(chunk.id, "is run and not there");
  Live& live = at->second;
  const auto length = static_cast<int64_t>(live.text.size());
  if (live.request.group != step.group) return About(chunk.id, "runs with another group");
  if (chunk.count < 1 || chunk.begin < 0 || chunk.begin + chunk.count > length) return About(chunk.id, "runs tokens that it has not");
  if (chunk.draws != (chunk.begin + chunk.count == length && live.request.max_output > 0)) return About(chunk.id, "draws, or does not");
  if (!live.next && live.request.all_logits && chunk.begin > 0) return About(chunk.id, "wants the logits of what was not run");
  if (live.next && *live.next != chunk.begin) ++restarts_;
  if (std::set<PageId>(chunk.pages.begin(), chunk.pages.end()).size() != chunk.pages.size()) return About(chunk.id, "has a page twice");
  for (const PageId page : chunk.pages) {
    if (page < 0 || page >= options_.pages) return About(chunk.id, "has a page that there is not");
  }
  live.next = chunk.begin + chunk.count;
  live.last_step = steps_;
  live.preemptions_then = scheduler_->load().preemptions;
  return "";
}

// Where neither waiting nor a read that others wait for changes the order, nobody starts before one of greater priority.
std::string RandomWorld::CheckPriorities(const SchedulerStep& step) {
  if (options_.patience < Duration::Seconds(1e5) || spaces_ > 0) return "";
  for (const StepChunk& chunk : step.chunks) {
    const Live& live = live_.at(chunk.id);
    if (chunk.begin > 0) continue;
    for (const auto& [id, other] : live_) {
      if (!other.next && other.request.group == step.group && other.request.priority > live.request.priority)
        return About(id, "of greater priority waits while " + std::to_string(chunk.id) + " starts");
    }
  }
  return "";
}

// One that decodes has its token within a pass of each group, while nobody is preempted.
std::string RandomWorld::CheckNobodyStarves() {
  if (options_.step_tokens < options_.running) return "";
  for (const auto& [id, live] : live_) {
    if (!live.decoding() || live.preemptions_then != scheduler_->load().preemptions) continue;
    if (steps_ - live.last_step > groups_) return About(id, "decodes and had no token for " + std::to_string(steps_ - live.last_step));
  }
  return "";
}

std::string RandomWorld::Evaluate(const SchedulerStep& step) {
  for (const PageCopy& copy : step.copies) pages_->Copy(copy);
  for (const StepChunk& chunk : step.chunks) {
    if (std::string wrong = pages_->Read(chunk, live_.at(chunk.id).hashes); !wrong.empty()) return wrong;
  }
  for (const StepChunk& chunk : step.chunks) {
    if (std::string wrong = pages_->Write(chunk, live_.at(chunk.id).hashes); !wrong.empty()) return wrong;
  }
  // Nobody has written where another one of the pass reads or writes.
  for (const StepChunk& chunk : step.chunks) {
    StepChunk whole = chunk;
    whole.begin += whole.count;
    if (std::string wrong = pages_->Read(whole, live_.at(chunk.id).hashes); !wrong.empty()) return wrong + " after the pass";
  }
  return "";
}

std::optional<int32_t> RandomWorld::Follows(uint64_t hash) {
  if (hash / 7 % 24 == 0) return std::nullopt;
  return static_cast<int32_t>(hash / 1024 % 50);
}

std::string RandomWorld::Finish(const SchedulerStep& step) {
  const Duration took = Duration::Millis(static_cast<double>(1 + Below(20)));
  now_ = now_ + took;
  if (OneIn(200)) {  // the engine fails
    for (const StepChunk& chunk : step.chunks) {
      live_.erase(chunk.id);
      gone_.insert(chunk.id);
    }
    scheduler_->Abandon(step);
    return "";
  }
  std::vector<DrawnToken> drawn;
  std::vector<SequenceId> over;
  for (const StepChunk& chunk : step.chunks) {
    Live& live = live_.at(chunk.id);
    if (!chunk.draws) {
      if (live.request.max_output == 0 && chunk.begin + chunk.count == static_cast<int64_t>(live.text.size())) over.push_back(chunk.id);
      continue;
    }
    const std::optional<int32_t> token = Follows(live.hashes.back());
    drawn.push_back({chunk.id, token, !token});
    if (token) {
      live.text.push_back(*token);
      live.hashes = ShadowPages::Hashes(live.text);
    }
    if (!token || live.text.size() == live.request.prompt.size() + static_cast<size_t>(live.request.max_output)) over.push_back(chunk.id);
  }
  scheduler_->Finish(step, drawn, took, now_);
  for (const SequenceId id : over) {
    if (std::string wrong = CheckAnswer(live_.at(id)); !wrong.empty()) return wrong;
    live_.erase(id);
    gone_.insert(id);
  }
  return "";
}

// What the request would have got alone.
std::string RandomWorld::CheckAnswer(const Live& live) const {
  std::vector<int32_t> text = live.request.prompt;
  for (int64_t i = 0; i < live.request.max_output; ++i) {
    const std::optional<int32_t> token = Follows(ShadowPages::Hashes(text).back());
    if (!token) break;
    text.push_back(*token);
  }
  return text == live.text ? "" : About(live.request.id, "has other tokens than alone");
}

}  // namespace tradewind
