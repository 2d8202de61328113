// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/surrogate.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "learn/forest.h"
#include "learn/gaussian_process.h"

namespace tradewind {
namespace {

constexpr int kTrees = 30;
// A process of n rows takes n^3 time; beyond this, the best and the newest trials stand for all.
constexpr size_t kMostProcessRows = 240;

struct Rows {
  std::vector<double> x;
  std::vector<double> y;
};

}  // namespace

struct Surrogate::Model {
  std::variant<Forest, GaussianProcess> fit;
  double floor = 0;  // of the deviation: a forest may be certain where it has no reason to be

  std::pair<double, double> Predict(std::span<const double> x) const {
    if (const auto* forest = std::get_if<Forest>(&fit)) {
      const ForestPrediction p = forest->Predict(x);
      return {p.mean, std::max(floor, std::sqrt(std::max(0.0, p.variance)))};
    }
    const NormalPrediction p = std::get<GaussianProcess>(fit).Predict(x);
    return {p.mean, std::max(floor, std::sqrt(std::max(0.0, p.variance)))};
  }

  static Result<std::shared_ptr<const Model>> Fit(const Rows& rows, size_t columns, SurrogateKind kind, uint64_t seed) {
    auto model = std::make_shared<Model>();
    const auto [low, high] = std::minmax_element(rows.y.begin(), rows.y.end());
    model->floor = 1e-3 * (*high - *low) + 1e-12;
    if (kind == SurrogateKind::kGaussianProcess) {
      TW_ASSIGN(model->fit, FitGaussianProcess(rows.x, columns, rows.y, {.parameters = {}, .restarts = 0, .steps = 30, .seed = seed}));
    } else {
      // Half of the columns at each split: with one-hot values a third leaves too many splits without anything to say.
      TW_ASSIGN(model->fit, FitForest(rows.x, columns, rows.y, {.trees = kTrees, .column_share = 0.5, .seed = seed}));
    }
    return std::shared_ptr<const Model>(std::move(model));
  }
};

Result<Surrogate> Surrogate::Fit(const Space& space, const Archive& archive, SurrogateKind kind, uint64_t seed) {
  std::vector<ScoredTrial> known;
  bool broken = false;
  bool partial = false;
  for (const ScoredTrial& trial : archive.trials()) {
    broken = broken || trial.violation > 0;
    partial = partial || !trial.complete;
    if (trial.complete) known.push_back(trial);
  }
  if (known.size() < 2) return Fail(StatusCode::kInvalidInput, "a surrogate needs two trials with a value on each axis");
  if (kind == SurrogateKind::kGaussianProcess && known.size() > kMostProcessRows) {
    std::vector<ScoredTrial> kept;
    const size_t old = known.size() - kMostProcessRows / 2;
    for (const size_t i : SelectBest(std::span(known).first(old), kMostProcessRows / 2)) kept.push_back(known[i]);
    kept.insert(kept.end(), known.begin() + static_cast<std::ptrdiff_t>(old), known.end());
    known = std::move(kept);
  }
  Surrogate surrogate;
  surrogate.space_ = &space;
  Rows rows;
  for (const ScoredTrial& trial : known) {
    const std::vector<double> features = space.Features(trial.genome);
    rows.x.insert(rows.x.end(), features.begin(), features.end());
  }
  const size_t columns = space.feature_count();
  for (size_t axis = 0; axis < archive.goal().axes.size(); ++axis) {
    rows.y.clear();
    for (const ScoredTrial& trial : known) rows.y.push_back(trial.values[axis]);
    const bool positive = std::all_of(rows.y.begin(), rows.y.end(), [](double v) { return v > 0; });
    surrogate.logarithm_.push_back(positive);
    for (double& v : rows.y) v = positive ? std::log(v) : v;
    TW_ASSIGN(auto model, Model::Fit(rows, columns, kind, seed + axis));
    surrogate.axes_.push_back(std::move(model));
  }
  if (broken) {
    rows.y.clear();
    for (const ScoredTrial& trial : known) rows.y.push_back(trial.violation);
    TW_ASSIGN(surrogate.violation_, Model::Fit(rows, columns, SurrogateKind::kForest, seed));
  }
  if (broken || partial) {
    rows = {};
    for (const ScoredTrial& trial : archive.trials()) {
      const std::vector<double> features = space.Features(trial.genome);
      rows.x.insert(rows.x.end(), features.begin(), features.end());
      rows.y.push_back(trial.Feasible() ? 1 : 0);
    }
    TW_ASSIGN(surrogate.feasible_, Model::Fit(rows, columns, SurrogateKind::kForest, seed));
  }
  return surrogate;
}

AxisPrediction Surrogate::Predict(const Genome& genome) const {
  AxisPrediction prediction;
  const std::vector<double> x = space_->Features(genome);
  for (const auto& axis : axes_) {
    const auto [mean, deviation] = axis->Predict(x);
    prediction.means.push_back(mean);
    prediction.deviations.push_back(deviation);
  }
  if (feasible_) prediction.feasible = feasible_->Predict(x).first;
  if (violation_) prediction.violation = violation_->Predict(x).first;
  return prediction;
}

std::vector<double> Surrogate::ToUnits(std::vector<double> values) const {
  for (size_t i = 0; i < values.size(); ++i) {
    if (logarithm_[i]) values[i] = std::log(std::max(values[i], 1e-300));
  }
  return values;
}

}  // namespace tradewind
