// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/archive.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "search/indicators.h"

namespace tradewind {
namespace {

// At the worst value itself, the front's own ends would be worth nothing.
constexpr double kBeyondWorst = 0.1;

bool NowhereWorse(const std::vector<double>& a, const std::vector<double>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
  }
  return true;
}

double Excess(const Constraint& constraint, const Point& point) {
  const Measurement* m = point.Find(constraint.metric);
  if (m == nullptr || !std::isfinite(m->value)) return 1;
  const bool upper = constraint.direction == Direction::kLowerIsBetter;
  const double over = upper ? m->value - constraint.limit : constraint.limit - m->value;
  return over <= 0 ? 0 : over / std::max(std::abs(constraint.limit), 1e-12);
}

// The values of these trials, one row after the other.
std::vector<double> RowsOf(std::span<const ScoredTrial> trials, const std::vector<size_t>& members) {
  std::vector<double> rows;
  for (const size_t i : members) rows.insert(rows.end(), trials[i].values.begin(), trials[i].values.end());
  return rows;
}

}  // namespace

bool Beats(const ScoredTrial& a, const ScoredTrial& b) {
  if (a.complete != b.complete) return a.complete;
  if (a.violation != b.violation) return a.violation < b.violation;
  if (!a.complete || a.violation > 0) return false;
  return a.values != b.values && NowhereWorse(a.values, b.values);
}

Ranking RankTrials(std::span<const ScoredTrial> trials) {
  Ranking ranking{std::vector<size_t>(trials.size(), 0), std::vector<double>(trials.size(), 0)};
  std::vector<size_t> feasible;
  std::vector<size_t> others;
  for (size_t i = 0; i < trials.size(); ++i) (trials[i].Feasible() ? feasible : others).push_back(i);
  size_t ranks = 0;
  if (!feasible.empty()) {
    const size_t axes = trials[feasible[0]].values.size();
    const std::vector<uint32_t> found = NonDominatedRanks(RowsOf(trials, feasible), axes);
    ranks = *std::max_element(found.begin(), found.end()) + size_t{1};
    std::vector<std::vector<size_t>> layers(ranks);
    for (size_t i = 0; i < feasible.size(); ++i) {
      ranking.rank[feasible[i]] = found[i];
      layers[found[i]].push_back(feasible[i]);
    }
    for (const std::vector<size_t>& layer : layers) {
      const std::vector<double> room = CrowdingDistances(RowsOf(trials, layer), axes);
      for (size_t i = 0; i < layer.size(); ++i) ranking.crowding[layer[i]] = room[i];
    }
  }
  // The others line up behind, by what they break.
  std::stable_sort(others.begin(), others.end(), [&](size_t a, size_t b) { return Beats(trials[a], trials[b]); });
  for (size_t i = 0; i < others.size(); ++i) {
    if (i > 0 && Beats(trials[others[i - 1]], trials[others[i]])) ++ranks;
    ranking.rank[others[i]] = ranks;
  }
  return ranking;
}

std::vector<size_t> SelectBest(std::span<const ScoredTrial> trials, size_t keep) {
  std::vector<size_t> order(trials.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (keep >= trials.size()) return order;
  const Ranking ranking = RankTrials(trials);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return ranking.Before(a, b); });
  order.resize(keep);
  std::sort(order.begin(), order.end());
  return order;
}

ScoredTrial Archive::Score(const Genome& genome, const Point& point) const {
  ScoredTrial trial{.genome = genome, .values = {}};
  for (const Axis& axis : goal_.axes) {
    const Measurement* m = point.Find(axis.metric);
    const bool known = m != nullptr && std::isfinite(m->value);
    trial.complete = trial.complete && known;
    trial.values.push_back(!known ? kInfinity : axis.direction == Direction::kLowerIsBetter ? m->value : -m->value);
  }
  for (const Constraint& constraint : goal_.constraints) trial.violation += Excess(constraint, point);
  return trial;
}

size_t Archive::Add(const Genome& genome, const Point& point) {
  const auto [found, fresh] = index_.emplace(genome, trials_.size());
  if (!fresh) return found->second;
  trials_.push_back(Score(genome, point));
  if (trials_.back().Feasible()) UpdateFront(found->second);
  return found->second;
}

void Archive::UpdateFront(size_t added) {
  const std::vector<double>& values = trials_[added].values;
  for (const size_t i : front_) {
    if (NowhereWorse(trials_[i].values, values)) return;
  }
  std::erase_if(front_, [&](size_t i) { return NowhereWorse(values, trials_[i].values); });
  const auto place =
      std::upper_bound(front_.begin(), front_.end(), values[0], [&](double v, size_t i) { return v < trials_[i].values[0]; });
  front_.insert(place, added);
}

const ScoredTrial* Archive::Find(const Genome& genome) const {
  const auto found = index_.find(genome);
  return found == index_.end() ? nullptr : &trials_[found->second];
}

std::vector<double> Archive::Reference() const {
  std::vector<double> reference(goal_.axes.size(), -kInfinity);
  for (size_t axis = 0; axis < reference.size(); ++axis) {
    if (!goal_.reference.empty()) {
      reference[axis] = goal_.axes[axis].direction == Direction::kLowerIsBetter ? goal_.reference[axis] : -goal_.reference[axis];
      continue;
    }
    for (const bool feasible : {true, false}) {
      double best = kInfinity;
      for (const ScoredTrial& trial : trials_) {
        const bool counts = trial.Feasible() || (!feasible && trial.complete);
        if (!counts) continue;
        reference[axis] = std::max(reference[axis], trial.values[axis]);
        best = std::min(best, trial.values[axis]);
      }
      if (reference[axis] == -kInfinity) continue;
      reference[axis] += kBeyondWorst * (reference[axis] - best);
      break;
    }
  }
  return reference;
}

}  // namespace tradewind
