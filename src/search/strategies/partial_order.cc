// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Partial order pruning (arXiv:1903.03777). The assumption: where every ordered knob of one setting is at least as large as
// another's and all else is equal, quality and cost are, too. Then what was measured bounds what was not, and a setting that even at its
// bounds is dominated is never tried. Which way an axis goes with size, and by how much the assumption is wrong, is taken from the measured
// pairs.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/numbers.h"
#include "search/acquisition.h"
#include "search/guided.h"
#include "search/indicators.h"

namespace tradewind {
namespace {

constexpr size_t kEnumerable = 200'000;

// Of comparable measured pairs, on one axis.
struct AxisOrder {
  size_t rises = 0;  // pairs whose value is higher for the larger setting
  size_t falls = 0;
  std::vector<double> steps;  // larger minus smaller
  bool Rising() const { return rises >= falls; }
};

class PartialOrder final : public GuidedStrategy {
 public:
  PartialOrder(Space space, const SearchGoal& goal, const StrategyOptions& options, std::vector<bool> ordered, double trust)
      : GuidedStrategy(std::move(space), goal, options), ordered_(std::move(ordered)), trust_(trust), axes_(goal.axes.size()) {}
  std::string_view name() const override { return "partial_order"; }
  std::string Remark() const override {
    size_t pairs = 0;
    size_t broken = 0;
    for (const AxisOrder& axis : axes_) {
      pairs += axis.rises + axis.falls;
      broken += std::min(axis.rises, axis.falls);
    }
    char text[160];
    std::snprintf(text, sizeof text, "%zu settings pruned; the order was wrong for %zu of %zu measured pairs (%.1f %%)", pruned_.size(),
                  broken, pairs, pairs == 0 ? 0.0 : 100.0 * static_cast<double>(broken) / static_cast<double>(pairs));
    return text;
  }

 private:
  // -1: a is the smaller, 1: the larger, 0: the two cannot be compared.
  int Compare(const Genome& a, const Genome& b) const {
    int order = 0;
    for (size_t d = 0; d < a.size(); ++d) {
      if (a[d] == b[d]) continue;
      const int step = a[d] < b[d] ? -1 : 1;
      if (!ordered_[d] || a[d] == kInactive || b[d] == kInactive || step == -order) return 0;
      order = step;
    }
    return order;
  }

  void Learn(const ScoredTrial& trial) override {
    if (!trial.complete) return;
    for (const ScoredTrial& other : measured_) {
      const int order = Compare(trial.genome, other.genome);
      for (size_t k = 0; k < axes_.size() && order != 0; ++k) {
        const double step = order * (trial.values[k] - other.values[k]);
        if (step != 0) ++(step > 0 ? axes_[k].rises : axes_[k].falls);
        axes_[k].steps.push_back(step);
      }
    }
    measured_.push_back(trial);
  }

  // By how much the assumption fails on an axis: so large a step against the order that only 1 - trust of the pairs have a larger one.
  std::vector<double> Slack() {
    std::vector<double> slack;
    for (AxisOrder& axis : axes_) {
      std::vector<double> against = axis.steps;
      for (double& step : against) step = std::max(0.0, axis.Rising() ? -step : step);
      const auto place = static_cast<size_t>(trust_ * static_cast<double>(against.size()));
      if (place >= against.size()) {
        slack.push_back(against.empty() ? 0 : *std::max_element(against.begin(), against.end()));
        continue;
      }
      std::nth_element(against.begin(), against.begin() + static_cast<std::ptrdiff_t>(place), against.end());
      slack.push_back(against[place]);
    }
    return slack;
  }

  struct Bounds {
    std::vector<double> best;
    std::vector<double> worst;
  };
  Bounds BoundsOf(const Genome& genome) const {
    Bounds bounds{std::vector<double>(axes_.size(), -kInfinity), std::vector<double>(axes_.size(), kInfinity)};
    for (const ScoredTrial& trial : measured_) {
      const int order = Compare(genome, trial.genome);
      for (size_t k = 0; k < axes_.size() && order != 0; ++k) {
        const bool at_least = (order > 0) == axes_[k].Rising();
        if (at_least) {
          bounds.best[k] = std::max(bounds.best[k], trial.values[k]);
        } else {
          bounds.worst[k] = std::min(bounds.worst[k], trial.values[k]);
        }
      }
    }
    return bounds;
  }

  // Dominated even at its bounds.
  bool Pruned(const Bounds& bounds, const std::vector<double>& slack) const {
    const std::vector<ScoredTrial>& all = archive().trials();
    return std::any_of(archive().Front().begin(), archive().Front().end(), [&](size_t i) {
      for (size_t k = 0; k < slack.size(); ++k) {
        if (all[i].values[k] > bounds.best[k] - slack[k]) return false;
      }
      return true;
    });
  }

