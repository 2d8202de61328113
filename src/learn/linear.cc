// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/linear.h"

#include <Eigen/Dense>
#include <cassert>
#include <cmath>
#include <string>

#include "learn/lbfgs.h"
#include "learn/sigmoid.h"
#include "learn/table.h"

namespace tradewind {
namespace {

Result<void> CheckOptions(const LinearOptions& options, size_t n) {
  const auto bad = [](std::string message) { return Fail(StatusCode::kInvalidInput, std::move(message)); };
  if (!(options.l2 >= 0) || !std::isfinite(options.l2)) return bad("l2 of a linear model is 0 or more");
  if (options.steps < 1) return bad("a linear model's search takes at least 1 step");
  if (options.example_weights.empty()) return {};
  if (options.example_weights.size() != n) return bad("a linear model has " + std::to_string(n) + " rows and another number of weights");
  double sum = 0;
  for (const double w : options.example_weights) {
    if (!(w >= 0) || !std::isfinite(w)) return bad("the weights of examples are 0 or more");
    sum += w;
  }
  if (!(sum > 0)) return bad("the weights of examples are all 0");
  return {};
}

Result<void> CheckSparse(std::span<const SparseRow> rows, size_t columns, std::span<const double> y) {
  const auto bad = [](std::string message) { return Fail(StatusCode::kInvalidInput, std::move(message)); };
  constexpr size_t kMostSparseColumns = size_t{1} << 22;
  if (columns == 0 || columns > kMostSparseColumns) return bad("a sparse linear model takes 1 to 4194304 columns");
  if (rows.empty() || rows.size() > kMostTableRows) return bad("a sparse linear model takes 1 to 10000000 rows");
  if (rows.size() != y.size()) return bad("a sparse linear model has rows and values in different numbers");
  for (size_t i = 0; i < rows.size(); ++i) {
    bool good = std::isfinite(y[i]);
    for (const SparseEntry& e : rows[i]) good = good && e.column < columns && std::isfinite(e.value);
    if (!good) return bad("row " + std::to_string(i) + " of a sparse linear model is not finite, or names a column beyond the last");
  }
  return {};
}

Result<void> CheckShares(std::span<const double> y) {
  for (size_t i = 0; i < y.size(); ++i) {
    if (y[i] < 0 || y[i] > 1)
      return Fail(StatusCode::kInvalidInput, "outcome " + std::to_string(i) + " of a logistic model lies outside [0, 1]");
  }
  return {};
}

// Rows of either kind: `Dot(i, w)`, and `Add(i, share, w)`, which adds share * row i to w.
struct DenseRows {
  std::span<const double> rows;
  size_t columns;
  double Dot(size_t i, std::span<const double> w) const {
    double sum = 0;
    for (size_t j = 0; j < columns; ++j) sum += rows[i * columns + j] * w[j];
    return sum;
  }
  void Add(size_t i, double share, std::span<double> w) const {
    for (size_t j = 0; j < columns; ++j) w[j] += share * rows[i * columns + j];
  }
};

struct SparseRows {
  std::span<const SparseRow> rows;
  double Dot(size_t i, std::span<const double> w) const {
    double sum = 0;
    for (const SparseEntry& e : rows[i]) sum += e.value * w[e.column];
    return sum;
  }
  void Add(size_t i, double share, std::span<double> w) const {
    for (const SparseEntry& e : rows[i]) w[e.column] += share * e.value;
  }
};

// Minimises the sum of loss(score, y) + l2 / 2 |w|^2, divided by n; `loss` gives the value and the slope by the score. The intercept is
// last.
template <typename Rows, typename Loss>
LinearModel Descend(const Rows& rows, size_t columns, std::span<const double> y, double l2, const LinearOptions& options,
                    const Loss& loss) {
  const Objective objective = [&](std::span<const double> x, std::span<double> gradient) {
    const auto w = x.first(columns);
    double value = 0;
    for (size_t j = 0; j < columns; ++j) {
      value += l2 / 2 * w[j] * w[j];
      gradient[j] = l2 * w[j];
    }
    gradient[columns] = 0;
    for (size_t i = 0; i < y.size(); ++i) {
      const double weight = options.example_weights.empty() ? 1 : options.example_weights[i];
      const auto [cost, slope] = loss(rows.Dot(i, w) + x[columns], y[i]);
      value += weight * cost;
      rows.Add(i, weight * slope, gradient.first(columns));
      gradient[columns] += weight * slope;
    }
    const double n = static_cast<double>(y.size());
    for (double& g : gradient) g /= n;
    return value / n;
  };
  Minimum found = MinimiseLbfgs(objective, std::vector<double>(columns + 1, 0), {.steps = options.steps, .tolerance = 1e-11});
  LinearModel model;
  model.intercept = found.x.back();
  found.x.pop_back();
  model.weights = std::move(found.x);
  return model;
}

struct Slope {
  double cost, slope;
};

Slope LogisticSlope(double score, double y) {
  return {LogisticLoss(score, y), Sigmoid(score) - y};
}

Slope SquaresSlope(double score, double y) {
  return {(score - y) * (score - y), 2 * (score - y)};
}

}  // namespace

double LinearModel::Score(std::span<const double> x) const {
  assert(x.size() == weights.size());
  return intercept + DenseRows{x, weights.size()}.Dot(0, weights);
}

double LinearModel::Score(const SparseRow& x) const {
  double score = intercept;
  for (const SparseEntry& e : x) {
    assert(e.column < weights.size());
    score += weights[e.column] * e.value;
  }
  return score;
}

double LinearModel::Probability(std::span<const double> x) const {
  return Sigmoid(Score(x));
}

double LinearModel::Probability(const SparseRow& x) const {
  return Sigmoid(Score(x));
}

Result<LinearModel> FitRidge(std::span<const double> rows, size_t columns, std::span<const double> y, const LinearOptions& options) {
  TW_RETURN_IF_ERROR(CheckTable("a ridge regression", rows, columns, y));
  TW_RETURN_IF_ERROR(CheckOptions(options, y.size()));
  if (columns > 4096) return Fail(StatusCode::kInvalidInput, "a dense ridge regression takes at most 4096 columns: give it sparse rows");
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(y.size());
  const auto d = static_cast<Eigen::Index>(columns);
  Eigen::VectorXd w = Eigen::VectorXd::Ones(n);
  if (!options.example_weights.empty()) w = Eigen::Map<const Eigen::VectorXd>(options.example_weights.data(), n);
  const Eigen::Map<const RowMajor> x(rows.data(), n, d);
  const Eigen::Map<const Eigen::VectorXd> target(y.data(), n);
  const Eigen::RowVectorXd centre = (w.transpose() * x) / w.sum();
  const double level = w.dot(target) / w.sum();
  const Eigen::VectorXd root = w.cwiseSqrt();
  const Eigen::MatrixXd a = root.asDiagonal() * (x.rowwise() - centre);
  const Eigen::VectorXd b = root.cwiseProduct((target.array() - level).matrix());
  Eigen::MatrixXd normal = a.transpose() * a;
  normal.diagonal().array() += options.l2;
  const Eigen::LDLT<Eigen::MatrixXd> factor(normal);
  const Eigen::VectorXd pivots = factor.vectorD();
  if (factor.info() != Eigen::Success || !(pivots.minCoeff() > 1e-13 * pivots.maxCoeff())) {
    return Fail(StatusCode::kUnsupported, "the columns of a ridge regression depend on each other: give it an l2 above 0");
  }
  const Eigen::VectorXd solution = factor.solve(a.transpose() * b);
  LinearModel model;
  model.weights.assign(solution.data(), solution.data() + d);
  model.intercept = level - centre.dot(solution);
  return model;
}

Result<LinearModel> FitRidge(std::span<const SparseRow> rows, size_t columns, std::span<const double> y, const LinearOptions& options) {
  TW_RETURN_IF_ERROR(CheckSparse(rows, columns, y));
  TW_RETURN_IF_ERROR(CheckOptions(options, y.size()));
  return Descend(SparseRows{rows}, columns, y, 2 * options.l2, options, SquaresSlope);
}

Result<LinearModel> FitLogistic(std::span<const double> rows, size_t columns, std::span<const double> y, const LinearOptions& options) {
  TW_RETURN_IF_ERROR(CheckTable("a logistic regression", rows, columns, y));
  TW_RETURN_IF_ERROR(CheckShares(y));
  TW_RETURN_IF_ERROR(CheckOptions(options, y.size()));
  return Descend(DenseRows{rows, columns}, columns, y, options.l2, options, LogisticSlope);
}

Result<LinearModel> FitLogistic(std::span<const SparseRow> rows, size_t columns, std::span<const double> y, const LinearOptions& options) {
  TW_RETURN_IF_ERROR(CheckSparse(rows, columns, y));
  TW_RETURN_IF_ERROR(CheckShares(y));
  TW_RETURN_IF_ERROR(CheckOptions(options, y.size()));
  return Descend(SparseRows{rows}, columns, y, options.l2, options, LogisticSlope);
}

}  // namespace tradewind
