// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/gaussian_process.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/random.h"
#include "learn/lbfgs.h"
#include "learn/table.h"

namespace tradewind {
namespace {

using Matrix = Eigen::MatrixXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::Index;

constexpr size_t kMostRows = 4000;

struct Kernel {
  double variance = 1, noise = 0;
  std::vector<double> inverse_scales;

  explicit Kernel(std::span<const double> parameters) : variance(std::exp(parameters.front())), noise(std::exp(parameters.back())) {
    for (const double log_scale : parameters.subspan(1, parameters.size() - 2)) inverse_scales.push_back(std::exp(-log_scale));
  }
  // sqrt(5) times the scaled distance.
  double Distance(const double* a, const double* b) const {
    double squares = 0;
    for (size_t j = 0; j < inverse_scales.size(); ++j) {
      const double z = (a[j] - b[j]) * inverse_scales[j];
      squares += z * z;
    }
    return std::sqrt(5 * squares);
  }
  double operator()(const double* a, const double* b) const {
    const double r = Distance(a, b);
    return variance * (1 + r + r * r / 3) * std::exp(-r);
  }
};

Matrix KernelMatrix(const Kernel& kernel, std::span<const double> rows, size_t columns) {
  const size_t n = rows.size() / columns;
  Matrix k(n, n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) {
      const double value = kernel(rows.data() + i * columns, rows.data() + j * columns);
      k(static_cast<Index>(i), static_cast<Index>(j)) = value;
      k(static_cast<Index>(j), static_cast<Index>(i)) = value;
    }
    k(static_cast<Index>(i), static_cast<Index>(i)) = kernel.variance + kernel.noise;
  }
  return k;
}

double LogValue(const Eigen::LLT<Matrix>& factor, const Eigen::VectorXd& y, const Eigen::VectorXd& alpha) {
  const double half_log_det = factor.matrixLLT().diagonal().array().log().sum();
  return -0.5 * y.dot(alpha) - half_log_det - 0.5 * static_cast<double>(y.size()) * std::log(2 * std::numbers::pi);
}

// Bounds of the search, as logarithms: scales from a hundredth to a thousand times the column's spread.
struct Box {
  std::vector<double> centre, low, high;
};

Box BoxOf(std::span<const double> rows, size_t columns) {
  Box box;
  const auto add = [&](double centre, double low, double high) {
    box.centre.push_back(std::log(centre));
    box.low.push_back(std::log(low));
    box.high.push_back(std::log(high));
  };
  add(1, 1e-3, 1e4);
  const auto n = static_cast<double>(rows.size() / columns);
  for (size_t j = 0; j < columns; ++j) {
    double mean = 0, squares = 0;
    for (size_t i = j; i < rows.size(); i += columns) mean += rows[i] / n;
    for (size_t i = j; i < rows.size(); i += columns) squares += (rows[i] - mean) * (rows[i] - mean) / n;
    const double spread = squares > 0 ? std::sqrt(squares) : 1;
    add(2 * spread, 0.01 * spread, 1000 * spread);
  }
  add(0.05, 1e-6, 10);
  return box;
}

std::vector<double> Search(std::span<const double> rows, size_t columns, std::span<const double> y, const GaussianProcessOptions& options) {
  const Box box = BoxOf(rows, columns);
  // Minus the likelihood; outside the box a steep parabola leads back.
  const Objective objective = [&](std::span<const double> x, std::span<double> gradient) {
    std::vector<double> inside(x.begin(), x.end());
    double penalty = 0;
    for (size_t i = 0; i < x.size(); ++i) inside[i] = std::clamp(x[i], box.low[i], box.high[i]);
    const LogLikelihood likelihood = GaussianProcessLikelihood(rows, columns, y, inside);
    if (!std::isfinite(likelihood.value)) return std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < x.size(); ++i) {
      const double beyond = x[i] - inside[i];
      penalty += 10 * beyond * beyond;
      gradient[i] = (beyond == 0 ? -likelihood.gradient[i] : 0) + 20 * beyond;
    }
    return penalty - likelihood.value;
  };
  Random random(options.seed);
  Minimum best;
  best.value = std::numeric_limits<double>::infinity();
  for (int k = 0; k <= options.restarts; ++k) {
    std::vector<double> start = box.centre;
    for (double& s : start) s += k == 0 ? 0 : random.Normal();
    for (size_t i = 0; i < start.size(); ++i) start[i] = std::clamp(start[i], box.low[i], box.high[i]);
    Minimum found = MinimiseLbfgs(objective, start, {.steps = options.steps, .tolerance = 1e-4});
    if (found.value < best.value) best = std::move(found);
  }
  if (best.x.empty()) return box.centre;
  for (size_t i = 0; i < best.x.size(); ++i) best.x[i] = std::clamp(best.x[i], box.low[i], box.high[i]);
  return best.x;
}

}  // namespace

