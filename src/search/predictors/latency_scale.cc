// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/latency_scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "stats/summary.h"

namespace tradewind {
namespace {

double Raise(double latency, double power) {
  return power > 0 ? std::pow(latency, power) : std::log(latency);
}

}  // namespace

double LatencyScale::Standardise(double latency) const {
  return (Raise(latency, power) - centre) / deviation;
}

double LatencyScale::Latency(double z) const {
  const double raised = centre + deviation * z;
  if (power <= 0) return std::exp(raised);
  return std::pow(raised >= floor ? raised : floor * std::exp(raised / floor - 1), 1 / power);
}

LatencyScale ScaleByReferences(std::span<const double> latencies, double power) {
  assert(!latencies.empty());
  std::vector<double> raised;
  for (const double y : latencies) {
    assert(y > 0);
    raised.push_back(Raise(y, power));
  }
  LatencyScale scale{.power = power, .centre = Mean(raised)};
  if (power > 0) scale.floor = 0.5 * *std::min_element(raised.begin(), raised.end());
  const double unit = power > 0 ? scale.centre : 1;  // what one part in a hundred of latency is measured by
  const double deviation = latencies.size() > 1 ? std::sqrt(Variance(raised)) : 0;
  scale.deviation = deviation > 1e-6 * unit ? deviation : 0.1 * unit;
  return scale;
}

}  // namespace tradewind
