// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/paired_tests.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

constexpr size_t kMostExact = 20;  // half a million sums

// The share of all assignments whose |sum| reaches `threshold`, in an order in which each differs from the last by one sign (Gray's code).
// The first sign stays: the other half of the assignments mirrors this one.
double ExactShare(const std::vector<double>& sizes, double threshold) {
  double sum = 0;
  for (const double x : sizes) sum += x;
  std::vector<double> signs(sizes.size(), 1);
  const uint64_t all = uint64_t{1} << (sizes.size() - 1);
  uint64_t reached = 0;
  for (uint64_t i = 1;; ++i) {
    reached += std::abs(sum) >= threshold ? 1 : 0;
    if (i == all) break;
    const auto flipped = static_cast<size_t>(std::countr_zero(i)) + 1;
    signs[flipped] = -signs[flipped];
    sum += 2 * signs[flipped] * sizes[flipped];
  }
  return static_cast<double>(reached) / static_cast<double>(all);
}

double DrawnShare(const std::vector<double>& sizes, double threshold, const SignFlipOptions& options) {
  Random random(options.seed);
  int64_t reached = 1;
  for (int draw = 0; draw < options.draws; ++draw) {
    double sum = 0;
    uint64_t bits = 0;
    for (size_t i = 0; i < sizes.size(); ++i) {
      if (i % 64 == 0) bits = random.Next();
      sum += (bits >> (i % 64) & 1) != 0 ? sizes[i] : -sizes[i];
    }
    reached += std::abs(sum) >= threshold ? 1 : 0;
  }
  return static_cast<double>(reached) / (static_cast<double>(options.draws) + 1);
}

}  // namespace

double SignFlipPValue(std::span<const double> a, std::span<const double> b, const SignFlipOptions& options) {
  assert(a.size() == b.size() && options.draws >= 100 && options.draws <= 10'000'000);
  std::vector<double> sizes;
  double sum = 0, total = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i] - b[i];
    assert(std::isfinite(difference));
    if (difference == 0) continue;
    sizes.push_back(std::abs(difference));
    sum += difference;
    total += std::abs(difference);
  }
  if (sizes.empty()) return 1;
  // Assignments that give the same sum in another order of addition are as large as the one seen, whatever the rounding.
  const double threshold = std::abs(sum) - 1e-12 * total;
  return sizes.size() <= kMostExact ? ExactShare(sizes, threshold) : DrawnShare(sizes, threshold, options);
}

double McNemarPValue(int64_t only_a, int64_t only_b) {
  assert(only_a >= 0 && only_b >= 0);
  const int64_t trials = only_a + only_b;
  if (trials == 0) return 1;
  return std::min(1.0, 2 * BinomialCdf(std::min(only_a, only_b), trials, 0.5));
}

}  // namespace tradewind
