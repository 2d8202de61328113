// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/rank_test.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "stats/distributions.h"

namespace tradewind {
namespace {

// Twice the mid-ranks of |difference|, ascending: whole numbers even with ties.
std::vector<int64_t> DoubledRanks(const std::vector<double>& ascending) {
  std::vector<int64_t> ranks(ascending.size());
  for (size_t begin = 0; begin < ascending.size();) {
    size_t end = begin;
    while (end < ascending.size() && ascending[end] == ascending[begin]) ++end;
    for (size_t i = begin; i < end; ++i) ranks[i] = static_cast<int64_t>(begin + 1 + end);
    begin = end;
  }
  return ranks;
}

// P(the sum of a random half of the ranks <= sum), each rank in or out with probability 1/2.
double ExactLowerTail(const std::vector<int64_t>& ranks, int64_t sum) {
  std::vector<double> probability(static_cast<size_t>(sum) + 1, 0);  // larger sums never come back
  probability[0] = 1;
  for (const int64_t rank : ranks) {
    for (int64_t s = sum; s >= 0; --s) {
      const double with = s >= rank ? probability[static_cast<size_t>(s - rank)] : 0;
      probability[static_cast<size_t>(s)] = (probability[static_cast<size_t>(s)] + with) / 2;
    }
  }
  return std::accumulate(probability.begin(), probability.end(), 0.0);
}

}  // namespace

double SignedRankPValue(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  constexpr size_t kMostExact = 100;
  std::vector<double> differences;
  for (size_t i = 0; i < a.size(); ++i) {
    assert(std::isfinite(a[i] - b[i]));
    if (a[i] != b[i]) differences.push_back(a[i] - b[i]);
  }
  if (differences.empty()) return 1;
  std::sort(differences.begin(), differences.end(), [](double x, double y) { return std::abs(x) < std::abs(y); });
  std::vector<double> sizes;
  for (const double x : differences) sizes.push_back(std::abs(x));
  const std::vector<int64_t> ranks = DoubledRanks(sizes);
  int64_t positive = 0, total = 0;
  double squares = 0;
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (differences[i] > 0) positive += ranks[i];
    total += ranks[i];
    squares += static_cast<double>(ranks[i]) * static_cast<double>(ranks[i]);
  }
  const int64_t lesser = std::min(positive, total - positive);
  if (ranks.size() <= kMostExact) return std::min(1.0, 2 * ExactLowerTail(ranks, lesser));
  // The doubled sum has mean total / 2 and variance squares / 4; its steps are of one whole rank, 2, so half of one is 1.
  const double z = (static_cast<double>(lesser) + 1 - static_cast<double>(total) / 2) / std::sqrt(squares / 4);
  return std::min(1.0, 2 * NormalCdf(z));
}

}  // namespace tradewind
