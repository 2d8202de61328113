// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/plan_capacity.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

constexpr double kExact = 1.01;
constexpr double kSlowest = 1.0 / (1 << 20), kFastest = 1 << 20;

bool Within(const std::optional<Duration>& got, const std::optional<Duration>& wanted) {
  return !wanted || !got || *got <= *wanted;
}

double RateOf(std::span<const TraceRequest> trace) {
  const auto earlier = [](const TraceRequest& a, const TraceRequest& b) { return a.at < b.at; };
  const auto [first, last] = std::minmax_element(trace.begin(), trace.end(), earlier);
  return static_cast<double>(trace.size() - 1) / (last->at - first->at).seconds();
}

// A rate that was tried, and what came of it.
struct Trial {
  double rate = 0;
  double share = 0;
  Simulated simulated;
};

class CapacitySearch {
 public:
  CapacitySearch(std::span<const TraceRequest> trace, const ServiceLevel& level, const SimulationOptions& options)
      : trace_(trace), level_(level), options_(options) {}

  // Whether the level is kept at this rate.
  Result<bool> Try(double rate) {
    options_.rate = rate;
    TW_ASSIGN(Simulated simulated, Simulate(trace_, options_));
    const double share = KeptShare(simulated, level_);
    const bool kept = share >= level_.share;
    if (kept || rate <= kSlowest) best_ = {rate, share, std::move(simulated)};
    return kept;
  }
  Trial best_;  // the last one that was kept

 private:
  std::span<const TraceRequest> trace_;
  ServiceLevel level_;
  SimulationOptions options_;
};

}  // namespace

bool Kept(const SimulatedRequest& request, const ServiceLevel& level) {
  return !request.refused && !request.cut && request.ttft && Within(request.ttft, level.ttft) && Within(request.tpot, level.tpot) &&
         Within(request.total, level.total);
}

double KeptShare(const Simulated& simulated, const ServiceLevel& level) {
  if (simulated.requests.empty()) return 1;
  const auto kept = std::count_if(simulated.requests.begin(), simulated.requests.end(), [&](const auto& r) { return Kept(r, level); });
  return static_cast<double>(kept) / static_cast<double>(simulated.requests.size());
}

Result<CapacityPlan> PlanCapacity(std::span<const TraceRequest> trace, const ServiceLevel& level, const SimulationOptions& options) {
  if (!(level.share > 0 && level.share <= 1))
    return Fail(Status(StatusCode::kInvalidInput, "a service level's share is above 0 and at most 1").At("share"));
  const double trace_rate = trace.size() < 2 ? 0 : RateOf(trace);
  if (!(trace_rate > 0 && std::isfinite(trace_rate)))
    return Fail(Status(StatusCode::kInvalidInput, "a plan needs two requests or more that arrive at different times").At("trace"));
  CapacitySearch search(trace, level, options);
  double low = 1, high = 1;
  TW_ASSIGN(bool kept, search.Try(1));
  const bool up = kept;
  while (kept == up && low > kSlowest && high < kFastest) {
    (up ? high : low) = up ? high * 2 : low / 2;
    TW_ASSIGN(kept, search.Try(up ? high : low));
    if (kept) low = up ? high : low;
    if (!kept) high = up ? high : low;
  }
  CapacityPlan plan;
  plan.bounded = !(up && kept);
  while (plan.bounded && search.best_.share >= level.share && high / low > kExact) {
    const double middle = std::sqrt(low * high);
    TW_ASSIGN(kept, search.Try(middle));
    (kept ? low : high) = middle;
  }
  plan.kept_share = search.best_.share;
  plan.at = std::move(search.best_.simulated);
  if (plan.kept_share < level.share) return plan;
  plan.rate = search.best_.rate;
  plan.requests_per_s = plan.rate * trace_rate;
  return plan;
}

}  // namespace tradewind
