// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How often an interval covers the truth, found by trying: for the tests of every interval.
#pragma once

#include <cmath>
#include <vector>

#include "base/interval.h"
#include "base/random.h"

namespace tradewind {

// The share of `trials` in which covers(random) is true. The seeds are fixed, so a test passes always or never.
template <typename Covers>
double Coverage(int trials, const Covers& covers) {
  Random random(20261123);
  int covered = 0;
  for (int i = 0; i < trials; ++i) covered += covers(random) ? 1 : 0;
  return static_cast<double>(covered) / trials;
}

// Three and a half standard deviations of such a share: passed by chance alone in 1,999 of 2,000 tests.
inline double Slack(double confidence, int trials) {
  return 3.5 * std::sqrt(confidence * (1 - confidence) / trials);
}

inline std::vector<double> NormalSample(Random& random, size_t n, double mean, double deviation) {
  std::vector<double> sample(n);
  for (double& x : sample) x = mean + deviation * random.Normal();
  return sample;
}

// Log-normal with median 1: skewed to the right, as times are.
inline std::vector<double> SkewedSample(Random& random, size_t n, double sigma) {
  std::vector<double> sample(n);
  for (double& x : sample) x = std::exp(sigma * random.Normal());
  return sample;
}

}  // namespace tradewind
