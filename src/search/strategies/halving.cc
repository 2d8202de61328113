// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Successive halving (Jamieson and Talwalkar, arXiv:1502.07943) over the goal's fidelity, for several axes: many settings are tried
// cheaply, the best by non-dominated rank and crowding go on to the next fidelity, and so on to the last. What several others dominate at
// its own fidelity is stopped early, even if there were room for it. In several brackets, of which later ones start around what earlier
// ones found.
#include <algorithm>
#include <cmath>

#include "search/guided.h"

namespace tradewind {
namespace {

struct HalvingOptions {
  double eta = 3;
  size_t brackets = 3;
  size_t patience = 3;
};

class Halving final : public GuidedStrategy {
 public:
  Halving(Space space, const SearchGoal& goal, const StrategyOptions& options, HalvingOptions own, size_t dimension)
      : GuidedStrategy(std::move(space), goal, options), own_(own), dimension_(dimension) {
    levels_ = this->space().spec().dimensions[dimension_].values.size();
    rungs_.resize(levels_);
  }
  std::string_view name() const override { return "halving"; }

 private:
  void Learn(const ScoredTrial& trial) override { rungs_[static_cast<size_t>(trial.genome[dimension_])].push_back(trial); }

  std::vector<Genome> Plan() override {
    if (level_ + 1 < levels_ && !running_.empty()) {
      std::vector<Genome> next = Promote(static_cast<size_t>(std::ceil(static_cast<double>(running_.size()) / own_.eta)));
      ++level_;
      if (!next.empty()) return running_ = next;
    }
    level_ = 0;
    running_ = StartBracket();
    // Nothing cheap is left to try: the best of what was not promoted goes on, whatever its rank.
    for (level_ = 0; running_.empty() && level_ + 1 < levels_; ++level_) {
      for (const ScoredTrial& trial : rungs_[level_]) running_.push_back(trial.genome);
      stops_ = false;
      std::vector<Genome> next = Promote(std::max<size_t>(1, running_.size() / 4));
      stops_ = true;
      running_ = std::move(next);
    }
    return running_;
  }

  std::vector<Genome> StartBracket() {
    double cost = 0;
    for (size_t level = 0; level < levels_; ++level) cost += std::pow(own_.eta, -static_cast<double>(level));
    const double share = static_cast<double>(trials()) / static_cast<double>(own_.brackets);
    const auto count = std::max<size_t>(2, static_cast<size_t>(share / cost));
    std::set<Genome> taken;
    std::vector<Genome> cheap;
    const std::vector<size_t> parents = SelectBest(rungs_.back(), 16);
    for (int draw = 0; draw < 1000 && cheap.size() < count; ++draw) {
      const bool near = !parents.empty() && random().Uniform() < 0.5;
      Genome genome =
          near ? space().Mutate(rungs_.back()[parents[random().Below(parents.size())]].genome, 0.2, random()) : space().Sample(random());
      const std::optional<Genome> at_first = AtLevel(genome, 0);
      if (at_first && !Proposed(*at_first) && taken.insert(*at_first).second) cheap.push_back(*at_first);
    }
    return cheap;
  }

  // The best `count` of those running at this level, at the next; those never proposed there alone.
  std::vector<Genome> Promote(size_t count) {
    const std::vector<ScoredTrial>& rung = rungs_[level_];
    const Ranking ranking = RankTrials(rung);
    const std::set<Genome> running(running_.begin(), running_.end());
    std::vector<size_t> order;
    for (size_t i = 0; i < rung.size(); ++i) {
      const std::optional<Genome> next = AtLevel(rung[i].genome, level_ + 1);
      if (running.count(rung[i].genome) != 0 && next && !Proposed(*next) && !Stopped(rung, i)) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return ranking.Before(a, b); });
    std::vector<Genome> promoted;
    for (size_t i = 0; i < std::min(count, order.size()); ++i) promoted.push_back(*AtLevel(rung[order[i]].genome, level_ + 1));
    return promoted;
  }

  // Pareto early stopping: more trials of the same fidelity beat it than patience allows.
  bool Stopped(const std::vector<ScoredTrial>& rung, size_t i) const {
    const auto beaten = std::count_if(rung.begin(), rung.end(), [&](const ScoredTrial& other) { return Beats(other, rung[i]); });
    return stops_ && static_cast<size_t>(beaten) > own_.patience;
  }

  std::optional<Genome> AtLevel(Genome genome, size_t level) const {
    genome[dimension_] = static_cast<double>(level);
    if (!space().Valid(genome)) return std::nullopt;
    return space().Encode(space().Decode(genome));
  }

  HalvingOptions own_;
  size_t dimension_;
  size_t levels_ = 0;
  std::vector<std::vector<ScoredTrial>> rungs_;  // by fidelity
  std::vector<Genome> running_;                  // of the bracket, at this level
  size_t level_ = 0;
  bool stops_ = true;
};

Result<std::unique_ptr<Strategy>> MakeHalving(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  if (goal.fidelity.empty()) {
    return Fail(Status(StatusCode::kUnsupported,
                       "halving tries settings cheaply first, and needs a knob that buys truth with time: name it, as in --fidelity epochs")
                    .At("--strategy halving"));
  }
  HalvingOptions own;
  TW_ASSIGN(own.eta, NumberParameter(options, "eta", 3, 1.5, 20));
  TW_ASSIGN(const double brackets, NumberParameter(options, "brackets", 3, 1, 100));
  TW_ASSIGN(const double patience, NumberParameter(options, "patience", 3, 0, 1000));
  own.brackets = static_cast<size_t>(brackets);
  own.patience = static_cast<size_t>(patience);
  size_t dimension = 0;
  while (space.spec().dimensions[dimension].knob != goal.fidelity) ++dimension;
  return std::make_unique<Halving>(std::move(space), goal, options, own, dimension);
}

}  // namespace

void RegisterHalvingStrategy(Registry<StrategyInfo>& registry);
void RegisterHalvingStrategy(Registry<StrategyInfo>& registry) {
  registry.Add("halving", {.name = "halving",
                           .summary = "Successive halving over a fidelity, with Pareto early stopping.",
                           .parameters = {{"eta", "3", "one in so many goes on to the next fidelity, 1.5 to 20"},
                                          {"brackets", "3", "times that it starts anew at the cheapest, 1 to 100"},
                                          {"patience", "3", "trials of its fidelity that may dominate one that goes on, 0 to 1000"}},
                           .climbs_fidelity = true,
                           .make = MakeHalving});
}

}  // namespace tradewind
