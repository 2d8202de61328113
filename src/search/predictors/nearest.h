// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// NearestPredictor: a look-up table of measured whole architectures; one that is not there gets the mean of those nearest in its features
// (Euclid). Owns what it was given; a fitted one may be read from any thread.
//
//   NearestPredictor table;
//   TW_RETURN_IF_ERROR(table.Fit(measurements));
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class NearestPredictor final : public SampleRegressor {
 public:
  std::string_view name() const override { return "nearest"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;
};

}  // namespace tradewind
