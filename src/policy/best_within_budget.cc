// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/best_within_budget.h"

#include <algorithm>
#include <cstdio>
#include <limits>

namespace tradewind {
namespace {

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

double Primary(const Candidate& c, const Axis& axis) {
  const Measurement* m = c.point.Find(axis.metric);
  if (m == nullptr) return std::numeric_limits<double>::infinity();
  return axis.direction == Direction::kLowerIsBetter ? m->value : -m->value;
}

// How far over its budget a candidate is: the worst ratio of cost to budget and why; 1 or less fits.
struct Miss {
  double ratio = 0;
  std::string reason;

  void AddCost(const char* what, double cost, double allowed, const char* unit) {
    const double r = allowed > 0 ? cost / allowed : std::numeric_limits<double>::infinity();
    if (r <= ratio) return;
    ratio = r;
    reason = std::string(what) + " " + Number(cost) + " " + unit + (r > 1 ? " over " : " of ") + Number(allowed) + " " + unit;
  }
  // `share` of the best quality, of which at least `wanted` is.
  void AddQuality(double share, double wanted) {
    const double r = wanted / std::max(share, 1e-9);
    if (r <= ratio) return;
    ratio = r;
    reason = "quality " + Number(share) + (r > 1 ? " under " : " for ") + Number(wanted);
  }
};

Miss MissOf(const Candidate& c, const Budget& budget, const Axis& primary, double best) {
  Miss miss;
  // What is not known of a candidate cannot be said to fit.
  const auto within = [&](const char* what, const std::optional<Prediction>& cost, const std::optional<Duration>& allowed) {
    if (allowed) miss.AddCost(what, cost ? cost->interval.high : std::numeric_limits<double>::infinity(), allowed->ms(), "ms");
  };
  within("TTFT up to", c.ttft_ms, budget.ttft);
  within("TPOT up to", c.tpot_ms, budget.tpot);
  within("answer up to", c.total_ms, budget.deadline);
  if (budget.memory_bytes) {
    const double mebibytes = c.memory_bytes > 0 ? c.memory_bytes / 1048576.0 : std::numeric_limits<double>::infinity();
    miss.AddCost("memory", mebibytes, static_cast<double>(*budget.memory_bytes) / 1048576.0, "MiB");
  }
  if (budget.quality) {
    const double own = Primary(c, primary);
    miss.AddQuality(primary.direction == Direction::kLowerIsBetter ? best / own : own / best, *budget.quality);
  }
  return miss;
}

}  // namespace

Decision BestWithinBudget::Choose(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) {
  Decision decision;
  double best = std::numeric_limits<double>::infinity();
  for (const Candidate& c : candidates) best = std::min(best, Primary(c, primary));
  std::vector<Miss> misses;
  double nearest = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < candidates.size(); ++i) {
    misses.push_back(MissOf(candidates[i], budget, primary, best));
    if (!decision.nearest || misses[i].ratio < nearest) {
      nearest = misses[i].ratio;
      decision.nearest = i;
    }
    if (misses[i].ratio > 1) continue;
    const auto tpot = [&](size_t k) { return candidates[k].tpot_ms ? candidates[k].tpot_ms->value : 0.0; };
    const auto quality = [&](size_t k) { return Primary(candidates[k], primary); };
    const bool better = !decision.chosen || quality(i) < quality(*decision.chosen) ||
                        (quality(i) == quality(*decision.chosen) && tpot(i) < tpot(*decision.chosen));
    if (better) decision.chosen = i;
  }
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i == decision.chosen) continue;
    std::string reason = misses[i].reason;
    if (misses[i].ratio <= 1) {
      reason = Primary(candidates[i], primary) > Primary(candidates[*decision.chosen], primary) ? "worse " + primary.metric
                                                                                                : "slower at equal " + primary.metric;
    }
    decision.rejected.push_back({i, std::move(reason)});
  }
  if (decision.chosen) {
    const size_t over = static_cast<size_t>(std::count_if(misses.begin(), misses.end(), [](const Miss& m) { return m.ratio > 1; }));
    decision.nearest.reset();
    decision.reason = "best " + primary.metric + " of the " + std::to_string(candidates.size() - over) + " of " +
                      std::to_string(candidates.size()) + " measured settings that fit" + (budget.Empty() ? "" : " " + budget.ToText());
  } else if (candidates.empty()) {
    decision.reason = "nothing has been measured";
  } else {
    decision.reason = "none of the " + std::to_string(candidates.size()) + " measured settings fits " + budget.ToText() +
                      "; the nearest misses by " + misses[*decision.nearest].reason;
  }
  return decision;
}

}  // namespace tradewind
