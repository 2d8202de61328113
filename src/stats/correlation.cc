// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/correlation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "base/numbers.h"
#include "stats/distributions.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

double Pearson(std::span<const double> a, std::span<const double> b) {
  const double mean_a = Mean(a), mean_b = Mean(b);
  double scale_a = 0, scale_b = 0;  // so that squares neither overflow nor vanish
  for (size_t i = 0; i < a.size(); ++i) {
    scale_a = std::max(scale_a, std::abs(a[i] - mean_a));
    scale_b = std::max(scale_b, std::abs(b[i] - mean_b));
  }
  if (!(scale_a > 0 && scale_b > 0)) return kNan;
  double squares_a = 0, squares_b = 0, products = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double x = (a[i] - mean_a) / scale_a, y = (b[i] - mean_b) / scale_b;
    squares_a += x * x;
    squares_b += y * y;
    products += x * y;
  }
  return std::clamp(products / std::sqrt(squares_a * squares_b), -1.0, 1.0);
}

int64_t Choose2(size_t n) {
  return static_cast<int64_t>(n) * (static_cast<int64_t>(n) - 1) / 2;
}

// The number of pairs of neighbours in a sorted sequence that same(i, j) calls equal, whole runs counted.
template <typename Same>
int64_t TiedPairs(size_t n, const Same& same) {
  int64_t pairs = 0;
  for (size_t begin = 0; begin < n;) {
    size_t end = begin + 1;
    while (end < n && same(begin, end)) ++end;
    pairs += Choose2(end - begin);
    begin = end;
  }
  return pairs;
}

// Sorts by merging and counts the pairs that stood in the wrong order.
int64_t SortCountingInversions(std::vector<double>& values) {
  std::vector<double> merged(values.size());
  int64_t inversions = 0;
  for (size_t width = 1; width < values.size(); width *= 2) {
    for (size_t begin = 0; begin < values.size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, values.size()), end = std::min(begin + 2 * width, values.size());
      size_t left = begin, right = middle;
      for (size_t out = begin; out < end; ++out) {
        const bool from_right = right < end && (left == middle || values[right] < values[left]);
        if (from_right) inversions += static_cast<int64_t>(middle - left);
        merged[out] = from_right ? values[right++] : values[left++];
      }
    }
    values.swap(merged);
  }
  return inversions;
}

double Kendall(std::span<const double> a, std::span<const double> b) {
  const size_t n = a.size();
  std::vector<std::pair<double, double>> pairs(n);
  for (size_t i = 0; i < n; ++i) pairs[i] = {a[i], b[i]};
  std::sort(pairs.begin(), pairs.end());
  const int64_t tied_a = TiedPairs(n, [&](size_t i, size_t j) { return pairs[i].first == pairs[j].first; });
  const int64_t tied_both = TiedPairs(n, [&](size_t i, size_t j) { return pairs[i] == pairs[j]; });
  std::vector<double> order(n);
  for (size_t i = 0; i < n; ++i) order[i] = pairs[i].second;
  const int64_t discordant = SortCountingInversions(order);
  const int64_t tied_b = TiedPairs(n, [&](size_t i, size_t j) { return order[i] == order[j]; });
  const int64_t all = Choose2(n);
  if (all == tied_a || all == tied_b) return kNan;
  const auto difference = static_cast<double>(all - tied_a - tied_b + tied_both - 2 * discordant);
  const double value = difference / std::sqrt(static_cast<double>(all - tied_a)) / std::sqrt(static_cast<double>(all - tied_b));
  return std::clamp(value, -1.0, 1.0);
}

struct Fisher {
  double variance;   // of atanh(value)
  double half_step;  // half of what one swap of neighbours takes from 1
};

Fisher FisherOf(CorrelationKind kind, double value, double n) {
  switch (kind) {
    case CorrelationKind::kPearson: return {1 / (n - 3), 0};
    case CorrelationKind::kSpearman: return {(1 + value * value / 2) / (n - 3), 6 / (n * (n * n - 1))};
    case CorrelationKind::kKendall: return {0.437 / (n - 4), 2 / (n * (n - 1))};
  }
  return {kNan, 0};
}

Interval FisherInterval(CorrelationKind kind, double value, size_t n, double confidence) {
  if (n < (kind == CorrelationKind::kKendall ? 5u : 4u)) return {-1, 1, confidence};
  const auto [variance, half_step] = FisherOf(kind, value, static_cast<double>(n));
  // Square roots may leave a wholly agreeing ranking a rounding away from 1.
  const double inner = std::clamp(value, -1 + half_step, 1 - half_step);
  const double reach = NormalQuantile(0.5 + confidence / 2) * std::sqrt(variance), z = std::atanh(inner);
  return {value <= -1 + half_step ? -1 : std::tanh(z - reach), value >= 1 - half_step ? 1 : std::tanh(z + reach), confidence};
}

}  // namespace

std::vector<double> MidRanks(std::span<const double> sample) {
  std::vector<size_t> order(sample.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t i, size_t j) { return sample[i] < sample[j]; });
  std::vector<double> ranks(sample.size());
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    while (end < order.size() && sample[order[end]] == sample[order[begin]]) ++end;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
    begin = end;
  }
  return ranks;
}

CorrelationEstimate Correlation(std::span<const double> a, std::span<const double> b, CorrelationKind kind, double confidence) {
  assert(a.size() == b.size() && confidence > 0 && confidence < 1);
  const auto finite = [](double x) { return std::isfinite(x); };
  double value = kNan;
  if (a.size() >= 2 && std::all_of(a.begin(), a.end(), finite) && std::all_of(b.begin(), b.end(), finite)) {
    value = kind == CorrelationKind::kPearson    ? Pearson(a, b)
            : kind == CorrelationKind::kSpearman ? Pearson(MidRanks(a), MidRanks(b))
                                                 : Kendall(a, b);
  }
  if (std::isnan(value)) return {kNan, {-1, 1, confidence}};
  return {value, FisherInterval(kind, value, a.size(), confidence)};
}

}  // namespace tradewind
