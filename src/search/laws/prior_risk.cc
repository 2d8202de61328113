// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/prior_risk.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tradewind {

double TwoPointBound(const TwoPoint& points) {
  const double sum = points.priority_0 + points.priority_1;
  if (!(sum > 0)) return 0;
  return points.priority_0 * points.priority_1 / sum * points.separation * (1 - points.total_variation);
}

double BayesReductionBound(double bayes_risk, double mean_inverse_priority) {
  return mean_inverse_priority > 0 ? bayes_risk / mean_inverse_priority : 0;
}

double FanoBound(const std::function<double(double)>& soft_mass, double information) {
  constexpr double kLow = -13.815510557964274, kHigh = -kLow;  // logarithms of 1e-6 and 1e6
  constexpr int kGrid = 280;
  double best = 0;
  for (int i = 0; i <= kGrid; ++i) {
    const double lambda = std::exp(kLow + (kHigh - kLow) * i / kGrid);
    best = std::max(best, (-std::log(soft_mass(lambda)) - information) / lambda);
  }
  return best;
}

double FiniteSoftMass(std::span<const double> weights, std::span<const double> priorities, std::span<const double> losses, double lambda) {
  assert(!weights.empty() && priorities.size() == weights.size() && losses.size() % weights.size() == 0);
  const size_t actions = losses.size() / weights.size();
  double largest = 0;
  for (size_t a = 0; a < actions; ++a) {
    double mass = 0;
    for (size_t i = 0; i < weights.size(); ++i) mass += weights[i] * std::exp(-lambda * priorities[i] * losses[i * actions + a]);
    largest = std::max(largest, mass);
  }
  return largest;
}

}  // namespace tradewind
