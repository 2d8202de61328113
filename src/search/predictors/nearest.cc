// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/nearest.h"

#include <limits>

namespace tradewind {

Result<SampleRegressor::Point> NearestPredictor::FitPoint(std::span<const Observation> observations) const {
  const std::vector<Observation> table(observations.begin(), observations.end());
  return Point([table](std::span<const double> x) {
    double least = std::numeric_limits<double>::infinity();
    double sum = 0;
    int equals = 0;
    for (const Observation& o : table) {
      double square = 0;
      for (size_t i = 0; i < x.size(); ++i) square += (o.features[i] - x[i]) * (o.features[i] - x[i]);
      if (square < least) {
        least = square;
        sum = 0;
        equals = 0;
      }
      if (square == least) {
        sum += o.value;
        ++equals;
      }
    }
    return sum / equals;
  });
}

}  // namespace tradewind
