// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/summary.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "base/numbers.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

// P(k of n) for k = 0..n, by logarithms so that large samples do not underflow to nothing in the middle.
std::vector<double> BinomialProbabilities(size_t n, double p) {
  std::vector<double> probabilities(n + 1);
  const auto count = static_cast<double>(n);
  for (size_t i = 0; i <= n; ++i) {
    const auto k = static_cast<double>(i);
    const double ways = LogGamma(count + 1) - LogGamma(k + 1) - LogGamma(count - k + 1);
    probabilities[i] = std::exp(ways + k * std::log(p) + (count - k) * std::log1p(-p));
  }
  return probabilities;
}

}  // namespace

double Mean(std::span<const double> sample) {
  if (sample.empty()) return kNan;
  double sum = 0;
  for (const double x : sample) sum += x;
  const double mean = sum / static_cast<double>(sample.size());
  double rest = 0;  // a second pass takes away most of the rounding of the first
  for (const double x : sample) rest += x - mean;
  return mean + rest / static_cast<double>(sample.size());
}

double Variance(std::span<const double> sample) {
  if (sample.empty()) return kNan;
  if (sample.size() == 1) return 0;
  const double mean = Mean(sample);
  double sum = 0;
  for (const double x : sample) sum += (x - mean) * (x - mean);
  return sum / static_cast<double>(sample.size() - 1);
}

double Median(std::span<const double> sample) {
  return Quantile(sample, 0.5);
}

double Quantile(std::span<const double> sample, double p) {
  if (sample.empty() || !(p >= 0 && p <= 1)) return kNan;
  std::vector<double> values(sample.begin(), sample.end());
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = std::min(static_cast<size_t>(place), values.size() - 1);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(below), values.end());
  const double low = values[below];
  if (below + 1 == values.size()) return low;
  const double high = *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(below) + 1, values.end());
  const double share = place - static_cast<double>(below);
  return share > 0 && high > low ? low + share * (high - low) : low;  // an infinity stays one
}

Interval MeanInterval(std::span<const double> sample, double confidence) {
  assert(confidence > 0 && confidence < 1);
  if (sample.empty()) return {kNan, kNan, confidence};
  if (sample.size() == 1) return {-kInfinity, kInfinity, confidence};
  const auto n = static_cast<double>(sample.size());
  const double mean = Mean(sample);
  const double reach = StudentQuantile(0.5 + confidence / 2, n - 1) * std::sqrt(Variance(sample) / n);
  return {mean - reach, mean + reach, confidence};
}

Interval PercentileInterval(std::span<const double> replicates, double confidence) {
  return {Quantile(replicates, (1 - confidence) / 2), Quantile(replicates, (1 + confidence) / 2), confidence};
}

Interval QuantileInterval(std::span<const double> sample, double p, double confidence) {
  assert(confidence > 0 && confidence < 1 && p > 0 && p < 1);
  if (sample.empty()) return {kNan, kNan, confidence};
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t n = sorted.size();
  const std::vector<double> probabilities = BinomialProbabilities(n, p);
  const double tail = (1 - confidence) / 2;
  // With B observations below the quantile, B binomial, the r-th smallest lies above it with probability P(B < r).
  Interval interval{-kInfinity, kInfinity, confidence};
  double below = 0;
  for (size_t r = 1; r <= n; ++r) {  // the largest r with P(B < r) <= tail
    below += probabilities[r - 1];
    if (below > tail) break;
    interval.low = sorted[r - 1];
  }
  double above = 0;
  for (size_t r = n; r >= 1; --r) {  // the smallest r with P(B >= r) <= tail
    above += probabilities[r];
    if (above > tail) break;
    interval.high = sorted[r - 1];
  }
  return interval;
}

Interval WilsonInterval(int64_t successes, int64_t trials, double confidence) {
  assert(confidence > 0 && confidence < 1 && successes >= 0 && successes <= trials);
  if (trials == 0) return {0, 1, confidence};
  const double z = NormalQuantile(0.5 + confidence / 2);
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double reach = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // Rounding must not turn none of them into more than none.
  return {successes == 0 ? 0.0 : std::max(0.0, centre - reach), successes == trials ? 1.0 : std::min(1.0, centre + reach), confidence};
}

}  // namespace tradewind
