// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SampleRegressor: what the predictors that learn from one device's measurements alone share: checked observations, and an interval from
// the errors that the predictor makes on each observation when it is fitted without it. A predictor gives only the fit and the point.
//
//   class Constant final : public SampleRegressor { ... };   // see additive_table.h
#pragma once

#include <functional>
#include <memory>

#include "core/predictor.h"

namespace tradewind {

class SampleRegressor : public Predictor {
 public:
  // kInvalidInput for fewer than 3 observations, rows of unequal length, values that are not finite. Fits again without each observation
  // (without each tenth, from 40 on).
  Result<void> Fit(std::span<const Observation> observations) final;
  // Student's t with the root mean square of those errors: right for normal errors of one size, and a rough word beyond.
  Prediction Predict(std::span<const double> features, double confidence) const final;

 protected:
  using Point = std::function<double(std::span<const double>)>;
  // The fitted function of checked observations (at least 2).
  virtual Result<Point> FitPoint(std::span<const Observation> observations) const = 0;

 private:
  Point point_;
  double error_ = 0;  // root mean square
  double degrees_ = 1;
};

// What the command line and studies know a predictor by: "flops", "additive_table", "nearest", "regression", "forest", "gp",
// "mlp".
struct SampleRegressorOptions {
  std::vector<double> cost;  // for flops: what each feature weighs in floating-point operations
  uint64_t seed = 1;         // for forest and mlp
};
Result<std::unique_ptr<Predictor>> MakeSampleRegressor(std::string_view name, const SampleRegressorOptions& options);
// The names, in the order above; flops is left out where no cost is given.
std::vector<std::string_view> SampleRegressorNames();

}  // namespace tradewind
