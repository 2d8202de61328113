// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/activation_histogram.h"

#include <algorithm>
#include <cmath>

namespace tradewind {

namespace {

constexpr int64_t kCutsTried = 128;

}  // namespace

void ActivationHistogram::Add(float value) {
  if (!(value > 0) || counts_.empty()) return;
  const auto bin = static_cast<int64_t>(value / greatest_ * static_cast<float>(kBins));
  ++counts_[static_cast<size_t>(std::clamp<int64_t>(bin, 0, kBins - 1))];
}

double ActivationHistogram::Percentile(double percent) const {
  int64_t all = 0;
  for (const int64_t count : counts_) all += count;
  const double wanted = percent / 100 * static_cast<double>(all);
  int64_t seen = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (static_cast<double>(seen) >= wanted) return greatest() * static_cast<double>(i + 1) / static_cast<double>(kBins);
  }
  return 0;
}

double ActivationHistogram::LeastErrorCut(int64_t levels) const {
  double best = greatest(), least = INFINITY;
  const auto steps = static_cast<double>(levels);
  for (int64_t tried = kCutsTried; tried >= 1; --tried) {
    const double cut = greatest() * static_cast<double>(tried) / static_cast<double>(kCutsTried);
    double error = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      const double x = greatest() * (static_cast<double>(i) + 0.5) / static_cast<double>(kBins);
      const double told = cut / steps * std::clamp(std::round(x * steps / cut), 0.0, steps);
      error += static_cast<double>(counts_[i]) * (x - told) * (x - told);
    }
    if (error < least) {
      least = error;
      best = cut;
    }
  }
  return best;
}

}  // namespace tradewind
