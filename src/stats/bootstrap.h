// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Bootstrap intervals (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 14: BCa) of a statistic of one
// sample, or of the ratio of two. Seeded: the same call gives the same interval on every machine. Pure functions, thread-safe.
//
//   Interval change = RatioInterval(ours_ms, theirs_ms, Pairing::kPaired, {.statistic = Statistic::kMedian});
#pragma once

#include <cstdint>
#include <span>

#include "base/interval.h"

namespace tradewind {

enum class Statistic { kMean, kMedian, kQuantile };

struct BootstrapOptions {
  Statistic statistic = Statistic::kMean;
  double p = 0.5;  // of kQuantile
  double confidence = 0.95;
  int resamples = 4000;
  uint64_t seed = 1;
};

// An empty sample gives NaN, one observation (-inf, inf). The interval of an outer quantile with fewer than
// some ten observations beyond it is too short, whatever the method: then prefer QuantileInterval.
Interval BootstrapInterval(std::span<const double> sample, const BootstrapOptions& options);

enum class Pairing {
  kPaired,    // a[i] and b[i] were measured side by side: pairs are drawn together, and noise that they share cancels
  kUnpaired,  // each sample is drawn on its own
};

// The interval of statistic(a) / statistic(b). Both samples are positive and, if paired, of one length (asserted).
Interval RatioInterval(std::span<const double> a, std::span<const double> b, Pairing pairing, const BootstrapOptions& options);

// The interval of statistic(a) - statistic(b), in the samples' unit; the samples may have any sign. Paired, it is of the difference of
// the medians; for the median of the differences give those to BootstrapInterval.
Interval DifferenceInterval(std::span<const double> a, std::span<const double> b, Pairing pairing, const BootstrapOptions& options);

}  // namespace tradewind
