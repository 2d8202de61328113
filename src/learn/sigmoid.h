// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The logistic function and its loss, neither of which overflows.
#pragma once

#include <algorithm>
#include <cmath>

namespace tradewind {

inline double Sigmoid(double score) {
  if (score >= 0) return 1 / (1 + std::exp(-score));
  const double e = std::exp(score);
  return e / (1 + e);
}

// The cross entropy of an outcome y in [0, 1] against Sigmoid(score): log(1 + exp(score)) - y * score. Its slope is Sigmoid(score) - y.
inline double LogisticLoss(double score, double y) {
  return std::max(score, 0.0) + std::log1p(std::exp(-std::abs(score))) - y * score;
}

}  // namespace tradewind
