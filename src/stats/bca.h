// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the bootstraps of this folder share: the statistic of a resample, and the interval from the replicates. Other folders call
// bootstrap.h and grouped_bootstrap.h. Pure functions, thread-safe.
//
//   return BcaInterval(EvaluateStatistic(sample, options), replicates, influence, {.size = n, .degrees = n - 1}, 0.95);
#pragma once

#include <span>
#include <vector>

#include "base/interval.h"
#include "stats/bootstrap.h"

namespace tradewind {

double EvaluateStatistic(std::span<const double> sample, const BootstrapOptions& options);

// Asserts what every bootstrap asks of its options.
void CheckBootstrapOptions(const BootstrapOptions& options);

// How much was drawn: `size` independent draws with `degrees` of freedom between them (size - 1; strata take one each).
struct DrawnUnits {
  double size = 0;
  double degrees = 0;
};

// BCa (Efron & Tibshirani 1993, 14.3): the percentiles of the replicates, moved by their median bias and by the skewness of the influence
// of each observation. Of a quantile the jackknife says nothing (its influences take two values): pass none, and only the bias is
// corrected. The tails are widened from the normal to Student's t with the units' degrees, and by the sqrt(size / degrees) that
// resampling falls short (Hesterberg 2015, arXiv:1411.5279, "expanded percentile"): plain bootstrap intervals of ten observations are
// a tenth too short. (-inf, inf) where a replicate is not finite.
Interval BcaInterval(double estimate, std::vector<double> replicates, std::span<const double> influence, const DrawnUnits& units,
                     double confidence);

}  // namespace tradewind
