// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/forest.h"

#include "learn/forest.h"

namespace tradewind {

Result<SampleRegressor::Point> ForestPredictor::FitPoint(std::span<const Observation> observations) const {
  std::vector<double> rows, y;
  for (const Observation& o : observations) {
    rows.insert(rows.end(), o.features.begin(), o.features.end());
    y.push_back(o.value);
  }
  TW_ASSIGN(Forest forest, FitForest(rows, observations[0].features.size(), y, {.trees = 100, .seed = seed_}));
  const auto shared = std::make_shared<const Forest>(std::move(forest));
  return Point([shared](std::span<const double> x) { return shared->Predict(x).mean; });
}

}  // namespace tradewind
