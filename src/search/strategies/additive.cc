// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Integer programming over additive costs (HAO, arXiv:2104.12766): tables of what each value adds to each axis are fitted to
// the trials, a program finds the setting that costs least by the tables at no less than a level of predicted quality, for a sweep of
// levels; those are tried, and the tables fitted again. What was tried is cut off. A range takes the middle of its parts.
#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "search/additive_model.h"
#include "search/guided.h"
#include "search/integer_program.h"

namespace tradewind {
namespace {

constexpr int kMostCuts = 20;  // added to one program before its level is given up

class Additive final : public GuidedStrategy {
 public:
  Additive(Space space, const SearchGoal& goal, const StrategyOptions& options, size_t initial, size_t levels, double explore)
      : GuidedStrategy(std::move(space), goal, options), initial_(initial), levels_(levels), explore_(explore) {
    for (const SearchDimension& d : this->space().spec().dimensions) {
      first_.push_back(variables_);
      variables_ += LevelCount(d);
    }
  }
  std::string_view name() const override { return "additive"; }

 private:
  void Learn(const ScoredTrial& trial) override {
    if (trial.complete) measured_.push_back(trial);
  }

  std::vector<Genome> Plan() override {
    if (!begun_) {
      begun_ = true;
      return SpreadDesign(std::min(initial_, trials()));
    }
    std::vector<Genome> planned;
    std::set<Genome> taken;
    const auto add = [&](std::optional<Genome> genome) {
      if (genome && !Proposed(*genome) && taken.insert(*genome).second) planned.push_back(std::move(*genome));
    };
    if (const auto tables = Tables()) {
      const std::vector<double> qualities = Qualities((*tables)[0]);
      const double offset = random().Uniform();
      for (size_t i = 0; i < levels_; ++i) {
        const double share = (static_cast<double>(i) + offset) / static_cast<double>(levels_);
        add(SolveAt(*tables, qualities.front() + share * (qualities.back() - qualities.front()), taken));
      }
    }
    // The tables learn nothing new from settings that they chose themselves alone.
    const size_t others =
        std::max<size_t>(planned.empty() ? 1 : 0, static_cast<size_t>(std::lround(explore_ * static_cast<double>(levels_))));
    for (size_t i = 0; i < others; ++i) {
      const std::vector<size_t>& front = archive().Front();
      if (!front.empty() && random().Uniform() < 0.5)
        add(space().Mutate(archive().trials()[front[random().Below(front.size())]].genome, 0, random()));
      else
        add(Fresh(taken));
    }
    if (planned.empty()) add(Fresh(taken));
    return planned;
  }

  Result<std::vector<AdditiveModel>> Tables() const {
    std::vector<AdditiveModel> tables;
    std::vector<Genome> genomes;
    for (const ScoredTrial& trial : measured_) genomes.push_back(trial.genome);
    for (size_t axis = 0; axis <= archive().goal().axes.size(); ++axis) {
      const bool broken = axis == archive().goal().axes.size();  // the last table is of what breaks constraints
      std::vector<double> y;
      for (const ScoredTrial& trial : measured_) y.push_back(broken ? trial.violation : trial.values[axis]);
      TW_ASSIGN(AdditiveModel table, AdditiveModel::Fit(space(), genomes, y));
      tables.push_back(std::move(table));
    }
    return tables;
  }

  // What the first table says of the front's ends: the levels lie between them. Worst first.
  std::vector<double> Qualities(const AdditiveModel& table) const {
    double low = kInfinity;
    double high = -kInfinity;
    for (const ScoredTrial& trial : measured_) {
      if (!archive().Front().empty() && !trial.Feasible()) continue;
      low = std::min(low, table.Predict(trial.genome));
      high = std::max(high, table.Predict(trial.genome));
    }
    double best = table.base();
    for (size_t d = 0; d < first_.size(); ++d) {
      double least = kInfinity;
      for (size_t level = 0; level < table.Levels(d); ++level) least = std::min(least, table.Effect(d, level));
      best += least;
    }
    return {high, archive().goal().axes.size() == 1 ? best : std::max(best, low - 0.25 * (high - low))};
  }

  // The cheapest by the tables whose first axis is at most `level`; absent if there is none that is new.
  std::optional<Genome> SolveAt(const std::vector<AdditiveModel>& tables, double level, const std::set<Genome>& taken) {
    const size_t axes = archive().goal().axes.size();
    IntegerProgram program{.cost = std::vector<double>(variables_, 0), .rows = {}};
    // Several costs: their sum, each scaled by its spread and weighed at random, so that a sweep comes to all parts of the front.
    for (size_t axis = axes == 1 ? 0 : 1; axis < axes; ++axis) {
      const double weight = (axes <= 2 ? 1 : 0.02 + random().Uniform()) / Spread(axis);
      for (size_t v = 0; v < variables_; ++v) program.cost[v] += weight * EffectOf(tables[axis], v);
    }
    AddStructure(program);
    if (axes > 1) AddLimit(program, tables[0], level);
    if (!archive().goal().constraints.empty()) AddLimit(program, tables[axes], std::max(0.0, LeastViolation(tables[axes])));
    program.rows.insert(program.rows.end(), cuts_.begin(), cuts_.end());
    for (int attempt = 0; attempt < kMostCuts; ++attempt) {
      const auto solution = SolveIntegerProgram(program);
      if (!solution || !*solution) return std::nullopt;
      // Found once is enough: every later program goes without it.
      program.rows.push_back(cuts_.emplace_back(CutOf(**solution)));
      const Genome genome = ToGenome(**solution);
      if (!Proposed(genome) && taken.count(genome) == 0 && space().Valid(genome)) return genome;
    }
    return std::nullopt;
  }

