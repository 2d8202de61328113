// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Ridge and logistic regression with an intercept that is not penalised, over dense rows or sparse ones (hashed text features). A model is
// a plain value; pure functions, thread-safe.
//
//   TW_ASSIGN(LinearModel model, FitLogistic(rows, columns, was_right, {.l2 = 0.1}));
//   double p = model.Probability(x);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct SparseEntry {
  uint32_t column = 0;
  double value = 0;
};
using SparseRow = std::vector<SparseEntry>;  // a column may stand twice: its values add up

struct LinearModel {
  double intercept = 0;
  std::vector<double> weights;

  // `x` has a value for each weight, a sparse one only columns below their number (asserted).
  double Score(std::span<const double> x) const;
  double Score(const SparseRow& x) const;
  // 1 / (1 + exp(-Score)): of a logistic model, how likely the outcome is 1.
  double Probability(std::span<const double> x) const;
  double Probability(const SparseRow& x) const;
};

struct LinearOptions {
  double l2 = 1;                             // >= 0; see each fit
  std::vector<double> example_weights = {};  // none: 1 each; else one a row, >= 0, not all 0
  int steps = 1000;                          // at most, of the search where there is one
};

// Least sum of weight * (y - score)^2 + l2 * |weights|^2. Dense: by the normal equations, at most 4,096 columns. kInvalidInput for a bad
// table (learn/table.h) or options, kUnsupported where l2 = 0 and the columns depend on each other.
Result<LinearModel> FitRidge(std::span<const double> rows, size_t columns, std::span<const double> y, const LinearOptions& options);
Result<LinearModel> FitRidge(std::span<const SparseRow> rows, size_t columns, std::span<const double> y, const LinearOptions& options);

// Least sum of weight * cross entropy + l2 / 2 * |weights|^2; y in [0, 1], not only its ends. By L-BFGS; l2 = 0 on outcomes that can be
// told apart fully has no minimum, and gives what `steps` reached.
Result<LinearModel> FitLogistic(std::span<const double> rows, size_t columns, std::span<const double> y, const LinearOptions& options);
Result<LinearModel> FitLogistic(std::span<const SparseRow> rows, size_t columns, std::span<const double> y, const LinearOptions& options);

}  // namespace tradewind
