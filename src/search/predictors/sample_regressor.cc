// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/sample_regressor.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "search/predictors/additive_table.h"
#include "search/predictors/flops.h"
#include "search/predictors/forest.h"
#include "search/predictors/gp.h"
#include "search/predictors/mlp.h"
#include "search/predictors/nearest.h"
#include "search/predictors/regression.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

Result<void> CheckObservations(std::span<const Observation> observations, std::string_view name) {
  const std::string who(name);
  if (observations.size() < 3) {
    return Fail(StatusCode::kInvalidInput, who + " needs at least 3 measurements, got " + std::to_string(observations.size()));
  }
  for (size_t i = 0; i < observations.size(); ++i) {
    const Observation& o = observations[i];
    if (o.features.empty() || o.features.size() != observations[0].features.size()) {
      return Fail(StatusCode::kInvalidInput, "measurement " + std::to_string(i) + " given to " + who + " has " +
                                                 std::to_string(o.features.size()) + " features, the first has " +
                                                 std::to_string(observations[0].features.size()));
    }
    const bool finite = std::all_of(o.features.begin(), o.features.end(), [](double x) { return std::isfinite(x); });
    if (!finite || !std::isfinite(o.value)) {
      return Fail(StatusCode::kInvalidInput, "measurement " + std::to_string(i) + " given to " + who + " is not finite; leave it out");
    }
  }
  return {};
}

}  // namespace

Result<void> SampleRegressor::Fit(std::span<const Observation> observations) {
  TW_RETURN_IF_ERROR(CheckObservations(observations, name()));
  constexpr size_t kAlone = 40;
  const size_t folds = observations.size() < kAlone ? observations.size() : 10;
  double square = 0;
  for (size_t fold = 0; fold < folds; ++fold) {
    std::vector<Observation> kept;
    for (size_t i = 0; i < observations.size(); ++i) {
      if (i % folds != fold) kept.push_back(observations[i]);
    }
    TW_ASSIGN(const Point without, FitPoint(kept));
    for (size_t i = fold; i < observations.size(); i += folds) {
      const double error = observations[i].value - without(observations[i].features);
      square += error * error;
    }
  }
  error_ = std::sqrt(square / static_cast<double>(observations.size()));
  degrees_ = static_cast<double>(observations.size() - 1);
  TW_ASSIGN(point_, FitPoint(observations));
  return {};
}

Prediction SampleRegressor::Predict(std::span<const double> features, double confidence) const {
  assert(point_);
  const double value = point_(features);
  const double reach = error_ * StudentQuantile((1 + confidence) / 2, degrees_);
  return {value, {value - reach, value + reach, confidence}};
}

std::vector<std::string_view> SampleRegressorNames() {
  return {"flops", "additive_table", "nearest", "regression", "forest", "gp", "mlp"};
}

Result<std::unique_ptr<Predictor>> MakeSampleRegressor(std::string_view name, const SampleRegressorOptions& options) {
  if (name == "flops") return std::make_unique<FlopsPredictor>(options.cost);
  if (name == "additive_table") return std::make_unique<AdditiveTable>();
  if (name == "nearest") return std::make_unique<NearestPredictor>();
  if (name == "regression") return std::make_unique<RidgePredictor>();
  if (name == "forest") return std::make_unique<ForestPredictor>(options.seed);
  if (name == "gp") return std::make_unique<GpPredictor>();
  if (name == "mlp") return std::make_unique<MlpPredictor>(options.seed);
  std::string known;
  for (const std::string_view n : SampleRegressorNames()) known += (known.empty() ? "" : ", ") + std::string(n);
  return Fail(StatusCode::kNotFound, "no predictor is called '" + std::string(name) + "'; there are " + known);
}

}  // namespace tradewind
