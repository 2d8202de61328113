// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// MlpPredictor: a plain perceptron with two hidden layers, trained from scratch on one device's measurements: what a meta-learnt one is to
// beat. A fitted one may be read from any thread; the same seed gives the same fit.
//
//   MlpPredictor predictor(7);
//   TW_RETURN_IF_ERROR(predictor.Fit(measurements));
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class MlpPredictor final : public SampleRegressor {
 public:
  explicit MlpPredictor(uint64_t seed) : seed_(seed) {}
  std::string_view name() const override { return "mlp"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;

 private:
  uint64_t seed_;
};

}  // namespace tradewind
