// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/expert_selection.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace tradewind {
namespace {

constexpr double kLeastEnergy = 1e-12;  // where an expert costs none, its gain for energy is large, and finite

ExpertSet Bit(size_t expert) {
  return ExpertSet{1} << expert;
}

struct Problem {
  std::span<const ExpertCost> costs;
  SelectionLimits limits;
  const SetQuality& quality;
  const SetGains& gains;
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
  std::vector<double> Gains(ExpertSet to, const std::vector<size_t>& experts) {
    if (gains && !experts.empty()) {
      ++evaluations;
      return gains(to, experts);
    }
    std::vector<double> out;
    for (const size_t e : experts) out.push_back(Quality(to | Bit(e)) - Quality(to));
    return out;
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
    std::vector<size_t> open;
    for (size_t e = 0; e < problem.costs.size(); ++e) {
      if ((set & Bit(e)) == 0 && problem.Fits(set | Bit(e))) open.push_back(e);
    }
    const std::vector<double> gains = problem.Gains(set, open);
    std::optional<size_t> best;
    double best_rate = 0;
    for (size_t k = 0; k < open.size(); ++k) {
      const double rate = for_energy ? gains[k] / std::max(problem.costs[open[k]].energy_j, kLeastEnergy) : gains[k];
      if (rate > best_rate) best = k, best_rate = rate;
    }
    if (!best) return problem.Made(set, value);
    set |= Bit(open[*best]);
    value += gains[*best];
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
  ExpertSet open = 0;  // not decided yet
};

// Branch and bound.
class Search {
 public:
  Search(Problem& problem, bool submodular) : problem_(problem), submodular_(submodular) {}

  void Run(ExpertSet experts, Selection& best) {
    std::vector<Node> stack = {{0, problem_.Quality(0), experts}};
    while (!stack.empty()) {
      const Node node = stack.back();
      stack.pop_back();
      if (node.value > best.quality) best = problem_.Made(node.chosen, node.value);
      const std::vector<size_t> open = Open(node);
      if (open.empty()) continue;
      const std::optional<Node> with = submodular_ ? ByGains(node, open, best) : InOrder(node, open, best);
      if (!with) continue;
      // Last in, first out: the branch that takes the expert comes first.
      stack.push_back({node.chosen, node.value, with->open});
      stack.push_back(*with);
    }
  }

 private:
  // Those that could still join.
  std::vector<size_t> Open(const Node& node) const {
    std::vector<size_t> open;
    for (ExpertSet rest = node.open; rest != 0; rest &= rest - 1) {
      const auto expert = static_cast<size_t>(std::countr_zero(rest));
      if (problem_.Fits(node.chosen | Bit(expert))) open.push_back(expert);
    }
    return open;
  }

  static ExpertSet SetOf(const std::vector<size_t>& experts) {
    ExpertSet set = 0;
    for (const size_t e : experts) set |= Bit(e);
    return set;
  }

  // Whether the corner, all that could join, is better than the best; where it fits nothing else need be looked at.
  bool CornerCouldBeat(const Node& node, ExpertSet open, Selection& best) {
    const ExpertSet corner = node.chosen | open;
    const double at_corner = problem_.Quality(corner);
    if (!problem_.Fits(corner)) return at_corner > best.quality;
    if (at_corner > best.quality) best = problem_.Made(corner, at_corner);
    return false;
  }

  // The branch that takes an expert, or nothing where no branch can beat the best.
  std::optional<Node> InOrder(const Node& node, const std::vector<size_t>& open, Selection& best) {
    const ExpertSet all = SetOf(open);
    if (!CornerCouldBeat(node, all, best)) return std::nullopt;
    const ExpertSet with = node.chosen | Bit(open[0]);
    return Node{with, problem_.Quality(with), all & ~Bit(open[0])};
  }

  // What the open experts add together is at most the sum of what each adds to the chosen ones, as far as the energy goes.
  std::optional<Node> ByGains(const Node& node, const std::vector<size_t>& open, Selection& best) {
    const std::vector<double> gains = problem_.Gains(node.chosen, open);
    std::vector<std::pair<double, double>> items;
    size_t next = 0;
    double next_rate = -1;
    for (size_t k = 0; k < open.size(); ++k) {
      const double energy = problem_.costs[open[k]].energy_j;
      items.emplace_back(gains[k], energy);
      const double rate = gains[k] / std::max(energy, kLeastEnergy);
      if (rate > next_rate) next = k, next_rate = rate;
    }
    const double rest = problem_.limits.energy_j - problem_.Energy(node.chosen);
    // A hair above, so that rounding cannot cut the optimum.
    if (node.value + Knapsack(items, rest) + 1e-12 * std::abs(node.value) <= best.quality) return std::nullopt;
    const ExpertSet all = SetOf(open);
    if (!CornerCouldBeat(node, all, best)) return std::nullopt;
    return Node{node.chosen | Bit(open[next]), node.value + gains[next], all & ~Bit(open[next])};
  }

