// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// AdditiveTable: a cost for each operation at each position, that add up: value = constant + sum of table[position][operation], over
// one-hot features and, if they are given, counts. With fewer measurements than entries the smallest table that explains them is taken. It
// stands for the look-up table of arXiv:2106.08630 (its "layer-wise predictor" sums operators timed one by one; whole architectures are
// timed here). A fitted one may be read from any thread.
//
//   AdditiveTable table;
//   TW_RETURN_IF_ERROR(table.Fit(measurements));
#pragma once

#include "search/predictors/sample_regressor.h"

namespace tradewind {

class AdditiveTable final : public SampleRegressor {
 public:
  std::string_view name() const override { return "additive_table"; }

 protected:
  Result<Point> FitPoint(std::span<const Observation> observations) const override;
};

}  // namespace tradewind
