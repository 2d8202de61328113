// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Do prediction intervals keep their word? And intervals that do by construction (split conformal). Any predictor: only intervals or
// predictions and what was then observed are needed, which must not have been used to fit it. Pure functions, thread-safe.
//
//   TW_ASSIGN(CoverageCheck check, CheckCoverage(predicted, observed, 0.95));   // check.share beside check.claimed
//   TW_ASSIGN(ConformalBand band, FitConformal(predicted_ms, observed_ms, ResidualScale::kRelative, 0.9));
//   Interval next = band.Around(12.5);
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

struct CoverageCheck {
  double claimed = 0;  // the confidence that the predictions stated
  int64_t inside = 0;
  int64_t total = 0;
  double share = 0;         // inside / total
  Interval share_interval;  // Wilson's, of the share of all observations like these
  // The mean of half an interval's width over the |observation|: what the coverage was bought with. Infinite with an infinite interval.
  double mean_relative_half_width = 0;

  bool TooNarrow() const { return share_interval.high < claimed; }
  bool TooWide() const { return share_interval.low > claimed; }
};

// How often predicted[i] holds observed[i]; `confidence` is of the share's interval, which takes observations as independent. The
// predictions all state one confidence, observations are finite and not zero; kInvalidInput names the place otherwise, or if there are
// none.
Result<CoverageCheck> CheckCoverage(std::span<const Interval> predicted, std::span<const double> observed, double confidence);

struct Calibration {
  std::vector<CoverageCheck> levels;  // as asked, in order
  double worst_gap = 0;               // the largest |share - claimed|
  bool calibrated = false;            // no level is too narrow or too wide, together at the confidence asked (Bonferroni)
};

// The same at several confidences, without the distribution function that a PIT histogram would want: one that is right at 0.5, 0.8 and
// 0.95 has no wrong shape to hide. predict(i, level) is the prediction of observed[i] with that confidence. Few observations find nothing
// wrong: look at the share intervals. Levels in (0, 1), 1 to 100 of them.
Result<Calibration> CheckCalibration(const std::function<Interval(size_t, double)>& predict, std::span<const double> observed,
                                     std::span<const double> levels, double confidence);

enum class ResidualScale {
  kAbsolute,  // |observed - predicted|
  kRelative,  // |observed - predicted| / |predicted|: for times and memory, whose errors grow with them
};

struct ConformalBand {
  double reach = 0;  // infinite where the residuals are too few for the confidence
  ResidualScale scale = ResidualScale::kAbsolute;
  double confidence = 0;

  Interval Around(double predicted) const;
};

// Split-conformal prediction (Lei, G'Sell, Rinaldo, Tibshirani & Wasserman, arXiv:1604.04173; relative residuals as in section 5.2, with
// the prediction itself for the spread): reach is the k-th smallest of the n residuals, k = ceil((n + 1) confidence), and infinite where
// k > n: 90 % wants 9 residuals, 95 % wants 19. A new observation that is exchangeable with those given lies inside with a probability of
// at least `confidence`, and without ties at most 1 / (n + 1) more, whatever the predictor and the noise. The predictor must not have seen
// these observations. kInvalidInput for values that are not finite, a prediction of 0 with kRelative, or none at all.
Result<ConformalBand> FitConformal(std::span<const double> predicted, std::span<const double> observed, ResidualScale scale,
                                   double confidence);

}  // namespace tradewind
