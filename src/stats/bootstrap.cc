// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/bootstrap.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "stats/distributions.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

double Evaluate(std::span<const double> sample, const BootstrapOptions& options) {
  switch (options.statistic) {
    case Statistic::kMean: return Mean(sample);
    case Statistic::kMedian: return Median(sample);
    case Statistic::kQuantile: return Quantile(sample, options.p);
  }
  return kNan;
}

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

std::vector<double> Without(std::span<const double> sample, size_t i) {
  std::vector<double> rest(sample.begin(), sample.end());
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
  return rest;
}

// BCa: the percentiles of the replicates, moved by their median bias and by the skewness of the influence of each observation.
// Of a quantile the jackknife says nothing (its influences take two values), so there only the bias is corrected. The tails are
// widened from the normal to Student's t for the `size` of the sample (Hesterberg 2015, arXiv:1411.5279, "expanded percentile"):
// plain bootstrap intervals of ten observations are a tenth too short.
Interval BcaInterval(double estimate, std::vector<double> replicates, std::span<const double> influence, size_t size, double confidence) {
  double below = 0;
  for (const double value : replicates) below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
  const auto count = static_cast<double>(replicates.size());
  const double bias = NormalQuantile(std::clamp(below / count, 0.5 / count, 1 - 0.5 / count));
  double squares = 0, cubes = 0;
  for (const double x : influence) {
    squares += x * x;
    cubes += x * x * x;
  }
  const double acceleration = squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
  const auto end = [&](double p) {
    const double z = bias + NormalQuantile(p);
    const double scale = 1 - acceleration * z;
    return Quantile(replicates, scale > 0 ? NormalCdf(bias + z / scale) : p < 0.5 ? 0.0 : 1.0);
  };
  const auto n = static_cast<double>(size);
  const double tail = NormalCdf(std::sqrt(n / (n - 1)) * StudentQuantile((1 - confidence) / 2, n - 1));
  return {end(tail), end(1 - tail), confidence};
}

void CheckOptions(const BootstrapOptions& options) {
  assert(options.confidence > 0 && options.confidence < 1 && options.resamples >= 100 && options.resamples <= 1'000'000);
  assert(options.p >= 0 && options.p <= 1);
}

}  // namespace

Interval BootstrapInterval(std::span<const double> sample, const BootstrapOptions& options) {
  CheckOptions(options);
  if (sample.empty()) return {kNan, kNan, options.confidence};
  if (sample.size() == 1) return {-kInf, kInf, options.confidence};
  Random random(options.seed);
  std::vector<size_t> indices(sample.size());
  std::vector<double> drawn, replicates, influence;
  for (int i = 0; i < options.resamples; ++i) {
    DrawIndices(random, indices);
    Gather(sample, indices, drawn);
    replicates.push_back(Evaluate(drawn, options));
  }
  if (options.statistic == Statistic::kMean) {
    Jackknife(sample.size(), [&](size_t i) { return Mean(Without(sample, i)); }, influence);
  }
  return BcaInterval(Evaluate(sample, options), std::move(replicates), influence, sample.size(), options.confidence);
}

Interval RatioInterval(std::span<const double> a, std::span<const double> b, Pairing pairing, const BootstrapOptions& options) {
  CheckOptions(options);
  const bool paired = pairing == Pairing::kPaired;
  assert(!paired || a.size() == b.size());
  if (a.empty() || b.empty()) return {kNan, kNan, options.confidence};
  if (a.size() == 1 || b.size() == 1) return {-kInf, kInf, options.confidence};
  Random random(options.seed);
  std::vector<size_t> of_a(a.size()), of_b(b.size());
  std::vector<double> drawn_a, drawn_b, replicates, influence;
  for (int i = 0; i < options.resamples; ++i) {
    DrawIndices(random, of_a);
    if (!paired) DrawIndices(random, of_b);
    Gather(a, of_a, drawn_a);
    Gather(b, paired ? of_a : of_b, drawn_b);
    replicates.push_back(Evaluate(drawn_a, options) / Evaluate(drawn_b, options));
  }
  const double top = Evaluate(a, options), bottom = Evaluate(b, options);
  if (options.statistic == Statistic::kMean && paired) {
    Jackknife(a.size(), [&](size_t i) { return Mean(Without(a, i)) / Mean(Without(b, i)); }, influence);
  } else if (options.statistic == Statistic::kMean) {
    // An observation of a sample of n moves the ratio by its influence / n, so that is what variance and skewness are made of.
    std::vector<double> from_a, from_b;
    Jackknife(a.size(), [&](size_t i) { return Mean(Without(a, i)) / bottom; }, from_a);
    Jackknife(b.size(), [&](size_t i) { return top / Mean(Without(b, i)); }, from_b);
    for (const double x : from_a) influence.push_back(x / static_cast<double>(a.size()));
    for (const double x : from_b) influence.push_back(x / static_cast<double>(b.size()));
  }
  return BcaInterval(top / bottom, std::move(replicates), influence, std::min(a.size(), b.size()), options.confidence);
}

}  // namespace tradewind
