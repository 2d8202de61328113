// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/expert_selection.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <unordered_map>

namespace tradewind {
namespace {

ExpertSet Bit(size_t expert) {
  return ExpertSet{1} << expert;
}

struct Problem {
  std::span<const ExpertCost> costs;
  SelectionLimits limits;
  const SetQuality& quality;
  int64_t evaluations = 0;
  std::unordered_map<ExpertSet, double> known = {};

  double Quality(ExpertSet set) {
    const auto [place, is_new] = known.try_emplace(set, 0.0);
    if (is_new) {
      ++evaluations;
      place->second = quality(set);
    }
    return place->second;
  }
  double Energy(ExpertSet set) const {
    double sum = 0;
    for (; set != 0; set &= set - 1) sum += costs[static_cast<size_t>(std::countr_zero(set))].energy_j;
    return sum;
  }
  double Latency(ExpertSet set) const {
    double most = 0;
    for (; set != 0; set &= set - 1) most = std::max(most, costs[static_cast<size_t>(std::countr_zero(set))].latency_ms);
    return most;
  }
  bool Fits(ExpertSet set) const { return Energy(set) <= limits.energy_j && Latency(set) <= limits.latency_ms; }
  Selection Made(ExpertSet set, double value) const {
    return {.experts = set, .quality = value, .energy_j = Energy(set), .latency_ms = Latency(set), .evaluations = evaluations};
  }
};

Result<void> Check(std::span<const ExpertCost> costs) {
  if (costs.empty() || costs.size() > kMostExperts) {
    return Fail(StatusCode::kInvalidInput, std::to_string(costs.size()) + " experts; give 1 to " + std::to_string(kMostExperts));
  }
  for (size_t i = 0; i < costs.size(); ++i) {
    const bool good =
        std::isfinite(costs[i].energy_j) && std::isfinite(costs[i].latency_ms) && costs[i].energy_j >= 0 && costs[i].latency_ms >= 0;
    if (!good) return Fail(StatusCode::kInvalidInput, "expert " + std::to_string(i) + ": energy and latency must be numbers of at least 0");
  }
  return {};
}

// Adds the expert of most gain (for its energy) until none fits or gains.
Selection Greedy(Problem& problem, bool for_energy) {
  ExpertSet set = 0;
  double value = problem.Quality(0);
  for (;;) {
    ExpertSet best = set;
    double best_rate = 0, best_value = value;
    for (size_t e = 0; e < problem.costs.size(); ++e) {
      const ExpertSet with = set | Bit(e);
      if (with == set || !problem.Fits(with)) continue;
      const double gained = problem.Quality(with);
      const double rate = for_energy ? (gained - value) / std::max(problem.costs[e].energy_j, 1e-12) : gained - value;
      if (rate > best_rate) best = with, best_rate = rate, best_value = gained;
    }
    if (best == set) return problem.Made(set, value);
    set = best;
    value = best_value;
  }
}

Selection BestGreedy(Problem& problem) {
  const Selection by_rate = Greedy(problem, true), by_gain = Greedy(problem, false);
  return by_gain.quality > by_rate.quality ? by_gain : by_rate;
}

// The most that experts of these gains could add together for an energy: the fractional knapsack.
double Knapsack(std::vector<std::pair<double, double>>& gain_energy, double energy) {
  std::sort(gain_energy.begin(), gain_energy.end(), [](const auto& a, const auto& b) { return a.first * b.second > b.first * a.second; });
  double sum = 0;
  for (const auto& [gain, cost] : gain_energy) {
    if (cost <= energy) {
      sum += gain;
      energy -= cost;
    } else {
      return sum + gain * energy / cost;
    }
  }
  return sum;
}

struct Node {
  ExpertSet chosen = 0;
  double value = 0;    // of `chosen`
  size_t decided = 0;  // the first so many of the order
};

// Branch and bound over the experts in `order`.
class Search {
 public:
  Search(Problem& problem, std::vector<size_t> order, bool submodular)
      : problem_(problem), order_(std::move(order)), submodular_(submodular) {}

  void Run(Selection& best) {
    std::vector<Node> stack = {{0, problem_.Quality(0), 0}};
    while (!stack.empty()) {
      const Node node = stack.back();
      stack.pop_back();
      if (node.value > best.quality) best = problem_.Made(node.chosen, node.value);
      std::vector<size_t> open = Open(node);
      if (open.empty()) continue;
      // What the experts add to none is known by now, and costs nothing to ask.
      if (submodular_ && !GainsCouldBeat(node, open, 0, best)) continue;
      if (!CouldBeat(node, open, best)) continue;
      if (submodular_ && !GainsCouldBeat(node, open, node.chosen, best)) continue;
      const size_t next = open.front();
      // Last in, first out: the branch that takes the expert comes first.
      stack.push_back({node.chosen, node.value, next + 1});
      const ExpertSet with = node.chosen | Bit(order_[next]);
      stack.push_back({with, problem_.Quality(with), next + 1});
    }
  }

