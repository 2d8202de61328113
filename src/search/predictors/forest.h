// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ForestPredictor: a random forest (learn/forest.h) over the features. A fitted one may be read from any thread; the same seed gives the
// same fit.
//
//   ForestPredictor predictor(7);
//   TW_RETURN_IF_ERROR(predictor.Fit(measurements));
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class ForestPredictor final : public SampleRegressor {
 public:
  explicit ForestPredictor(uint64_t seed) : seed_(seed) {}
  std::string_view name() const override { return "forest"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;

 private:
  uint64_t seed_;
};

}  // namespace tradewind
