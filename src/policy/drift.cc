// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/drift.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "stats/distributions.h"

namespace tradewind {
namespace {

// Standard deviations of logarithms: assumed, and corrected by what comes, as if kScaleWeight answers had borne them out.
constexpr double kLevelSpread = 0.10;   // of the level about what it was at the measurements
constexpr double kOffsetSpread = 0.08;  // of a trial's measurement about its truth at level 0
constexpr double kScatter = 0.10;       // of one answer
constexpr double kScaleWeight = 3;
constexpr double kMemorySeconds = 600;

double Covariance(double seconds_apart, bool same_trial) {
  const double level = kLevelSpread * kLevelSpread * std::exp(-std::fabs(seconds_apart) / kMemorySeconds);
  return level + (same_trial ? kOffsetSpread * kOffsetSpread : 0);
}

}  // namespace

Prediction Drift::Apply(const Prediction& measured) const {
  if (measured.value <= 0) return measured;
  const double value = measured.value * factor;
  const double z = NormalQuantile(0.5 + measured.interval.confidence / 2);
  const double below = std::hypot(1 - measured.interval.low / measured.value, 1 - std::exp(-z * deviation));
  const double above = std::hypot(measured.interval.high / measured.value - 1, std::exp(z * deviation) - 1);
  return {value, {value * std::max(0.0, 1 - below), value * (1 + above), measured.interval.confidence}};
}

Drift DriftOf(std::span<const PastRatio> oldest_first, int64_t trial) {
  const auto count = static_cast<Eigen::Index>(oldest_first.size());
  Eigen::MatrixXd among(count, count);
  Eigen::VectorXd with_next(count), logs(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const PastRatio& a = oldest_first[static_cast<size_t>(i)];
    logs(i) = std::log(a.ratio);
    with_next(i) = Covariance(a.seconds_ago, a.trial == trial);
    for (Eigen::Index j = 0; j < count; ++j) {
      const PastRatio& b = oldest_first[static_cast<size_t>(j)];
      among(i, j) = Covariance(a.seconds_ago - b.seconds_ago, a.trial == b.trial) + (i == j ? kScatter * kScatter : 0);
    }
  }
  double level = 0;
  double variance = Covariance(0, true) + kScatter * kScatter;
  double weight = kScaleWeight;  // answers behind the scale, those that are assumed included
  double surprise = kScaleWeight;
  if (count > 0) {
    const Eigen::LLT<Eigen::MatrixXd> factor(among);
    const Eigen::VectorXd errors = factor.matrixL().solve(logs);  // of each answer, foretold by those before it, in standard deviations
    const Eigen::VectorXd seen = factor.matrixL().solve(with_next);
    level = seen.dot(errors);
    variance -= seen.squaredNorm();
    for (Eigen::Index i = 0; i < count; ++i) {
      const double kept = std::exp(-oldest_first[static_cast<size_t>(i)].seconds_ago / kMemorySeconds);
      weight += kept;
      surprise += kept * errors(i) * errors(i);
    }
  }
  return {std::exp(level), std::sqrt(variance * surprise / weight)};
}

}  // namespace tradewind