LogLikelihood GaussianProcessLikelihood(std::span<const double> rows, size_t columns, std::span<const double> y,
                                        std::span<const double> parameters) {
  assert(columns > 0 && rows.size() == y.size() * columns && parameters.size() == columns + 2);
  const Kernel kernel(parameters);
  const auto n = static_cast<Index>(y.size());
  const Eigen::LLT<Matrix> factor(KernelMatrix(kernel, rows, columns));
  if (factor.info() != Eigen::Success) return {-std::numeric_limits<double>::infinity(), {}};
  const Eigen::Map<const Eigen::VectorXd> target(y.data(), n);
  const Eigen::VectorXd alpha = factor.solve(target);
  LogLikelihood result{LogValue(factor, target, alpha), std::vector<double>(columns + 2, 0)};
  // d value / d p = 1/2 trace((alpha alpha' - K^-1) dK/dp), summed over the lower triangle.
  const Matrix inverse = factor.solve(Matrix::Identity(n, n));
  for (Index i = 0; i < n; ++i) {
    const double* a = rows.data() + static_cast<size_t>(i) * columns;
    const double diagonal = 0.5 * (alpha[i] * alpha[i] - inverse(i, i));
    result.gradient.front() += diagonal * kernel.variance;
    result.gradient.back() += diagonal * kernel.noise;
    for (Index j = 0; j < i; ++j) {
      const double* b = rows.data() + static_cast<size_t>(j) * columns;
      const double weight = alpha[i] * alpha[j] - inverse(j, i);
      const double r = kernel.Distance(a, b);
      const double decay = weight * kernel.variance * std::exp(-r);
      result.gradient.front() += decay * (1 + r + r * r / 3);
      const double by_square = decay * (1 + r) * 5 / 3;
      for (size_t c = 0; c < columns; ++c) {
        const double z = (a[c] - b[c]) * kernel.inverse_scales[c];
        result.gradient[c + 1] += by_square * z * z;
      }
    }
  }
  return result;
}

JointPrediction GaussianProcess::PredictJoint(std::span<const double> points) const {
  assert(columns > 0 && points.size() % columns == 0);
  const Kernel kernel(parameters);
  const auto n = static_cast<Index>(alpha.size());
  const size_t m = points.size() / columns;
  Matrix cross(n, m);
  for (Index i = 0; i < n; ++i) {
    for (size_t j = 0; j < m; ++j) {
      cross(i, static_cast<Index>(j)) = kernel(rows.data() + static_cast<size_t>(i) * columns, points.data() + j * columns);
    }
  }
  const Eigen::VectorXd means = cross.transpose() * Eigen::Map<const Eigen::VectorXd>(alpha.data(), n);
  const Eigen::Map<const RowMajor> lower(cholesky.data(), n, n);
  lower.triangularView<Eigen::Lower>().solveInPlace(cross);
  const Matrix explained = cross.transpose() * cross;
  JointPrediction p;
  p.covariance.resize(m * m);
  for (size_t i = 0; i < m; ++i) {
    p.mean.push_back(mean + scale * means[static_cast<Index>(i)]);
    for (size_t j = 0; j < m; ++j) {
      const double prior = i == j ? kernel.variance : kernel(points.data() + i * columns, points.data() + j * columns);
      const double left = prior - explained(static_cast<Index>(i), static_cast<Index>(j));
      p.covariance[i * m + j] = scale * scale * (i == j ? std::max(left, 0.0) : left);
    }
  }
  return p;
}

NormalPrediction GaussianProcess::Predict(std::span<const double> x) const {
  assert(x.size() == columns);
  const JointPrediction p = PredictJoint(x);
  return {p.mean[0], p.covariance[0], scale * scale * std::exp(parameters.back())};
}

Result<GaussianProcess> FitGaussianProcess(std::span<const double> rows, size_t columns, std::span<const double> y,
                                           const GaussianProcessOptions& options) {
  TW_RETURN_IF_ERROR(CheckTable("a Gaussian process", rows, columns, y));
  const auto bad = [](const char* message) { return Fail(StatusCode::kInvalidInput, message); };
  if (y.size() > kMostRows) return bad("a Gaussian process takes at most 4000 rows: give it a sample, or fit a forest");
  if (options.restarts < 0 || options.restarts > 100 || options.steps < 1) return bad("restarts are 0 to 100, steps at least 1");
  if (!options.parameters.empty() && options.parameters.size() != columns + 2) {
    return bad("a Gaussian process has two parameters more than columns: the variance, the scales, the noise");
  }
  for (const double p : options.parameters) {
    if (!(std::abs(p) < 100)) return bad("the parameters of a Gaussian process are logarithms between -100 and 100");
  }
  GaussianProcess gp;
  gp.columns = columns;
  gp.rows.assign(rows.begin(), rows.end());
  const auto n = static_cast<Index>(y.size());
  const Eigen::Map<const Eigen::VectorXd> raw(y.data(), n);
  gp.mean = raw.mean();
  const double spread = std::sqrt((raw.array() - gp.mean).square().mean());
  gp.scale = spread > 0 && std::isfinite(spread) ? spread : 1;
  const Eigen::VectorXd target = ((raw.array() - gp.mean) / gp.scale).matrix();
  const std::span<const double> standard(target.data(), y.size());
  gp.parameters = options.parameters.empty() ? Search(rows, columns, standard, options) : options.parameters;
  const Eigen::LLT<Matrix> factor(KernelMatrix(Kernel(gp.parameters), rows, columns));
  if (factor.info() != Eigen::Success) {
    return Fail(StatusCode::kUnsupported, "the kernel's matrix of a Gaussian process is not positive definite: raise its noise");
  }
  const Eigen::VectorXd alpha = factor.solve(target);
  gp.log_likelihood = LogValue(factor, target, alpha);
  gp.alpha.assign(alpha.data(), alpha.data() + n);
  const RowMajor lower = factor.matrixL();
  gp.cholesky.assign(lower.data(), lower.data() + lower.size());
  return gp;
}

}  // namespace tradewind