  Problem& problem_;
  bool submodular_;
};

}  // namespace

Result<Selection> SelectGreedy(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality) {
  TW_RETURN_IF_ERROR(Check(costs));
  const SetGains none;
  Problem problem{.costs = costs, .limits = limits, .quality = quality, .gains = none};
  Selection best = BestGreedy(problem);
  best.quality = quality(best.experts);
  best.evaluations = problem.evaluations;
  return best;
}

Result<Selection> SelectExact(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality,
                              const ExactOptions& options) {
  TW_RETURN_IF_ERROR(Check(costs));
  Problem problem{.costs = costs, .limits = limits, .quality = quality, .gains = options.gains};
  Selection best = BestGreedy(problem);
  ExpertSet experts = 0;
  for (size_t e = 0; e < costs.size(); ++e) experts |= problem.Fits(Bit(e)) ? Bit(e) : 0;
  Search(problem, options.submodular).Run(experts, best);
  best.quality = quality(best.experts);  // not the sum of gains, which is rounded
  best.evaluations = problem.evaluations;
  return best;
}

Result<Selection> SelectByTryingAll(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality) {
  TW_RETURN_IF_ERROR(Check(costs));
  if (costs.size() > 20) return Fail(StatusCode::kUnsupported, "trying every set takes at most 20 experts; use SelectExact");
  const SetGains none;
  const Problem problem{.costs = costs, .limits = limits, .quality = quality, .gains = none};
  ExpertSet best = 0;
  double best_value = quality(0);
  int64_t evaluations = 1;
  for (ExpertSet set = 1; set < ExpertSet{1} << costs.size(); ++set) {
    if (!problem.Fits(set)) continue;
    const double value = quality(set);
    ++evaluations;
    if (value > best_value) best = set, best_value = value;
  }
  Selection made = problem.Made(best, best_value);
  made.evaluations = evaluations;
  return made;
}

GatedQuality::GatedQuality(std::vector<double> utility, size_t experts)
    : by_expert_(utility.size()), experts_(experts), samples_(utility.size() / experts) {
  assert(experts > 0 && experts <= kMostExperts && utility.size() % experts == 0);
  assert(std::all_of(utility.begin(), utility.end(), [](double u) { return u >= 0; }));
  for (size_t i = 0; i < samples_; ++i) {
    for (size_t e = 0; e < experts; ++e) by_expert_[e * samples_ + i] = utility[i * experts + e];
  }
}

std::vector<double> GatedQuality::Most(ExpertSet set) const {
  std::vector<double> most(samples_, 0);
  for (; set != 0; set &= set - 1) {
    const double* own = by_expert_.data() + static_cast<size_t>(std::countr_zero(set)) * samples_;
    for (size_t i = 0; i < samples_; ++i) most[i] = std::max(most[i], own[i]);
  }
  return most;
}

double GatedQuality::operator()(ExpertSet set) const {
  if (samples_ == 0) return 0;
  const std::vector<double> most = Most(set);
  return std::accumulate(most.begin(), most.end(), 0.0) / static_cast<double>(samples_);
}

std::vector<double> GatedQuality::Gains(ExpertSet to, std::span<const size_t> experts) const {
  std::vector<double> out(experts.size(), 0);
  const std::vector<double> most = Most(to);
  for (size_t k = 0; k < experts.size() && samples_ > 0; ++k) {
    const double* own = by_expert_.data() + experts[k] * samples_;
    for (size_t i = 0; i < samples_; ++i) out[k] += std::max(0.0, own[i] - most[i]);
    out[k] /= static_cast<double>(samples_);
  }
  return out;
}

ExactOptions GatedQuality::Exactly() const {
  return {.submodular = true, .gains = [this](ExpertSet to, std::span<const size_t> experts) { return Gains(to, experts); }};
}

}  // namespace tradewind
