// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/softmax.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "learn/lbfgs.h"
#include "learn/mlp.h"
#include "learn/table.h"

namespace tradewind {
namespace {

constexpr double kSharesTolerance = 1e-3;  // probabilities in single precision add up to 1 within less

struct ColumnScale {
  double mean = 0, spread = 1;
};

ColumnScale ScaleOf(std::span<const double> rows, size_t columns, size_t column) {
  const size_t n = rows.size() / columns;
  double sum = 0, squares = 0;
  for (size_t r = 0; r < n; ++r) sum += rows[r * columns + column];
  const double mean = sum / static_cast<double>(n);
  for (size_t r = 0; r < n; ++r) squares += std::pow(rows[r * columns + column] - mean, 2);
  const double spread = std::sqrt(squares / static_cast<double>(n));
  return {mean, spread > 0 ? spread : 1};
}

Result<void> CheckClassShares(std::span<const double> shares, size_t rows, size_t classes) {
  if (classes < 2 || shares.size() != rows * classes)
    return Fail(StatusCode::kInvalidInput, "a softmax regression takes at least 2 classes, and a share of each for every row");
  for (size_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (const double share : shares.subspan(r * classes, classes)) sum += share >= 0 ? share : NAN;
    if (!(std::abs(sum - 1) <= kSharesTolerance))
      return Fail(StatusCode::kInvalidInput, "a softmax regression: the shares of row " + std::to_string(r) + " do not add up to 1");
  }
  return {};
}

}  // namespace

Result<SoftmaxModel> FitSoftmax(std::span<const double> rows, size_t columns, std::span<const double> shares, size_t classes,
                                const SoftmaxOptions& options) {
  TW_RETURN_IF_ERROR(CheckRows("a softmax regression", rows, columns));
  TW_RETURN_IF_ERROR(CheckClassShares(shares, rows.size() / columns, classes));
  if (!(options.l2 >= 0) || options.steps < 1)
    return Fail(StatusCode::kInvalidInput, "a softmax regression: l2 must be at least 0, and steps at least 1");
  std::vector<ColumnScale> scales;
  for (size_t c = 0; c < columns; ++c) scales.push_back(ScaleOf(rows, columns, c));
  std::vector<double> scaled(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) scaled[i] = (rows[i] - scales[i % columns].mean) / scales[i % columns].spread;

  const MlpShape shape = {.inputs = columns, .hidden = {}, .outputs = classes, .head = MlpHead::kSoftmax};
  const auto objective = [&](std::span<const double> x, std::span<double> gradient) {
    double loss = MlpGradient(shape, x, scaled, shares, {.loss = MlpLoss::kCrossEntropy}, gradient);
    for (size_t i = 0; i < classes * columns; ++i) {
      loss += options.l2 / 2 * x[i] * x[i];
      gradient[i] += options.l2 * x[i];
    }
    return loss;
  };
  const Minimum found = MinimiseLbfgs(objective, std::vector<double>(shape.Parameters()), {.steps = options.steps});

  SoftmaxModel model = {.columns = columns, .classes = classes};
  for (size_t k = 0; k < classes; ++k) {
    double intercept = found.x[classes * columns + k];
    for (size_t c = 0; c < columns; ++c) {
      const double weight = found.x[k * columns + c] / scales[c].spread;
      model.weights.push_back(weight);
      intercept -= weight * scales[c].mean;
    }
    model.intercepts.push_back(intercept);
  }
  return model;
}

}  // namespace tradewind
