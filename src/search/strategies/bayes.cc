// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Multi-objective Bayesian optimisation: a Gaussian process of each axis, and the settings whose expected hypervolume improvement is
// largest (search/expected_improvement.h). A random forest in its place (arXiv:2109.09831) did no better than chance on discrete spaces.
#include <algorithm>
#include <cmath>

#include "search/acquisition.h"
#include "search/guided.h"

namespace tradewind {
namespace {

constexpr int kClimbs = 2;
constexpr size_t kClimbers = 5;

struct BayesOptions {
  size_t initial = 0;
  size_t candidates = 0;
  double refit = 0;
  double explore = 0;
};

class Bayes final : public GuidedStrategy {
 public:
  Bayes(Space space, const SearchGoal& goal, const StrategyOptions& options, BayesOptions own)
      : GuidedStrategy(std::move(space), goal, options), own_(own) {}
  std::string_view name() const override { return "bayes"; }

 private:
  std::vector<Genome> Plan() override {
    if (!begun_) {
      begun_ = true;
      return SpreadDesign(std::min(own_.initial, trials()));
    }
    // A refit takes time that grows with the trials, so that the batches grow with them, too.
    const size_t batch = std::max<size_t>(1, static_cast<size_t>(own_.refit * static_cast<double>(proposed())));
    const uint64_t seed = random().Next();
    const auto surrogate = Surrogate::Fit(space(), archive(), SurrogateKind::kGaussianProcess, seed);
    if (!surrogate) return SpreadDesign(batch);
    const auto skip = [&](const Genome& genome) { return Proposed(genome); };
    std::vector<Genome> candidates = CandidatesAroundFront(space(), archive(), own_.candidates, skip, random());
    std::vector<Genome> picked = PickByImprovement(archive(), *surrogate, candidates, batch);
    for (int climb = 0; climb < kClimbs; ++climb) {
      Climb(picked, candidates);
      picked = PickByImprovement(archive(), *surrogate, candidates, batch);
    }
    // A model is wrong somewhere: a small share of the trials goes where it sees nothing.
    for (Genome& genome : picked) {
      if (random().Uniform() >= own_.explore) continue;
      if (const std::optional<Genome> fresh = Fresh({picked.begin(), picked.end()})) genome = *fresh;
    }
    return picked;
  }

  // Adds the neighbours of the first that were picked.
  void Climb(const std::vector<Genome>& picked, std::vector<Genome>& candidates) {
    std::set<Genome> known(candidates.begin(), candidates.end());
    for (size_t i = 0; i < std::min(kClimbers, picked.size()); ++i) {
      std::vector<Genome> steps = space().Neighbours(picked[i]);
      for (size_t d = 0; d < space().size(); ++d) steps.push_back(space().Mutate(picked[i], 0, random()));
      for (Genome& step : steps) {
        if (!Proposed(step) && known.insert(step).second) candidates.push_back(std::move(step));
      }
    }
  }

  BayesOptions own_;
  bool begun_ = false;
};

Result<std::unique_ptr<Strategy>> MakeBayes(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  const auto trials = static_cast<double>(options.trials);
  BayesOptions own;
  TW_ASSIGN(const double initial, NumberParameter(options, "initial", std::clamp(trials / 8, 8.0, 64.0), 2, 100000));
  TW_ASSIGN(const double candidates, NumberParameter(options, "candidates", 400, 10, 100000));
  TW_ASSIGN(own.refit, NumberParameter(options, "refit", 0.06, 0, 1));
  TW_ASSIGN(own.explore, NumberParameter(options, "explore", 0.03, 0, 1));
  own.initial = static_cast<size_t>(initial);
  own.candidates = static_cast<size_t>(candidates);
  return std::make_unique<Bayes>(std::move(space), goal, options, own);
}

}  // namespace

void RegisterBayesStrategy(Registry<StrategyInfo>& registry);
void RegisterBayesStrategy(Registry<StrategyInfo>& registry) {
  registry.Add("bayes",
               {.name = "bayes",
                .summary = "Bayesian: a Gaussian process of each axis, and the largest expected hypervolume improvement.",
                .parameters = {{"initial", "trials / 8, 8 to 64", "settings spread over the space before the first fit, 2 to 100000"},
                               {"candidates", "400", "settings that each fit is asked about, 10 to 100000"},
                               {"refit", "0.06", "share of the trials so far that are picked by one fit, 0 to 1"},
                               {"explore", "0.03", "share of the later trials that is drawn at random, 0 to 1"}},
                .make = MakeBayes});
}

}  // namespace tradewind
