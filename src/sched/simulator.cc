// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/simulator.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "sched/simulated_machine.h"

namespace tradewind {
namespace {

constexpr int kMostMachines = 1024;
constexpr Duration kLongestTrace = Duration::Seconds(1e9);

Result<void> CheckSimulation(std::span<const TraceRequest> trace, const SimulationOptions& options) {
  if (options.machines < 1 || options.machines > kMostMachines)
    return Fail(Status(StatusCode::kInvalidInput, "a simulation has 1 to " + std::to_string(kMostMachines) + " machines").At("machines"));
  if (!(options.rate > 0) || !(options.noise >= 0))
    return Fail(Status(StatusCode::kInvalidInput, "a simulation's rate is above 0 and its noise not below").At("rate"));
  for (size_t i = 0; i < trace.size(); ++i) {
    if (trace[i].at < Duration{} || trace[i].at > kLongestTrace || trace[i].prompt < 1 || trace[i].output < 0)
      return Fail(Status(StatusCode::kInvalidInput, "a request of a trace has a time from 0 on, a prompt and no negative output")
                      .At("request " + std::to_string(i)));
  }
  return {};
}

// In the order of arrival, and at the trace's rate.
std::vector<std::pair<TimePoint, size_t>> ArrivalsOf(std::span<const TraceRequest> trace, double rate) {
  std::vector<std::pair<TimePoint, size_t>> arrivals;
  for (size_t i = 0; i < trace.size(); ++i)
    arrivals.emplace_back(TimePoint{} + Duration::Nearest(static_cast<double>(trace[i].at.ns) / rate), i);
  std::sort(arrivals.begin(), arrivals.end());
  return arrivals;
}

SimulatedMachine& LeastLoaded(const std::vector<std::unique_ptr<SimulatedMachine>>& machines) {
  return **std::min_element(machines.begin(), machines.end(),
                            [](const auto& a, const auto& b) { return a->Outstanding() < b->Outstanding(); });
}

std::optional<TimePoint> NextEnd(const std::vector<std::unique_ptr<SimulatedMachine>>& machines) {
  std::optional<TimePoint> next;
  for (const auto& machine : machines) {
    const std::optional<TimePoint> end = machine->busy_until();
    if (end && (!next || *end < *next)) next = end;
  }
  return next;
}

}  // namespace

Result<Simulated> Simulate(std::span<const TraceRequest> trace, const SimulationOptions& options) {
  TW_RETURN_IF_ERROR(CheckSimulation(trace, options));
  Simulated simulated;
  simulated.requests.resize(trace.size());
  std::vector<std::unique_ptr<SimulatedMachine>> machines;
  for (int i = 0; i < options.machines; ++i) machines.push_back(std::make_unique<SimulatedMachine>(options, i, trace, simulated));
  const auto arrivals = ArrivalsOf(trace, options.rate);
  size_t arrived = 0;
  while (true) {
    const std::optional<TimePoint> end = NextEnd(machines);
    if (!end && arrived == arrivals.size()) break;
    const TimePoint now = arrived < arrivals.size() ? std::min(arrivals[arrived].first, end.value_or(arrivals[arrived].first)) : *end;
    for (; arrived < arrivals.size() && arrivals[arrived].first <= now; ++arrived) {
      const size_t request = arrivals[arrived].second;
      if (auto taken = LeastLoaded(machines).Arrive(request, now); !taken)
        return Fail(Status(StatusCode::kInvalidInput, taken.error().message()).At("request " + std::to_string(request)));
    }
    for (const auto& machine : machines) machine->Advance(now);
  }
  for (const auto& machine : machines) machine->AddTotals();
  simulated.refused =
      std::count_if(simulated.requests.begin(), simulated.requests.end(), [](const auto& r) { return r.refused.has_value(); });
  return simulated;
}

}  // namespace tradewind
