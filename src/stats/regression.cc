// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/regression.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "stats/distributions.h"

namespace tradewind {
namespace {

constexpr size_t kMostColumns = 64;
constexpr size_t kMostRows = 1'000'000;

Result<void> CheckShapes(std::span<const double> rows, size_t columns, std::span<const double> y, std::span<const double> weights) {
  const auto bad = [](std::string message) { return Fail(StatusCode::kInvalidInput, std::move(message)); };
  const size_t n = y.size();
  if (columns == 0 || columns > kMostColumns) return bad("a fit takes 1 to 64 columns, not " + std::to_string(columns));
  if (n > kMostRows) return bad("a fit takes at most 1000000 observations, not " + std::to_string(n));
  if (rows.size() != n * columns || weights.size() != n) return bad("rows, values and weights of a fit differ in number");
  if (n <= columns) {
    return bad("a fit of " + std::to_string(columns) + " columns needs at least " + std::to_string(columns + 1) + " observations, not " +
               std::to_string(n));
  }
  for (size_t i = 0; i < n; ++i) {
    const auto row = rows.subspan(i * columns, columns);
    bool finite = std::isfinite(y[i]) && std::isfinite(weights[i]) && weights[i] > 0;
    for (const double x : row) finite = finite && std::isfinite(x);
    if (!finite) return bad("observation " + std::to_string(i) + " of a fit is not finite, or its weight not positive");
  }
  return {};
}

// A problem on its way to triangular form; column by column, as Householder reflections want it.
struct Qr {
  std::vector<std::vector<double>> columns;
  std::vector<double> y;
  std::vector<double> scale;  // the norm each column had: columns of ones and of millions go side by side
};

Qr Weigh(std::span<const double> rows, size_t columns, std::span<const double> y, std::span<const double> weights) {
  Qr qr;
  qr.columns.assign(columns, std::vector<double>(y.size()));
  qr.y.resize(y.size());
  qr.scale.assign(columns, 1);
  for (size_t i = 0; i < y.size(); ++i) {
    const double root = std::sqrt(weights[i]);
    for (size_t j = 0; j < columns; ++j) qr.columns[j][i] = root * rows[i * columns + j];
    qr.y[i] = root * y[i];
  }
  for (size_t j = 0; j < columns; ++j) {
    double norm = 0;
    for (const double x : qr.columns[j]) norm = std::hypot(norm, x);
    if (norm > 0) qr.scale[j] = norm;
    for (double& x : qr.columns[j]) x /= qr.scale[j];
  }
  return qr;
}

// Reflects column k onto its axis, and everything to the right of it likewise. False where the column depends on those before.
bool Reflect(Qr& qr, size_t k) {
  constexpr double kDependent = 1e-10;  // of a column's norm, all of which was 1
  std::vector<double>& column = qr.columns[k];
  const size_t n = qr.y.size();
  double norm = 0;
  for (size_t i = k; i < n; ++i) norm += column[i] * column[i];
  norm = std::sqrt(norm);
  if (!(norm > kDependent)) return false;
  std::vector<double> v(column.begin() + static_cast<std::ptrdiff_t>(k), column.end());
  const double diagonal = v[0] > 0 ? -norm : norm;
  v[0] -= diagonal;
  double squares = 0;
  for (const double x : v) squares += x * x;
  const auto reflect = [&](std::vector<double>& target) {
    double dot = 0;
    for (size_t i = 0; i < v.size(); ++i) dot += v[i] * target[k + i];
    for (size_t i = 0; i < v.size(); ++i) target[k + i] -= 2 * dot / squares * v[i];
  };
  for (size_t j = k; j < qr.columns.size(); ++j) reflect(qr.columns[j]);
  reflect(qr.y);
  return true;
}

// The inverse of the upper triangle, row by row.
std::vector<double> InvertTriangle(const Qr& qr) {
  const size_t p = qr.columns.size();
  std::vector<double> inverse(p * p, 0);
  for (size_t j = 0; j < p; ++j) {
    inverse[j * p + j] = 1 / qr.columns[j][j];
    for (size_t i = j; i-- > 0;) {
      double sum = 0;
      for (size_t k = i + 1; k <= j; ++k) sum += qr.columns[k][i] * inverse[k * p + j];
      inverse[i * p + j] = -sum / qr.columns[i][i];
    }
  }
  return inverse;
}

LinearFit Solve(const Qr& qr) {
  const size_t p = qr.columns.size();
  LinearFit fit;
  fit.degrees = static_cast<int64_t>(qr.y.size() - p);
  double squares = 0;
  for (size_t i = p; i < qr.y.size(); ++i) squares += qr.y[i] * qr.y[i];
  fit.residual_variance = squares / static_cast<double>(fit.degrees);
  const std::vector<double> inverse = InvertTriangle(qr);
  fit.coefficients.assign(p, 0);
  fit.covariance.assign(p * p, 0);
  for (size_t i = 0; i < p; ++i) {
    for (size_t k = i; k < p; ++k) fit.coefficients[i] += inverse[i * p + k] * qr.y[k] / qr.scale[i];
    for (size_t j = 0; j < p; ++j) {
      double sum = 0;
      for (size_t k = std::max(i, j); k < p; ++k) sum += inverse[i * p + k] * inverse[j * p + k];
      fit.covariance[i * p + j] = fit.residual_variance * sum / (qr.scale[i] * qr.scale[j]);
    }
  }
  return fit;
}

double Dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

LinePrediction LinearFit::Predict(std::span<const double> x, double confidence, double weight) const {
  assert(x.size() == coefficients.size() && confidence > 0 && confidence < 1 && weight > 0);
  const size_t p = x.size();
  LinePrediction prediction;
  prediction.value = Dot(x, coefficients);
  double of_mean = 0;
  for (size_t i = 0; i < p; ++i) of_mean += x[i] * Dot(std::span(covariance).subspan(i * p, p), x);
  of_mean = std::max(of_mean, 0.0);
  const double of_noise = residual_variance * (relative ? prediction.value * prediction.value : 1 / weight);
  const double t = StudentQuantile(0.5 + confidence / 2, static_cast<double>(degrees));
  const double mean_reach = t * std::sqrt(of_mean), reach = t * std::sqrt(of_mean + of_noise);
  prediction.mean = {prediction.value - mean_reach, prediction.value + mean_reach, confidence};
  prediction.observation = {prediction.value - reach, prediction.value + reach, confidence};
  return prediction;
}

Result<LinearFit> FitLeastSquares(std::span<const double> rows, size_t columns, std::span<const double> y) {
  return FitWeighted(rows, columns, y, std::vector<double>(y.size(), 1));
}

Result<LinearFit> FitWeighted(std::span<const double> rows, size_t columns, std::span<const double> y, std::span<const double> weights) {
  TW_RETURN_IF_ERROR(CheckShapes(rows, columns, y, weights));
  Qr qr = Weigh(rows, columns, y, weights);
  for (size_t k = 0; k < columns; ++k) {
    if (!Reflect(qr, k)) {
      return Fail(StatusCode::kInvalidInput,
                  "column " + std::to_string(k) + " of a fit is zero or follows from the columns before it; leave it out");
    }
  }
  return Solve(qr);
}

Result<LinearFit> FitRelative(std::span<const double> rows, size_t columns, std::span<const double> y) {
  constexpr int kRounds = 5;
  std::vector<double> weights(y.size());
  for (size_t i = 0; i < y.size(); ++i) {
    if (!(y[i] > 0)) return Fail(StatusCode::kInvalidInput, "observation " + std::to_string(i) + " of a relative fit is not positive");
    weights[i] = 1 / (y[i] * y[i]);
  }
  TW_ASSIGN(LinearFit fit, FitWeighted(rows, columns, y, weights));
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < y.size(); ++i) {
      const double expected = Dot(rows.subspan(i * columns, columns), fit.coefficients);
      // A line that goes below zero somewhere must not give that place all the weight.
      const double floor = y[i] / 4;
      weights[i] = 1 / std::pow(std::max(expected, floor), 2);
    }
    TW_ASSIGN(fit, FitWeighted(rows, columns, y, weights));
  }
  fit.relative = true;
  return fit;
}

}  // namespace tradewind
