// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/multiple.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace tradewind {
namespace {

std::vector<size_t> Ascending(std::span<const double> p_values) {
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (const double p : p_values) assert(p >= 0 && p <= 1);
  std::sort(order.begin(), order.end(), [&](size_t i, size_t j) { return p_values[i] < p_values[j]; });
  return order;
}

}  // namespace

std::vector<double> HolmAdjusted(std::span<const double> p_values) {
  const std::vector<size_t> order = Ascending(p_values);
  std::vector<double> adjusted(p_values.size());
  double largest = 0;  // a test is passed only where all with smaller p values are
  for (size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(order.size() - i) * p_values[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

std::vector<double> BenjaminiHochbergAdjusted(std::span<const double> p_values) {
  const std::vector<size_t> order = Ascending(p_values);
  std::vector<double> adjusted(p_values.size());
  const auto count = static_cast<double>(order.size());
  double least = 1;
  for (size_t i = order.size(); i-- > 0;) {
    least = std::min(least, count / static_cast<double>(i + 1) * p_values[order[i]]);
    adjusted[order[i]] = least;
  }
  return adjusted;
}

}  // namespace tradewind
