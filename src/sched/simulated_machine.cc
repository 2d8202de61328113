// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/simulated_machine.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

// Tokens that two texts do not share by chance.
int32_t TokenOf(uint64_t text, int64_t position) {
  uint64_t hash = (text * 0x9E3779B97F4A7C15u) ^ (static_cast<uint64_t>(position) * 0xBF58476D1CE4E5B9u);
  hash = (hash ^ (hash >> 29)) * 0x94D049BB133111EBu;
  return static_cast<int32_t>(hash >> 33);
}

int64_t MaxOutput(const TraceRequest& request) {
  return std::max(request.output, request.max_output);
}

}  // namespace

SimulatedMachine::SimulatedMachine(const SimulationOptions& options, int number, std::span<const TraceRequest> trace, Simulated& results)
    : options_(options),
      number_(number),
      trace_(trace),
      results_(results),
      scheduler_(options.scheduler),
      truth_(options.cost),
      random_(options.seed + static_cast<uint64_t>(number)) {
  if (options.admission) admission_.emplace(*options.admission, options.scheduler);
}

SequenceRequest SimulatedMachine::RequestOf(size_t request, TimePoint now) const {
  const TraceRequest& from = trace_[request];
  SequenceRequest to;
  to.id = request;
  for (int64_t i = 0; i < from.prompt; ++i) {
    const bool shared = from.prefix != 0 && i < from.prefix_tokens;
    to.prompt.push_back(TokenOf(shared ? 2 * from.prefix : 2 * request + 1, i));
  }
  to.max_output = MaxOutput(from);
  to.tenant = from.tenant;
  to.prefix_space = "=" + from.tenant;
  to.group = from.group;
  to.priority = from.priority;
  to.arrived = now;
  to.tpot = from.tpot;
  if (from.ttft) to.first_token = now + *from.ttft;
  if (from.total) to.deadline = now + *from.total;
  return to;
}

Result<void> SimulatedMachine::Arrive(size_t request, TimePoint now) {
  const TraceRequest& from = trace_[request];
  SimulatedRequest& result = results_.requests[request];
  result.machine = number_;
  SequenceRequest sequence = RequestOf(request, now);
  Running running{now, std::nullopt, 0};
  if (admission_) {
    AdmissionRequest asked;
    asked.tokens = from.prompt;
    asked.max_output = MaxOutput(from);
    asked.tenant = from.tenant;
    asked.priority = from.priority;
    asked.first_token = sequence.first_token;
    asked.deadline = sequence.deadline;
    const AdmissionAnswer answer = admission_->Ask(asked, scheduler_.load(), scheduler_.cost(), now);
    result.predicted_ttft = answer.first_token;
    if (answer.refused) {
      result.refused = answer.refused;
      result.retry_after = answer.retry_after;
      return {};
    }
    running.ticket = answer.ticket;
  }
  TW_RETURN_IF_ERROR(scheduler_.Submit(std::move(sequence)));
  running_.emplace(request, running);
  return {};
}

void SimulatedMachine::Advance(TimePoint now) {
  if (busy_until_ && *busy_until_ > now) return;
  if (busy_until_) EndPass(now);
  busy_until_.reset();
  step_ = scheduler_.Next(now);
  EndCut(step_, now);
  if (step_.chunks.empty()) return;
  ++results_.passes;
  took_ = truth_.Predict(ShapeOf(step_));
  if (options_.noise > 0) took_ = Duration::Nearest(static_cast<double>(took_.ns) * std::exp(options_.noise * random_.Normal()));
  took_ = std::max(took_, Duration{1});
  busy_until_ = now + took_;
}

void SimulatedMachine::EndCut(const SchedulerStep& step, TimePoint now) {
  for (const EndedSequence& ended : step.ended) {
    results_.requests[ended.id].cut = ended.cause;
    EndRequest(ended.id, now);
  }
}

void SimulatedMachine::EndPass(TimePoint now) {
  std::vector<DrawnToken> drawn;
  std::vector<size_t> over;
  for (const StepChunk& chunk : step_.chunks) {
    const TraceRequest& from = trace_[chunk.id];
    SimulatedRequest& result = results_.requests[chunk.id];
    if (!chunk.draws) {
      if (MaxOutput(from) == 0 && chunk.begin + chunk.count == from.prompt) {
        Began(chunk.id, now);
        over.push_back(chunk.id);
      }
      continue;
    }
    // The token that ends the answer, if it may be longer, is not of it.
    const bool ends = result.drawn == from.output;
    drawn.push_back({chunk.id, ends ? std::nullopt : std::optional(TokenOf(2 * chunk.id + 1, from.prompt + result.drawn)), ends});
    Began(chunk.id, now);
    if (!ends) ++result.drawn;
    if (ends || result.drawn == MaxOutput(from)) over.push_back(chunk.id);
  }
  scheduler_.Finish(step_, drawn, took_, now);
  for (const size_t request : over) EndRequest(request, now);
}

void SimulatedMachine::Began(size_t request, TimePoint now) {
  Running& running = running_.at(request);
  if (running.first) return;
  running.first = now;
  results_.requests[request].ttft = now - running.arrived;
  if (admission_) admission_->Began(running.ticket, now);
}

void SimulatedMachine::EndRequest(size_t request, TimePoint now) {
  const Running running = running_.at(request);
  running_.erase(request);
  SimulatedRequest& result = results_.requests[request];
  result.total = now - running.arrived;
  if (running.first && result.drawn > 1) result.tpot = Duration{(now - *running.first).ns / (result.drawn - 1)};
  results_.tokens_drawn += result.drawn;
  results_.time = std::max(results_.time, now - TimePoint{});
  if (admission_) admission_->Ended(running.ticket, result.drawn, !result.cut, now);
}

int64_t SimulatedMachine::Outstanding() const {
  const SchedulerLoad load = scheduler_.load();
  return load.waiting_tokens + load.running_tokens;
}

void SimulatedMachine::AddTotals() const {
  const SchedulerLoad load = scheduler_.load();
  results_.preemptions += load.preemptions;
  results_.prefix_tokens += load.prefix_tokens;
}

}  // namespace tradewind