  static IntegerRow CutOf(const std::vector<bool>& solution) {
    IntegerRow row{.terms = {}, .low = -kInfinity, .high = -1};
    for (size_t v = 0; v < solution.size(); ++v) {
      if (!solution[v]) continue;
      row.terms.emplace_back(v, 1);
      row.high += 1;
    }
    return row;
  }

  double LeastViolation(const AdditiveModel& table) const {
    double least = kInfinity;
    for (const ScoredTrial& trial : measured_) least = std::min(least, table.Predict(trial.genome));
    return least;
  }

  double Spread(size_t axis) const {
    double low = kInfinity;
    double high = -kInfinity;
    for (const ScoredTrial& trial : measured_) {
      low = std::min(low, trial.values[axis]);
      high = std::max(high, trial.values[axis]);
    }
    return high > low ? high - low : 1;
  }

  double EffectOf(const AdditiveModel& table, size_t variable) const {
    const size_t d = static_cast<size_t>(std::upper_bound(first_.begin(), first_.end(), variable) - first_.begin()) - 1;
    return table.Effect(d, variable - first_[d]);
  }

  // One level of each dimension, if the value that it depends on is chosen.
  void AddStructure(IntegerProgram& program) const {
    const std::vector<SearchDimension>& dimensions = space().spec().dimensions;
    for (size_t d = 0; d < dimensions.size(); ++d) {
      IntegerRow row{.terms = {}, .low = 1, .high = 1};
      for (size_t level = 0; level < LevelCount(dimensions[d]); ++level) row.terms.emplace_back(first_[d] + level, 1);
      if (dimensions[d].when) {
        row.low = row.high = 0;
        size_t on = 0;
        while (dimensions[on].knob != dimensions[d].when->knob) ++on;
        const std::vector<KnobValue>& wanted = dimensions[d].when->values;
        for (size_t level = 0; level < dimensions[on].values.size(); ++level) {
          if (std::find(wanted.begin(), wanted.end(), dimensions[on].values[level]) != wanted.end())
            row.terms.emplace_back(first_[on] + level, -1);
        }
      }
      program.rows.push_back(std::move(row));
    }
  }

  void AddLimit(IntegerProgram& program, const AdditiveModel& table, double limit) const {
    IntegerRow row{.terms = {}, .low = -kInfinity, .high = limit - table.base()};
    for (size_t v = 0; v < variables_; ++v) row.terms.emplace_back(v, EffectOf(table, v));
    program.rows.push_back(std::move(row));
  }

  Genome ToGenome(const std::vector<bool>& solution) const {
    Genome genome(first_.size(), 0);
    for (size_t d = 0; d < genome.size(); ++d) {
      const SearchDimension& dimension = space().spec().dimensions[d];
      const size_t levels = LevelCount(dimension);
      size_t level = 0;
      while (level + 1 < levels && !solution[first_[d] + level]) ++level;
      genome[d] = static_cast<double>(level);
      if (dimension.range) {
        const double share = (static_cast<double>(level) + 0.5) / static_cast<double>(levels);
        genome[d] = RangeAxis(dimension).ValueOfShare(share);
      }
    }
    return space().Repaired(std::move(genome));
  }

  size_t initial_;
  size_t levels_;
  double explore_;
  std::vector<size_t> first_;  // variable of each dimension's first level
  size_t variables_ = 0;
  std::vector<ScoredTrial> measured_;
  std::vector<IntegerRow> cuts_;
  bool begun_ = false;
};

Result<std::unique_ptr<Strategy>> MakeAdditive(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  if (!HasIntegerPrograms()) {
    return Fail(Status(StatusCode::kUnsupported,
                       "additive solves integer programs, and this build has no solver: install coinor-libcbc-dev and build again")
                    .At("--strategy additive"));
  }
  size_t levels_of_all = 0;
  for (const SearchDimension& d : space.spec().dimensions) levels_of_all += LevelCount(d);
  const double initial_default =
      std::clamp(static_cast<double>(levels_of_all), 8.0, std::max(8.0, static_cast<double>(options.trials) / 4));
  TW_ASSIGN(const double initial, NumberParameter(options, "initial", initial_default, 2, 100000));
  TW_ASSIGN(const double levels, NumberParameter(options, "levels", 8, 1, 1000));
  TW_ASSIGN(const double explore, NumberParameter(options, "explore", 0.5, 0, 10));
  return std::make_unique<Additive>(std::move(space), goal, options, static_cast<size_t>(initial), static_cast<size_t>(levels), explore);
}

}  // namespace

void RegisterAdditiveStrategy(Registry<StrategyInfo>& registry);
void RegisterAdditiveStrategy(Registry<StrategyInfo>& registry) {
  registry.Add("additive", {.name = "additive",
                            .summary = "Integer programs over additive tables of cost and quality, solved by CBC (HAO, arXiv:2104.12766).",
                            .parameters = {{"initial", "values of all knobs, 8 to trials / 4",
                                            "settings spread over the space before the first table, 2 to 100000"},
                                           {"levels", "8", "levels of quality that each fit is solved for, 1 to 1000"},
                                           {"explore", "0.5", "settings tried beside those, as a share of the levels, 0 to 10"}},
                            .make = MakeAdditive});
}

}  // namespace tradewind
