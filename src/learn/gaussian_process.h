// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Gaussian-process regression (Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006, chapters 2 and 5): a Matern 5/2 kernel
// with a length scale for each column, noise, and y standardised inside. A fit is a plain value; prediction is thread-safe.
//
//   TW_ASSIGN(GaussianProcess gp, FitGaussianProcess(rows, columns, y, {.seed = 3}));
//   NormalPrediction p = gp.Predict(x);                       // p.mean, p.variance, in the units of y
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct GaussianProcessOptions {
  // Natural logarithms: [variance, a length scale for each column, noise variance], variances in those of y. Where given, nothing is
  // searched for; else the marginal likelihood is maximised over them by L-BFGS, started once from the data's spread and then `restarts`
  // times nearby.
  std::vector<double> parameters = {};
  int restarts = 2;
  int steps = 60;  // of each search
  uint64_t seed = 1;
};

struct NormalPrediction {
  double mean = 0;
  double variance = 0;  // of the function at x
  double noise = 0;     // what one observation adds to it
};

struct JointPrediction {
  std::vector<double> mean;
  std::vector<double> covariance;  // of the function between the points, row by row, without noise
};

struct GaussianProcess {
  size_t columns = 0;
  std::vector<double> rows;
  std::vector<double> parameters;  // as in the options
  double mean = 0, scale = 1;      // of y, taken off before fitting
  std::vector<double> alpha;       // K^-1 (y - mean) / scale
  std::vector<double> cholesky;    // the lower factor of K, row by row
  double log_likelihood = 0;       // of the standardised y

  // `x` has `columns` values; `points` any number of such (asserted).
  NormalPrediction Predict(std::span<const double> x) const;
  JointPrediction PredictJoint(std::span<const double> points) const;
};

// The log marginal likelihood of `y` (as it is, not standardised) and its gradient by the parameters. -infinity and no gradient where the
// kernel's matrix is not positive definite. Shapes are asserted.
struct LogLikelihood {
  double value = 0;
  std::vector<double> gradient;
};
LogLikelihood GaussianProcessLikelihood(std::span<const double> rows, size_t columns, std::span<const double> y,
                                        std::span<const double> parameters);

// At most 4,000 rows, as the time grows with their cube. kInvalidInput for a bad table (learn/table.h) or options; kUnsupported where the
// given parameters make no positive definite matrix (raise the noise).
Result<GaussianProcess> FitGaussianProcess(std::span<const double> rows, size_t columns, std::span<const double> y,
                                           const GaussianProcessOptions& options);

}  // namespace tradewind
