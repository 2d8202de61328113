// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// NSGA-II (Deb, Pratap, Agarwal and Meyarivan, IEEE Trans. Evolutionary Computation 6, 2002): parents by tournaments of rank and crowding,
// the next generation from parents and offspring together, constraint domination. No setting is tried twice. Offspring come one by one
// unless told otherwise (Durillo, Nebro, Luna and Alba, EMO 2009): of few trials, the next should know what the last one was worth.
#include <algorithm>
#include <cmath>

#include "search/guided.h"

namespace tradewind {
namespace {

constexpr double kCrossShare = 0.9;
constexpr int kAttempts = 20;

class Nsga2 final : public GuidedStrategy {
 public:
  Nsga2(Space space, const SearchGoal& goal, const StrategyOptions& options, size_t population, size_t offspring, double rate)
      : GuidedStrategy(std::move(space), goal, options), population_(population), offspring_(offspring), rate_(rate) {}
  std::string_view name() const override { return "nsga2"; }

 private:
  void Learn(const ScoredTrial& trial) override { pool_.push_back(trial); }

  std::vector<Genome> Plan() override {
    if (pool_.empty()) return SpreadDesign(std::min(population_, trials()));
    std::vector<ScoredTrial> survivors;
    for (const size_t i : SelectBest(pool_, population_)) survivors.push_back(std::move(pool_[i]));
    pool_ = std::move(survivors);
    const Ranking ranking = RankTrials(pool_);
    std::vector<Genome> offspring;
    std::set<Genome> taken;
    while (offspring.size() < offspring_) {
      const std::optional<Genome> child = Child(ranking, taken);
      if (!child) break;
      taken.insert(*child);
      offspring.push_back(*child);
    }
    return offspring;
  }

  const Genome& Parent(const Ranking& ranking) {
    const size_t a = random().Below(pool_.size());
    const size_t b = random().Below(pool_.size());
    return pool_[ranking.Before(b, a) ? b : a].genome;
  }

  // New, or absent when the space seems used up.
  std::optional<Genome> Child(const Ranking& ranking, const std::set<Genome>& taken) {
    const double rate = rate_ > 0 ? rate_ : 1 / static_cast<double>(space().size());
    // Space::Mutate always changes something; by chance alone, this share of the children would stay as they are.
    const double untouched = std::pow(1 - rate, static_cast<double>(space().size()));
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const Genome& one = Parent(ranking);
      const Genome& other = Parent(ranking);
      Genome child = random().Uniform() < kCrossShare ? space().Cross(one, other, random()) : one;
      if (random().Uniform() >= untouched) child = space().Mutate(child, rate, random());
      if (!Proposed(child) && taken.count(child) == 0) return child;
    }
    return Fresh(taken);
  }

  size_t population_;
  size_t offspring_;
  double rate_;
  std::vector<ScoredTrial> pool_;  // the survivors, then what came since
};

// Small enough that there is a direction to follow, and enough members to spread over a front.
size_t PopulationFor(size_t trials) {
  return std::clamp(static_cast<size_t>(std::lround(1.2 * std::sqrt(static_cast<double>(trials)))), size_t{8}, size_t{200});
}

Result<std::unique_ptr<Strategy>> MakeNsga2(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  TW_ASSIGN(const double population, NumberParameter(options, "population", static_cast<double>(PopulationFor(options.trials)), 4, 10000));
  TW_ASSIGN(const double offspring, NumberParameter(options, "offspring", 1, 1, 10000));
  TW_ASSIGN(const double rate, NumberParameter(options, "mutation", 0, 0, 1));
  return std::make_unique<Nsga2>(std::move(space), goal, options, static_cast<size_t>(population), static_cast<size_t>(offspring), rate);
}

}  // namespace

void RegisterNsga2Strategy(Registry<StrategyInfo>& registry);
void RegisterNsga2Strategy(Registry<StrategyInfo>& registry) {
  registry.Add("nsga2", {.name = "nsga2",
                         .summary = "Evolution by non-dominated rank and crowding (Deb et al. 2002).",
                         .parameters = {{"population", "1.2 sqrt(trials), 8 to 200", "settings kept of all tried, 4 to 10000"},
                                        {"offspring", "1", "settings made of those kept until the best are chosen anew, 1 to 10000"},
                                        {"mutation", "0", "chance that a knob changes, 0 to 1; 0: one over the number of knobs"}},
                         .make = MakeNsga2});
}

}  // namespace tradewind
