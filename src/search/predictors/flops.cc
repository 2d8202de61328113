// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/flops.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace tradewind {

Result<SampleRegressor::Point> FlopsPredictor::FitPoint(std::span<const Observation> observations) const {
  if (observations[0].features.size() != cost_.size()) {
    return Fail(StatusCode::kInvalidInput, "flops has " + std::to_string(cost_.size()) + " weights for " +
                                               std::to_string(observations[0].features.size()) + " features; give one for each");
  }
  const std::vector<double> cost = cost_;
  const auto work = [cost](std::span<const double> x) { return std::inner_product(cost.begin(), cost.end(), x.begin(), 0.0); };
  double mean_work = 0, mean_value = 0;
  const auto n = static_cast<double>(observations.size());
  for (const Observation& o : observations) {
    mean_work += work(o.features) / n;
    mean_value += o.value / n;
  }
  double xy = 0, xx = 0;
  for (const Observation& o : observations) {
    xy += (work(o.features) - mean_work) * (o.value - mean_value);
    xx += (work(o.features) - mean_work) * (work(o.features) - mean_work);
  }
  // More work is never faster: a falling line through a few noisy points would turn the order round.
  const double slope = xx > 0 ? std::max(0.0, xy / xx) : 0.0;
  return Point([=](std::span<const double> x) { return mean_value + slope * (work(x) - mean_work); });
}

}  // namespace tradewind
