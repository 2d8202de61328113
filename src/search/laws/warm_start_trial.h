// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Does a warm start pay when the law (warm_start.h) says so? Searches over a table of true and predicted values, counted. A search has
// `settings` rows drawn from the table and hits if it tries the best of them. Pure, seeded functions; thread-safe.
//
//   TW_ASSIGN(WarmStartTrial trial, TryWarmStart(accuracy_after_200_epochs, after_12, {.settings = 400, .trials = 20, .price = 5}, {}));
//   trial.right;                               // what the law decided is what happened
#pragma once

#include <cstdint>
#include <span>

#include "base/interval.h"
#include "base/status.h"
#include "search/laws/warm_start.h"

namespace tradewind {

struct WarmStartTrialOptions {
  int searches = 2000;  // 100 to 1,000,000
  double confidence = 0.95;
  uint64_t seed = 1;
};

struct WarmStartTrial {
  double spearman = 0;    // of the two columns
  WarmStart law;          // for the correlation 2 sin(pi spearman / 6)
  double hit = 0;         // share of searches that tried the best
  Interval hit_interval;  // Wilson's
  double hit_cold = 0;    // exact: trials / settings
  bool right = false;     // law.pays and the interval agree; a hit_cold inside the interval agrees with either
};

// More is better in both columns; equal values are taken in the order drawn. `question.correlation` is not read. kInvalidInput for columns
// of different lengths, values that are not finite or all equal, more settings than rows (rows are drawn without repetition), and what
// WarmStartPays refuses.
Result<WarmStartTrial> TryWarmStart(std::span<const double> truth, std::span<const double> predicted, const WarmStartQuestion& question,
                                    const WarmStartTrialOptions& options);

struct ThresholdTrial {
  double law = 0;       // WarmStartPays' threshold
  double measured = 0;  // the correlation from which simulated warm searches hit more often than cold ones
  Interval interval;    // where the two could still be equal; a Wilson interval carried over to correlations
};

// The threshold, measured: true values are independent normals, predictions correlate with them as planted; the same draws for all
// correlations. `question.price` must leave a trial and be at least 1 (else the threshold is 0 or infinite), settings at most 100,000.
Result<ThresholdTrial> MeasureThreshold(const WarmStartQuestion& question, const WarmStartTrialOptions& options);

}  // namespace tradewind