  std::vector<Genome> Plan() override {
    if (measured_.size() < 2) return SpreadDesign(std::min<size_t>(trials(), std::max<size_t>(8, 2 * space().size())));
    const size_t batch = std::max<size_t>(1, proposed() / 20);
    const std::vector<double> slack = Slack();
    const auto skip = [&](const Genome& genome) { return Proposed(genome); };
    std::vector<Genome> open;
    std::vector<Bounds> bounds;
    const auto take = [&](const Genome& genome) {
      Bounds b = BoundsOf(genome);
      if (Pruned(b, slack)) {
        pruned_.insert(genome);
        return;
      }
      open.push_back(genome);
      bounds.push_back(std::move(b));
    };
    for (const Genome& genome : CandidatesAroundFront(space(), archive(), 12 * batch, skip, random())) take(genome);
    const std::optional<uint64_t> all = space().Combinations();
    if (open.empty() && all && *all <= kEnumerable) {
      for (uint64_t i = 0; i < *all && open.size() < 12 * batch; ++i) {
        const Genome genome = space().At(i);
        if (space().Valid(genome) && !skip(genome)) take(genome);
      }
    }
    return MostPromising(open, bounds, batch);
  }

  // Those that come first, by rank and crowding among themselves and the front, if each turns out half way between its bounds and breaks
  // what the measured setting nearest to it breaks.
  std::vector<Genome> MostPromising(const std::vector<Genome>& open, const std::vector<Bounds>& bounds, size_t batch) const {
    std::vector<ScoredTrial> pool;
    for (size_t i = 0; i < open.size(); ++i) {
      ScoredTrial guess{.genome = open[i], .values = {}, .violation = NearestViolation(open[i])};
      for (size_t k = 0; k < axes_.size(); ++k) {
        const double best = std::isfinite(bounds[i].best[k]) ? bounds[i].best[k] : BestSeen(k);
        const double worst = std::isfinite(bounds[i].worst[k]) ? bounds[i].worst[k] : std::max(best, WorstOfFront(k));
        guess.values.push_back((best + std::max(best, worst)) / 2);
      }
      pool.push_back(std::move(guess));
    }
    for (const size_t i : archive().Front()) pool.push_back(archive().trials()[i]);
    const Ranking ranking = RankTrials(pool);
    std::vector<size_t> order;
    for (size_t i = 0; i < open.size(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return ranking.Before(a, b); });
    std::vector<Genome> chosen;
    for (size_t i = 0; i < std::min(batch, order.size()); ++i) chosen.push_back(open[order[i]]);
    return chosen;
  }
  // Of the measured setting that differs in the fewest knobs.
  double NearestViolation(const Genome& genome) const {
    size_t fewest = genome.size() + 1;
    double violation = 0;
    for (const ScoredTrial& trial : measured_) {
      size_t differing = 0;
      for (size_t d = 0; d < genome.size(); ++d) differing += genome[d] != trial.genome[d] ? 1 : 0;
      if (differing >= fewest) continue;
      fewest = differing;
      violation = trial.violation;
    }
    return violation;
  }
  double BestSeen(size_t axis) const {
    double best = kInfinity;
    for (const ScoredTrial& trial : measured_) best = std::min(best, trial.values[axis]);
    return best;
  }
  double WorstOfFront(size_t axis) const {
    double worst = -kInfinity;
    for (const size_t i : archive().Front()) worst = std::max(worst, archive().trials()[i].values[axis]);
    return std::isfinite(worst) ? worst : BestSeen(axis);
  }

  std::vector<bool> ordered_;
  double trust_;
  std::vector<AxisOrder> axes_;
  std::vector<ScoredTrial> measured_;  // complete ones
  std::set<Genome> pruned_;            // to be counted; later slack may let one back in
};

Result<std::unique_ptr<Strategy>> MakePartialOrder(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  TW_ASSIGN(const std::string which, WordParameter(options, "ordered", {"known", "all"}));
  TW_ASSIGN(const double trust, NumberParameter(options, "trust", 0.9, 0, 1));
  std::vector<bool> ordered;
  for (const SearchDimension& d : space.spec().dimensions)
    ordered.push_back((d.ordered || d.range || which == "all") && d.knob != goal.fidelity);
  if (std::none_of(ordered.begin(), ordered.end(), [](bool o) { return o; })) {
    return Fail(Status(StatusCode::kUnsupported,
                       "partial_order needs a knob whose values go from small to large, and these are names; if they are listed in such an "
                       "order, give it ordered=all")
                    .At("--strategy partial_order"));
  }
  return std::make_unique<PartialOrder>(std::move(space), goal, options, std::move(ordered), trust);
}

}  // namespace

void RegisterPartialOrderStrategy(Registry<StrategyInfo>& registry);
void RegisterPartialOrderStrategy(Registry<StrategyInfo>& registry) {
  registry.Add(
      "partial_order",
      {.name = "partial_order",
       .summary = "Leaves out what larger and smaller settings show to be dominated (partial order pruning, arXiv:1903.03777).",
       .parameters = {{"ordered", "known", "known | all: which knobs' values go from small to large, those known to or all as listed"},
                      {"trust", "0.9", "share of measured pairs that the assumption, with its slack, must hold for, 0 to 1"}},
       .make = MakePartialOrder});
}

}  // namespace tradewind
