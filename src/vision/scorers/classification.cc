// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scorers/classification.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace tradewind {

std::vector<float> SoftmaxOf(std::span<const float> logits) {
  std::vector<float> out(logits.begin(), logits.end());
  if (out.empty()) return out;
  const float greatest = *std::max_element(out.begin(), out.end());
  float sum = 0;
  for (float& v : out) sum += v = std::exp(v - greatest);
  for (float& v : out) v /= sum;
  return out;
}

float EnergyOf(std::span<const float> logits) {
  assert(!logits.empty());
  const float greatest = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (const float v : logits) sum += std::exp(v - greatest);
  return -(greatest + std::log(sum));
}

float EntropyOf(std::span<const float> probabilities) {
  float bits = 0;
  for (const float p : probabilities) bits -= p > 0 ? p * std::log2(p) : 0;
  return bits;
}

std::vector<int64_t> BestClasses(std::span<const float> scores, int64_t count) {
  std::vector<int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  const auto keep = std::min<std::ptrdiff_t>(count, static_cast<std::ptrdiff_t>(order.size()));
  std::partial_sort(order.begin(), order.begin() + keep, order.end(), [&](int64_t a, int64_t b) {
    const float x = scores[static_cast<size_t>(a)], y = scores[static_cast<size_t>(b)];
    return x > y || (x == y && a < b);
  });
  order.resize(static_cast<size_t>(keep));
  return order;
}

double CalibrationError(std::span<const float> confidence, const std::vector<bool>& right, int bins) {
  assert(confidence.size() == right.size() && bins > 0);
  struct Bin {
    double sure = 0, hits = 0, count = 0;
  };
  std::vector<Bin> all(static_cast<size_t>(bins));
  for (size_t i = 0; i < confidence.size(); ++i) {
    // Bins are open below and closed above, so that a certainty of 1 lies in the last.
    const auto index = std::clamp(static_cast<int>(std::ceil(static_cast<double>(confidence[i]) * bins)) - 1, 0, bins - 1);
    Bin& bin = all[static_cast<size_t>(index)];
    bin.sure += static_cast<double>(confidence[i]);
    bin.hits += right[i] ? 1 : 0;
    bin.count += 1;
  }
  double error = 0;
  for (const Bin& b : all) error += std::fabs(b.sure - b.hits);
  return confidence.empty() ? 0 : error / static_cast<double>(confidence.size());
}

double MeanOverlap(std::span<const int32_t> found, std::span<const int32_t> truth, int32_t classes, int32_t ignored) {
  assert(found.size() == truth.size());
  std::vector<double> both(static_cast<size_t>(classes)), either(both.size());
  for (size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == ignored) continue;
    const auto f = static_cast<size_t>(found[i]), t = static_cast<size_t>(truth[i]);
    if (f == t) both[t] += 1;
    if (t < either.size()) either[t] += 1;
    if (f < either.size() && f != t) either[f] += 1;
  }
  double sum = 0, counted = 0;
  for (size_t c = 0; c < both.size(); ++c) {
    if (either[c] == 0) continue;
    sum += both[c] / either[c];
    counted += 1;
  }
  return counted == 0 ? 0 : sum / counted;
}

}  // namespace tradewind