 private:
  // Places in the order, from the first undecided on, of experts that could still join.
  std::vector<size_t> Open(const Node& node) const {
    std::vector<size_t> open;
    for (size_t place = node.decided; place < order_.size(); ++place) {
      if (problem_.Fits(node.chosen | Bit(order_[place]))) open.push_back(place);
    }
    return open;
  }

  bool CouldBeat(const Node& node, const std::vector<size_t>& open, Selection& best) {
    ExpertSet corner = node.chosen;
    for (const size_t place : open) corner |= Bit(order_[place]);
    const double at_corner = problem_.Quality(corner);
    if (problem_.Fits(corner)) {  // all of them: nothing in the box is better
      if (at_corner > best.quality) best = problem_.Made(corner, at_corner);
      return false;
    }
    return at_corner > best.quality;
  }

  // What the open experts add to the chosen ones is at most the sum of what each adds to `to`, a part of the chosen ones.
  bool GainsCouldBeat(const Node& node, const std::vector<size_t>& open, ExpertSet to, const Selection& best) {
    const double base = problem_.Quality(to);
    std::vector<std::pair<double, double>> gains;
    for (const size_t place : open) {
      const size_t expert = order_[place];
      gains.emplace_back(problem_.Quality(to | Bit(expert)) - base, problem_.costs[expert].energy_j);
    }
    const double rest = problem_.limits.energy_j - problem_.Energy(node.chosen);
    // A hair above, so that rounding cannot cut the optimum.
    return node.value + Knapsack(gains, rest) + 1e-12 * std::abs(node.value) > best.quality;
  }

  Problem& problem_;
  std::vector<size_t> order_;
  bool submodular_;
};

}  // namespace

Result<Selection> SelectGreedy(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality) {
  TW_RETURN_IF_ERROR(Check(costs));
  Problem problem{.costs = costs, .limits = limits, .quality = quality};
  Selection best = BestGreedy(problem);
  best.evaluations = problem.evaluations;
  return best;
}

Result<Selection> SelectExact(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality,
                              const ExactOptions& options) {
  TW_RETURN_IF_ERROR(Check(costs));
  Problem problem{.costs = costs, .limits = limits, .quality = quality};
  Selection best = BestGreedy(problem);
  std::vector<double> rate(costs.size(), 0);
  std::vector<size_t> order;
  const double empty = problem.Quality(0);
  for (size_t e = 0; e < costs.size(); ++e) {
    if (!problem.Fits(Bit(e))) continue;
    rate[e] = (problem.Quality(Bit(e)) - empty) / std::max(costs[e].energy_j, 1e-12);
    order.push_back(e);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return rate[a] > rate[b]; });
  Search(problem, std::move(order), options.submodular).Run(best);
  best.evaluations = problem.evaluations;
  return best;
}

Result<Selection> SelectByTryingAll(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality) {
  TW_RETURN_IF_ERROR(Check(costs));
  if (costs.size() > 20) return Fail(StatusCode::kUnsupported, "trying every set takes at most 20 experts; use SelectExact");
  Problem problem{.costs = costs, .limits = limits, .quality = quality};
  Selection best = problem.Made(0, problem.Quality(0));
  for (ExpertSet set = 1; set < ExpertSet{1} << costs.size(); ++set) {
    if (!problem.Fits(set)) continue;
    const double value = problem.Quality(set);
    if (value > best.quality) best = problem.Made(set, value);
  }
  best.evaluations = problem.evaluations;
  return best;
}

GatedQuality::GatedQuality(std::vector<double> utility, size_t experts) : utility_(std::move(utility)), experts_(experts) {
  assert(experts > 0 && experts <= kMostExperts && utility_.size() % experts == 0);
  assert(std::all_of(utility_.begin(), utility_.end(), [](double u) { return u >= 0; }));
}

double GatedQuality::operator()(ExpertSet set) const {
  const size_t samples = utility_.size() / experts_;
  double sum = 0;
  for (size_t i = 0; i < samples; ++i) {
    double most = 0;
    for (ExpertSet rest = set; rest != 0; rest &= rest - 1) {
      most = std::max(most, utility_[i * experts_ + static_cast<size_t>(std::countr_zero(rest))]);
    }
    sum += most;
  }
  return samples == 0 ? 0 : sum / static_cast<double>(samples);
}

}  // namespace tradewind
