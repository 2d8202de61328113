// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Evolution screened by a table: what each value of a knob adds to each cost is fitted to the trials (the operator table of FBNet,
// arXiv:1812.03443), quality is predicted by a forest (OFA, arXiv:1908.09791, section 3.4, uses a net), and of many offspring
// only those whose predicted values lie on the best ranks together with what was measured are tried.
#include <algorithm>
#include <cmath>

#include "search/acquisition.h"
#include "search/additive_model.h"
#include "search/guided.h"

namespace tradewind {
namespace {

struct EvolutionOptions {
  size_t initial = 0;
  size_t population = 0;
  size_t screen = 0;
};

class Evolution final : public GuidedStrategy {
 public:
  Evolution(Space space, const SearchGoal& goal, const StrategyOptions& options, EvolutionOptions own)
      : GuidedStrategy(std::move(space), goal, options), own_(own) {}
  std::string_view name() const override { return "evolution"; }

 private:
  std::vector<Genome> Plan() override {
    if (!begun_) {
      begun_ = true;
      return SpreadDesign(std::min(own_.initial, trials()));
    }
    const auto surrogate = Surrogate::Fit(space(), archive(), SurrogateKind::kForest, random().Next());
    const std::vector<std::optional<AdditiveModel>> tables = Tables();
    const auto skip = [&](const Genome& genome) { return Proposed(genome); };
    std::vector<Genome> offspring = CandidatesAroundFront(space(), archive(), own_.population * own_.screen, skip, random());
    if (!surrogate) {
      offspring.resize(std::min(own_.population, offspring.size()));
      return offspring;
    }
    return Screen(*surrogate, tables, offspring);
  }

  // A table of each cost, which is every axis but the first; of a single axis, of that one.
  std::vector<std::optional<AdditiveModel>> Tables() const {
    std::vector<std::optional<AdditiveModel>> tables(archive().goal().axes.size());
    std::vector<Genome> genomes;
    for (const ScoredTrial& trial : archive().trials()) {
      if (trial.complete) genomes.push_back(trial.genome);
    }
    for (size_t axis = tables.size() == 1 ? 0 : 1; axis < tables.size(); ++axis) {
      std::vector<double> y;
      for (const ScoredTrial& trial : archive().trials()) {
        if (trial.complete) y.push_back(trial.values[axis]);
      }
      if (auto table = AdditiveModel::Fit(space(), genomes, y)) tables[axis] = std::move(*table);
    }
    return tables;
  }

  // The best of the offspring, by rank and crowding among what is predicted of them and what was measured of the front.
  std::vector<Genome> Screen(const Surrogate& surrogate, const std::vector<std::optional<AdditiveModel>>& tables,
                             const std::vector<Genome>& offspring) {
    std::vector<ScoredTrial> pool;
    for (const Genome& genome : offspring) {
      const AxisPrediction p = surrogate.Predict(genome);
      ScoredTrial trial{.genome = genome, .values = p.means, .violation = p.feasible >= 0.5 ? 0 : std::max(p.violation, 1e-9)};
      for (size_t axis = 0; axis < tables.size(); ++axis) {
        if (!tables[axis]) continue;
        const std::vector<double> units = surrogate.ToUnits(std::vector<double>(tables.size(), tables[axis]->Predict(genome)));
        trial.values[axis] = units[axis];
      }
      pool.push_back(std::move(trial));
    }
    for (const size_t i : archive().Front()) {
      ScoredTrial known = archive().trials()[i];
      known.values = surrogate.ToUnits(known.values);
      pool.push_back(std::move(known));
    }
    const Ranking ranking = RankTrials(pool);
    std::vector<size_t> order;
    for (size_t i = 0; i < offspring.size(); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return ranking.Before(a, b); });
    std::vector<Genome> best;
    for (size_t i = 0; i < std::min(own_.population, order.size()); ++i) best.push_back(offspring[order[i]]);
    return best;
  }

  EvolutionOptions own_;
  bool begun_ = false;
};

Result<std::unique_ptr<Strategy>> MakeEvolution(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  const double root = std::sqrt(static_cast<double>(options.trials));
  TW_ASSIGN(const double initial, NumberParameter(options, "initial", std::clamp(std::round(2 * root), 8.0, 100.0), 2, 100000));
  TW_ASSIGN(const double population, NumberParameter(options, "population", std::clamp(std::round(0.7 * root), 4.0, 100.0), 1, 10000));
  TW_ASSIGN(const double screen, NumberParameter(options, "screen", 10, 1, 1000));
  const EvolutionOptions own{static_cast<size_t>(initial), static_cast<size_t>(population), static_cast<size_t>(screen)};
  return std::make_unique<Evolution>(std::move(space), goal, options, own);
}

}  // namespace

void RegisterEvolutionStrategy(Registry<StrategyInfo>& registry);
void RegisterEvolutionStrategy(Registry<StrategyInfo>& registry) {
  registry.Add(
      "evolution",
      {.name = "evolution",
       .summary = "Evolution whose offspring are screened by an additive table of costs and a forest's quality.",
       .parameters = {{"initial", "2 sqrt(trials), 8 to 100", "settings spread over the space before the first table, 2 to 100000"},
                      {"population", "0.7 sqrt(trials), 4 to 100", "settings tried each generation, 1 to 10000"},
                      {"screen", "10", "offspring made for each that is tried, 1 to 1000"}},
       .make = MakeEvolution});
}

}  // namespace tradewind
