// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How many requests a second machines carry at a service level: the greatest rate, of a trace whose gaps are shortened or lengthened alike,
// at which a share of its requests gets what was promised. By simulation and bisection. Pure functions, thread-safe.
//
//   TW_ASSIGN(CapacityPlan plan, PlanCapacity(trace, {.ttft = Duration::Millis(500)}, {.scheduler = options, .cost = measured}));
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"
#include "base/status.h"
#include "sched/simulator.h"

namespace tradewind {

struct ServiceLevel {
  std::optional<Duration> ttft;  // each at most; none: anything
  std::optional<Duration> tpot;
  std::optional<Duration> total;
  double share = 0.95;  // of the requests that are to get all of these
};

// Taken, not cut off, and within all times.
bool Kept(const SimulatedRequest& request, const ServiceLevel& level);
double KeptShare(const Simulated& simulated, const ServiceLevel& level);

struct CapacityPlan {
  double requests_per_s = 0;  // 0: not even far apart do they get it
  double rate = 0;            // so many times the trace's
  double kept_share = 0;      // at that rate; with 0: of requests far apart
  bool bounded = true;        // false: all of the trace at once would be carried as well; a longer trace is needed to tell
  Simulated at;               // what happens at that rate
};

// To 1 %. The options' own rate is not looked at. kInvalidInput: fewer than two requests, or all at one time; a share that is not within
// (0, 1]; what Simulate refuses.
Result<CapacityPlan> PlanCapacity(std::span<const TraceRequest> trace, const ServiceLevel& level, const SimulationOptions& options);

}  // namespace tradewind
