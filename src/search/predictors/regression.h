// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RidgePredictor: ridge regression on standardised features; its penalty has the least leave-one-out error (closed form: Golub, Heath &
// Wahba 1979). A fitted one may be read from any thread.
//
//   RidgePredictor predictor;
//   TW_RETURN_IF_ERROR(predictor.Fit(measurements));
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class RidgePredictor final : public SampleRegressor {
 public:
  std::string_view name() const override { return "regression"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;
};

}  // namespace tradewind
