// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Linear least squares with intervals: the predictors of time and memory are fitted with it. Columns are the caller's
// (a constant is a column of ones). A fit is a plain value; pure functions, thread-safe.
//
//   std::vector<double> rows = {1, 10,  1, 20,  1, 40};   // three observations of the columns {1, tokens}
//   TW_ASSIGN(LinearFit fit, FitRelative(rows, 2, ttft_ms));
//   LinePrediction p = fit.Predict(std::vector<double>{1, 30}, 0.9);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

struct LinePrediction {
  double value = 0;
  Interval observation;  // covers one NEW observation at x with its confidence
  Interval mean;         // covers the line itself at x
};

struct LinearFit {
  std::vector<double> coefficients;
  std::vector<double> covariance;  // of the coefficients, row by row
  double residual_variance = 0;    // of an observation of weight 1
  int64_t degrees = 0;             // observations minus coefficients
  bool relative = false;           // the noise of an observation is in proportion to its expected value

  // `x` has a value for each coefficient (asserted). `weight` is the new observation's, as in FitWeighted; a relative fit
  // knows its own and does not look at it. Student's t with `degrees`; exact for normal noise.
  LinePrediction Predict(std::span<const double> x, double confidence, double weight = 1) const;
};

// Fits y = rows * coefficients; `rows` has y.size() rows of `columns` values each, one after the other. kInvalidInput, naming the
// column or row, for values that are not finite, for fewer observations than columns + 1, and where columns depend on each other.
// At most 64 columns and 1,000,000 observations.
Result<LinearFit> FitLeastSquares(std::span<const double> rows, size_t columns, std::span<const double> y);

// The same where observation i has the variance residual_variance / weights[i], weights > 0.
Result<LinearFit> FitWeighted(std::span<const double> rows, size_t columns, std::span<const double> y, std::span<const double> weights);

// The same for positive y whose noise is a fixed share of the expected value, as that of latencies is: weights 1 / expected^2, found by
// fitting again with the last fit's values. residual_variance is then that of the share.
Result<LinearFit> FitRelative(std::span<const double> rows, size_t columns, std::span<const double> y);

}  // namespace tradewind
