// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/regression.h"

#include <limits>

#include "search/predictors/sample_matrix.h"

namespace tradewind {
namespace {

// A feature that does not vary among the measurements says nothing of itself: it is left out by a scale of infinity.
Eigen::RowVectorXd InverseDeviations(const Eigen::MatrixXd& centred) {
  const Eigen::RowVectorXd deviation = (centred.colwise().squaredNorm() / static_cast<double>(centred.rows())).cwiseSqrt();
  return deviation.unaryExpr([](double d) { return d > 1e-12 ? 1 / d : 0.0; });
}

}  // namespace

Result<SampleRegressor::Point> RidgePredictor::FitPoint(std::span<const Observation> observations) const {
  const Eigen::MatrixXd raw = FeatureMatrix(observations);
  const Eigen::VectorXd y = ValueVector(observations);
  const Eigen::RowVectorXd mean = raw.colwise().mean();
  const Eigen::MatrixXd centred = raw.rowwise() - mean;
  const Eigen::RowVectorXd scale = InverseDeviations(centred);
  const Eigen::MatrixXd x = centred.array().rowwise() * scale.array();
  const double centre = y.mean();
  const Eigen::VectorXd target = y.array() - centre;
  const auto n = static_cast<double>(x.rows());

  // By the rows' products, as they are few: x x' = u diag(square) u'.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> products(x * x.transpose());
  const Eigen::MatrixXd& u = products.eigenvectors();
  const Eigen::ArrayXd square = products.eigenvalues().array().max(0.0);
  const Eigen::ArrayXd projected = (u.transpose() * target).array();
  double best_error = std::numeric_limits<double>::infinity();
  Eigen::VectorXd best = Eigen::VectorXd::Zero(x.cols());
  for (double share = 1e-4; share < 1e3; share *= 2) {
    const double penalty = share * n;
    const Eigen::ArrayXd shrink = square / (square + penalty);
    const Eigen::VectorXd fitted = u * (shrink * projected).matrix();
    // The constant takes 1 / n of each row's leverage.
    const Eigen::ArrayXd leverage = (u.array().square().matrix() * shrink.matrix()).array() + 1 / n;
    const double error = ((target - fitted).array() / (1 - leverage).max(1e-9)).square().sum();
    if (error >= best_error) continue;
    best_error = error;
    best = x.transpose() * (u * (projected / (square + penalty)).matrix());
  }
  const Eigen::VectorXd weights = best.cwiseProduct(scale.transpose());
  return Point([weights, mean, centre](std::span<const double> row) { return centre + (AsVector(row) - mean.transpose()).dot(weights); });
}

}  // namespace tradewind
