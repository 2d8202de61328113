// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/cut_race.h"

#include <algorithm>
#include <cassert>

#include "stats/summary.h"

namespace tradewind {

Result<std::vector<PlanTimes>> RaceCuts(SplitNet& net, std::span<const SplitPlan> plans, std::span<const Image> pictures,
                                        const RaceOptions& options) {
  for (const SplitPlan& plan : plans) TW_RETURN_IF_ERROR(net.Prepare(plan.cut));
  std::vector<PlanTimes> times(plans.size());
  std::vector<int> rounds(plans.size(), options.rounds);  // how many each runs
  for (int round = 0; round < options.rounds; ++round) {
    for (size_t k = 0; k < plans.size(); ++k) {
      const size_t i = (k + static_cast<size_t>(round)) % plans.size();  // nobody is always the first
      if (round >= rounds[i]) continue;
      TW_ASSIGN(const SplitAnswer answer, net.Look(pictures[static_cast<size_t>(round) % pictures.size()], plans[i]));
      const auto n = static_cast<double>(times[i].latency_ms.size());
      times[i].sent_bytes = (times[i].sent_bytes * n + static_cast<double>(answer.sent_bytes)) / (n + 1);
      times[i].latency_ms.push_back(answer.whole.ms());
    }
    double fastest = Median(times[0].latency_ms);
    for (const PlanTimes& t : times) fastest = std::min(fastest, Median(t.latency_ms));
    for (size_t i = 0; i < plans.size(); ++i) {
      const double least = *std::min_element(times[i].latency_ms.begin(), times[i].latency_ms.end());
      if (least > options.hopeless * fastest) rounds[i] = std::min(rounds[i], round + 1);
      if (round > 0 && least > options.far * fastest) rounds[i] = std::min(rounds[i], std::max(options.least_rounds, round + 1));
    }
  }
  return times;
}

size_t FastestPlan(std::span<const PlanTimes> times) {
  assert(!times.empty());
  size_t rounds = 0;
  for (const PlanTimes& t : times) rounds = std::max(rounds, t.latency_ms.size());
  size_t best = times.size();
  for (size_t i = 0; i < times.size(); ++i) {
    if (times[i].latency_ms.size() < rounds) continue;
    if (best == times.size() || Median(times[i].latency_ms) < Median(times[best].latency_ms)) best = i;
  }
  return best;
}

}  // namespace tradewind
