// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/bca.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/numbers.h"
#include "stats/distributions.h"
#include "stats/summary.h"

namespace tradewind {

double EvaluateStatistic(std::span<const double> sample, const BootstrapOptions& options) {
  switch (options.statistic) {
    case Statistic::kMean: return Mean(sample);
    case Statistic::kMedian: return Median(sample);
    case Statistic::kQuantile: return Quantile(sample, options.p);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

void CheckBootstrapOptions(const BootstrapOptions& options) {
  assert(options.confidence > 0 && options.confidence < 1 && options.resamples >= 100 && options.resamples <= 1'000'000);
  assert(options.p >= 0 && options.p <= 1);
}

Interval BcaInterval(double estimate, std::vector<double> replicates, std::span<const double> influence, const DrawnUnits& units,
                     double confidence) {
  if (!std::all_of(replicates.begin(), replicates.end(), [](double x) { return std::isfinite(x); })) return {-kInfinity, kInfinity, confidence};
  double below = 0;
  for (const double value : replicates) below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
  const auto count = static_cast<double>(replicates.size());
  const double bias = NormalQuantile(std::clamp(below / count, 0.5 / count, 1 - 0.5 / count));
  double squares = 0, cubes = 0;
  for (const double x : influence) {
    squares += x * x;
    cubes += x * x * x;
  }
  const double acceleration = squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
  const auto end = [&](double p) {
    const double z = bias + NormalQuantile(p);
    const double scale = 1 - acceleration * z;
    return Quantile(replicates, scale > 0 ? NormalCdf(bias + z / scale) : p < 0.5 ? 0.0 : 1.0);
  };
  // Far out in the normal's tail its quantile would be infinite: no number of resamples reaches there.
  const double widened = std::sqrt(units.size / units.degrees) * StudentQuantile((1 - confidence) / 2, units.degrees);
  const double tail = std::max(NormalCdf(widened), 1e-12);
  return {end(tail), end(1 - tail), confidence};
}

}  // namespace tradewind
