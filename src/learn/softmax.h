// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Softmax regression: one linear score a class, over dense rows. A plain value; pure functions, thread-safe.
//
//   TW_ASSIGN(const SoftmaxModel model, FitSoftmax(rows, columns, shares, classes, {.l2 = 1e-4}));
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct SoftmaxModel {
  size_t columns = 0, classes = 0;
  std::vector<double> weights{};     // [class][column]
  std::vector<double> intercepts{};  // a class
};

struct SoftmaxOptions {
  double l2 = 1e-4;  // >= 0
  int steps = 300;   // at most, of the search
};

// Least mean over rows of the cross entropy with `shares` ([row][class], each row adds up to 1: a label is a 1, a teacher's answer all of
// its probabilities), plus l2 / 2 * |weights|^2. By L-BFGS, over columns that are brought to mean 0 and spread 1. kInvalidInput for a bad
// table (learn/table.h), shares or options.
Result<SoftmaxModel> FitSoftmax(std::span<const double> rows, size_t columns, std::span<const double> shares, size_t classes,
                                const SoftmaxOptions& options);

}  // namespace tradewind
