// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/bootstrap.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/numbers.h"
#include "base/random.h"
#include "stats/bca.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

// Draws as many indices as there are, with replacement.
void DrawIndices(Random& random, std::vector<size_t>& indices) {
  for (size_t& index : indices) index = random.Below(indices.size());
}

void Gather(std::span<const double> sample, std::span<const size_t> indices, std::vector<double>& out) {
  out.resize(indices.size());
  for (size_t i = 0; i < indices.size(); ++i) out[i] = sample[indices[i]];
}

// The statistic without observation i, for every i.
template <typename WithoutOne>
void Jackknife(size_t n, const WithoutOne& without, std::vector<double>& influence) {
  std::vector<double> values(n);
  for (size_t i = 0; i < n; ++i) values[i] = without(i);
  const double mean = Mean(values);
  for (const double value : values) influence.push_back((mean - value) * static_cast<double>(n - 1));
}

// The mean of the others. By subtraction: with a mean around each observation the jackknife would take n^2 steps.
double MeanWithout(std::span<const double> sample, double mean, size_t i) {
  return mean + (mean - sample[i]) / static_cast<double>(sample.size() - 1);
}

DrawnUnits UnitsOf(size_t size) {
  return {.size = static_cast<double>(size), .degrees = static_cast<double>(size) - 1};
}

// The interval of combine(statistic(a), statistic(b)).
template <typename Combine>
Interval TwoSampleInterval(std::span<const double> a, std::span<const double> b, Pairing pairing, const BootstrapOptions& options,
                           const Combine& combine) {
  CheckBootstrapOptions(options);
  const bool paired = pairing == Pairing::kPaired;
  assert(!paired || a.size() == b.size());
  if (a.empty() || b.empty()) return {kNan, kNan, options.confidence};
  if (a.size() == 1 || b.size() == 1) return {-kInfinity, kInfinity, options.confidence};
  Random random(options.seed);
  std::vector<size_t> of_a(a.size()), of_b(b.size());
  std::vector<double> drawn_a, drawn_b, replicates, influence;
  for (int i = 0; i < options.resamples; ++i) {
    DrawIndices(random, of_a);
    if (!paired) DrawIndices(random, of_b);
    Gather(a, of_a, drawn_a);
    Gather(b, paired ? of_a : of_b, drawn_b);
    replicates.push_back(combine(EvaluateStatistic(drawn_a, options), EvaluateStatistic(drawn_b, options)));
  }
  const double of_all_a = EvaluateStatistic(a, options), of_all_b = EvaluateStatistic(b, options);
  if (options.statistic == Statistic::kMean && paired) {
    Jackknife(a.size(), [&](size_t i) { return combine(MeanWithout(a, of_all_a, i), MeanWithout(b, of_all_b, i)); }, influence);
  } else if (options.statistic == Statistic::kMean) {
    // An observation of a sample of n moves the result by its influence / n, so that is what variance and skewness are made of.
    std::vector<double> from_a, from_b;
    Jackknife(a.size(), [&](size_t i) { return combine(MeanWithout(a, of_all_a, i), of_all_b); }, from_a);
    Jackknife(b.size(), [&](size_t i) { return combine(of_all_a, MeanWithout(b, of_all_b, i)); }, from_b);
    for (const double x : from_a) influence.push_back(x / static_cast<double>(a.size()));
    for (const double x : from_b) influence.push_back(x / static_cast<double>(b.size()));
  }
  const DrawnUnits units = UnitsOf(std::min(a.size(), b.size()));
  return BcaInterval(combine(of_all_a, of_all_b), std::move(replicates), influence, units, options.confidence);
}

}  // namespace

Interval BootstrapInterval(std::span<const double> sample, const BootstrapOptions& options) {
  CheckBootstrapOptions(options);
  if (sample.empty()) return {kNan, kNan, options.confidence};
  if (sample.size() == 1) return {-kInfinity, kInfinity, options.confidence};
  Random random(options.seed);
  std::vector<size_t> indices(sample.size());
  std::vector<double> drawn, replicates, influence;
  for (int i = 0; i < options.resamples; ++i) {
    DrawIndices(random, indices);
    Gather(sample, indices, drawn);
    replicates.push_back(EvaluateStatistic(drawn, options));
  }
  const double estimate = EvaluateStatistic(sample, options);
  if (options.statistic == Statistic::kMean) {
    Jackknife(sample.size(), [&](size_t i) { return MeanWithout(sample, estimate, i); }, influence);
  }
  return BcaInterval(estimate, std::move(replicates), influence, UnitsOf(sample.size()), options.confidence);
}

Interval RatioInterval(std::span<const double> a, std::span<const double> b, Pairing pairing, const BootstrapOptions& options) {
  return TwoSampleInterval(a, b, pairing, options, [](double x, double y) { return x / y; });
}

Interval DifferenceInterval(std::span<const double> a, std::span<const double> b, Pairing pairing, const BootstrapOptions& options) {
  return TwoSampleInterval(a, b, pairing, options, [](double x, double y) { return x - y; });
}

}  // namespace tradewind
