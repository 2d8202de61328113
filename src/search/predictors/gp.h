// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GpPredictor: a Gaussian process with a squared-exponential and a linear kernel over standardised features; its length and noise have the
// largest marginal likelihood on a grid (Rasmussen & Williams 2006, chapter 2, algorithm 2.1). A fitted one may be read from any thread.
//
//   GpPredictor predictor;
//   TW_RETURN_IF_ERROR(predictor.Fit(measurements));
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class GpPredictor final : public SampleRegressor {
 public:
  std::string_view name() const override { return "gp"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;
};

}  // namespace tradewind
