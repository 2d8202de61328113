// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer_frontier.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>

#include "base/numbers.h"

namespace tradewind {
namespace {

constexpr double kTolerance = 1.05;  // criterion 025: within 5 %

std::vector<double> At(std::span<const double> values, std::span<const size_t> rows) {
  std::vector<double> out;
  for (const size_t r : rows) out.push_back(values[r]);
  return out;
}

// The best quality among those not yet measured that are predicted, times `scale`, to keep the bound; without one, the least cost
// predicted.
size_t Pick(std::span<const double> quality, std::span<const double> predicted, double scale, double bound,
            std::span<const char> measured) {
  size_t best = SIZE_MAX;
  size_t cheapest = SIZE_MAX;
  for (size_t i = 0; i < quality.size(); ++i) {
    if (measured[i] != 0) continue;
    if (cheapest == SIZE_MAX || predicted[i] < predicted[cheapest]) cheapest = i;
    if (predicted[i] * scale <= bound && (best == SIZE_MAX || quality[i] > quality[best])) best = i;
  }
  return best != SIZE_MAX ? best : cheapest;
}

}  // namespace

std::vector<size_t> QualityCostFrontier(std::span<const double> quality, std::span<const double> cost) {
  assert(quality.size() == cost.size());
  std::vector<size_t> order(quality.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return cost[a] != cost[b] ? cost[a] < cost[b] : quality[a] > quality[b]; });
  std::vector<size_t> frontier;
  double best = -kInfinity;
  for (const size_t i : order) {
    if (quality[i] <= best) continue;
    best = quality[i];
    frontier.push_back(i);
  }
  return frontier;
}

double QualityCostVolume(std::span<const double> quality, std::span<const double> cost, double worst_quality, double worst_cost) {
  double volume = 0;
  double base = worst_quality;
  for (const size_t i : QualityCostFrontier(quality, cost)) {
    if (cost[i] >= worst_cost || quality[i] <= base) continue;
    volume += (worst_cost - cost[i]) * (quality[i] - base);
    base = quality[i];
  }
  return volume;
}

FrontierShare TransferFrontier(std::span<const double> quality, std::span<const double> predicted, std::span<const double> truth) {
  assert(quality.size() == predicted.size() && quality.size() == truth.size() && !quality.empty());
  FrontierShare out;
  out.chosen = QualityCostFrontier(quality, predicted);
  out.true_size = QualityCostFrontier(quality, truth).size();
  const double worst_quality = *std::min_element(quality.begin(), quality.end());
  const double worst_cost = *std::max_element(truth.begin(), truth.end());
  const double best = QualityCostVolume(quality, truth, worst_quality, worst_cost);
  const double ours = QualityCostVolume(At(quality, out.chosen), At(truth, out.chosen), worst_quality, worst_cost);
  out.share = best > 0 ? ours / best : 1;
  out.measurements_saved = quality.size() - out.chosen.size();
  return out;
}

BoundedChoice SearchUnderBound(std::span<const double> quality, std::span<const double> predicted, std::span<const double> truth,
                               double bound, size_t checks) {
  assert(quality.size() == predicted.size() && quality.size() == truth.size() && !quality.empty());
  BoundedChoice out;
  out.best_quality = -kInfinity;
  for (size_t i = 0; i < quality.size(); ++i) {
    if (truth[i] <= bound) out.best_quality = std::max(out.best_quality, quality[i]);
  }
  for (const double q : quality) out.unaided += q > out.best_quality ? 1 : 0;
  out.unaided = std::min(quality.size(), out.unaided + 1);
  std::vector<char> measured(quality.size(), 0);
  out.chosen = Pick(quality, predicted, 1, bound, measured);
  double scale = 1;
  std::optional<size_t> kept, cheapest;
  for (size_t next = out.chosen; out.checks < checks && out.checks < quality.size();) {
    measured[next] = 1;
    ++out.checks;
    if (truth[next] <= bound * kTolerance) {
      kept = next;
      break;
    }
    if (!cheapest || truth[next] < truth[*cheapest]) cheapest = next;
    if (out.checks == quality.size()) break;
    // Only ever stricter: a lucky architecture says little of the next, and a miss must not lead to a longer one.
    scale = std::max(scale, truth[next] / predicted[next]);
    next = Pick(quality, predicted, scale, bound, measured);
  }
  if (checks > 0) out.chosen = kept ? *kept : *cheapest;
  out.cost = truth[out.chosen];
  out.quality = quality[out.chosen];
  out.within = out.cost <= kTolerance * bound;
  return out;
}

}  // namespace tradewind
