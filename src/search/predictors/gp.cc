// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/gp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "search/predictors/sample_matrix.h"

namespace tradewind {
namespace {

// Squared distances and products of standardised rows, both per feature so that lengths mean the same for few and many.
struct Kernel {
  double length = 1;
  double linear = 0;  // the linear part's share
  Eigen::MatrixXd Of(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) const {
    const auto width = static_cast<double>(a.cols());
    const Eigen::MatrixXd product = a * b.transpose();
    Eigen::MatrixXd distance = -2 * product;
    distance.colwise() += a.rowwise().squaredNorm();
    distance.rowwise() += b.rowwise().squaredNorm().transpose();
    return (1 - linear) * (distance.array() / (-2 * length * length * width)).exp().matrix() + linear * product / width;
  }
};

struct GpFit {
  Kernel kernel;
  Eigen::VectorXd weights;
  double likelihood = -std::numeric_limits<double>::infinity();
};

GpFit BestFit(const Eigen::MatrixXd& x, const Eigen::VectorXd& y) {
  GpFit best;
  const auto n = static_cast<double>(x.rows());
  for (const double length : {0.25, 0.5, 1.0, 2.0, 4.0}) {
    for (const double linear : {0.0, 0.5, 0.9}) {
      const Kernel kernel{length, linear};
      const Eigen::MatrixXd covariance = kernel.Of(x, x);
      for (const double noise : {1e-4, 1e-3, 1e-2, 1e-1, 0.5}) {
        const Eigen::LLT<Eigen::MatrixXd> root(covariance + noise * Eigen::MatrixXd::Identity(x.rows(), x.rows()));
        if (root.info() != Eigen::Success) continue;
        const Eigen::VectorXd weights = root.solve(y);
        // The kernel's height has a closed form: y' K^-1 y / n.
        const double height = std::max(1e-300, y.dot(weights) / n);
        const double log_root = root.matrixLLT().diagonal().array().log().sum();
        const double likelihood = -log_root - n / 2 * std::log(height);
        if (likelihood > best.likelihood) best = {kernel, weights, likelihood};
      }
    }
  }
  return best;
}

}  // namespace

Result<SampleRegressor::Point> GpPredictor::FitPoint(std::span<const Observation> observations) const {
  const Eigen::MatrixXd raw = FeatureMatrix(observations);
  const Eigen::VectorXd y = ValueVector(observations);
  const Eigen::RowVectorXd mean = raw.colwise().mean();
  Eigen::MatrixXd x = raw.rowwise() - mean;
  const double spread = std::sqrt(x.squaredNorm() / static_cast<double>(x.size()));
  const double scale = spread > 0 ? 1 / spread : 1;
  x *= scale;
  const double centre = y.mean();
  const GpFit fit = BestFit(x, (y.array() - centre).matrix());
  return Point([=](std::span<const double> row) {
    const Eigen::MatrixXd at = (AsVector(row).transpose() - mean) * scale;
    return centre + (fit.kernel.Of(at, x) * fit.weights)(0);
  });
}

}  // namespace tradewind
