// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// FlopsPredictor: a line in the number of floating-point operations, the weighted sum of the features: a look at the work, none at the
// device. The "FLOPS" row of arXiv:2106.08630, table 3. Owns its weights; a fitted one may be read from any thread.
//
//   FlopsPredictor predictor({9, 1, 0});   // a 3x3 convolution is nine 1x1 ones, a skip is free
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class FlopsPredictor final : public SampleRegressor {
 public:
  // What each feature weighs; the unit does not matter.
  explicit FlopsPredictor(std::vector<double> cost) : cost_(std::move(cost)) {}
  std::string_view name() const override { return "flops"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;

 private:
  std::vector<double> cost_;
};

}  // namespace tradewind
