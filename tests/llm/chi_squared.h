// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Pearson's chi-squared test of drawn ids against a distribution.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>

#include "stats/distributions.h"

namespace tradewind {

// The chance of counts at least as far from these shares (which need not sum to 1), by Wilson and Hilferty's approximation of the
// distribution's tail; 0 where an id came that has no share. Shares of one id alone are certain: 1.
inline double ChiSquaredChance(const std::map<int32_t, int>& counts, const std::map<int32_t, double>& shares) {
  double sum = 0;
  double draws = 0;
  for (const auto& [id, share] : shares) sum += share;
  for (const auto& [id, n] : counts) {
    if (shares.count(id) == 0) return 0;
    draws += n;
  }
  double statistic = 0;
  for (const auto& [id, share] : shares) {
    const double expected = draws * share / sum;
    const double seen = counts.count(id) ? counts.at(id) : 0;
    statistic += (seen - expected) * (seen - expected) / expected;
  }
  const double freedom = static_cast<double>(shares.size()) - 1;
  if (freedom < 1) return 1;
  const double spread = 2 / (9 * freedom);
  return NormalCdf(-(std::cbrt(statistic / freedom) - (1 - spread)) / std::sqrt(spread));
}

}  // namespace tradewind
