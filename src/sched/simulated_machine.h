// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SimulatedMachine: one machine of a simulation: a scheduler, an admission, and an engine that knows only how long passes take. Part of
// simulator.h. Not thread-safe; options, trace and results outlive it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "sched/simulator.h"

namespace tradewind {

class SimulatedMachine {
 public:
  SimulatedMachine(const SimulationOptions& options, int number, std::span<const TraceRequest> trace, Simulated& results);

  Result<void> Arrive(size_t request, TimePoint now);
  // When its pass ends; none while it has nothing to do.
  std::optional<TimePoint> busy_until() const { return busy_until_; }
  // Ends the pass that is over by now, and begins another if there is one.
  void Advance(TimePoint now);
  // Tokens to read and to draw.
  int64_t Outstanding() const;
  void AddTotals() const;

 private:
  struct Running {
    TimePoint arrived;
    std::optional<TimePoint> first;
    uint64_t ticket = 0;
  };
  SequenceRequest RequestOf(size_t request, TimePoint now) const;
  void EndCut(const SchedulerStep& step, TimePoint now);
  void EndPass(TimePoint now);
  void Began(size_t request, TimePoint now);
  void EndRequest(size_t request, TimePoint now);

  const SimulationOptions& options_;
  int number_;
  std::span<const TraceRequest> trace_;
  Simulated& results_;
  Scheduler scheduler_;
  std::optional<Admission> admission_;
  StepCost truth_;
  Random random_;
  SchedulerStep step_;
  Duration took_;
  std::optional<TimePoint> busy_until_;
  std::map<size_t, Running> running_;
};

}  // namespace tradewind
