// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What machines like this one would make of given arrivals: the Scheduler and the Admission that serve, under a virtual clock, with passes
// that take what a cost model says (and vary, if asked to). Deterministic: a seed gives the same times everywhere. Pure functions,
// thread-safe.
//
//   TW_ASSIGN(Simulated simulated, Simulate(trace, {.scheduler = options, .cost = measured}));
//   simulated.requests[0].ttft;
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "sched/admission.h"
#include "sched/scheduler.h"
#include "sched/step_cost.h"

namespace tradewind {

// One that arrives.
struct TraceRequest {
  Duration at;             // since the trace began
  int64_t prompt = 1;      // tokens
  int64_t output = 0;      // that it draws
  int64_t max_output = 0;  // that it may draw; less than `output`: as many
  std::string tenant;
  std::string group;
  int priority = 0;
  uint64_t prefix = 0;  // requests of one tenant and one number here, not 0, begin with the same tokens:
  int64_t prefix_tokens = 0;
  std::optional<Duration> ttft;   // wanted
  std::optional<Duration> tpot;   // wanted
  std::optional<Duration> total;  // its deadline
};

struct SimulationOptions {
  SchedulerOptions scheduler;                 // its `cost` is what it starts from, not what passes take
  std::optional<AdmissionOptions> admission;  // none: all are taken
  StepCoefficients cost;                      // what passes take
  double noise = 0;                           // standard deviation of the logarithm of what they take
  uint64_t seed = 1;                          // of the noise
  int machines = 1;                           // each request goes to the one with the least to do
  double rate = 1;                            // so many times as fast as in the trace do they arrive
};

struct SimulatedRequest {
  std::optional<AdmissionRefusal> refused;
  Duration retry_after;           // if refused
  std::optional<EndCause> cut;    // ended by the scheduler
  std::optional<Duration> ttft;   // of the first token, or of the prompt where nothing is drawn
  std::optional<Duration> tpot;   // without the first token; none with fewer than two
  std::optional<Duration> total;  // until it ended
  Duration predicted_ttft;        // by admission; 0 without
  int64_t drawn = 0;
  int machine = 0;
};

struct Simulated {
  std::vector<SimulatedRequest> requests;  // in the order of the trace
  Duration time;                           // until the last one ended
  int64_t passes = 0;
  int64_t tokens_drawn = 0;
  int64_t preemptions = 0;
  int64_t prefix_tokens = 0;  // that were there already
  int64_t refused = 0;
};

// kInvalidInput names the request that cannot be (Scheduler::Submit), or an option.
Result<Simulated> Simulate(std::span<const TraceRequest> trace, const SimulationOptions& options);

}  // namespace tradewind
