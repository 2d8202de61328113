// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a sample is summed up by, and the intervals that have closed forms. Samples are finite; an empty one gives NaN, and an
// interval that the data cannot bound (one observation) is (-inf, inf). Pure functions, thread-safe.
//
//   double p90 = Quantile(latencies_ms, 0.9);
#pragma once

#include <cstdint>
#include <span>

#include "base/interval.h"

namespace tradewind {

double Mean(std::span<const double> sample);
// Unbiased (n - 1); 0 for one observation.
double Variance(std::span<const double> sample);
double Median(std::span<const double> sample);
// Linear interpolation between order statistics, type 7 of Hyndman & Fan (1996), as R and NumPy have it; p in [0, 1].
double Quantile(std::span<const double> sample, double p);

// Student's t interval of the mean: exact for normal data, near it from some 20 observations of anything mild.
Interval MeanInterval(std::span<const double> sample, double confidence);

// An interval of the median or another quantile from order statistics (binomial): exact in that it covers at least
// `confidence` for any continuous distribution. Infinite on a side where the sample is too small for that.
Interval QuantileInterval(std::span<const double> sample, double p, double confidence);

// The middle `confidence` of replicates (a percentile interval of a bootstrap).
Interval PercentileInterval(std::span<const double> replicates, double confidence);

// Wilson's score interval (1927) of a proportion: `successes` of `trials`; (0, 1) for no trials.
Interval WilsonInterval(int64_t successes, int64_t trials, double confidence);

}  // namespace tradewind
