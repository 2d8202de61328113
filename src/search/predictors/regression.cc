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

  const Eigen::BDCSVD<Eigen::MatrixXd> svd(x, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::ArrayXd square = svd.singularValues().array().square();
  const Eigen::VectorXd projected = svd.matrixU().transpose() * target;
  double best_error = std::numeric_limits<double>::infinity();
  Eigen::VectorXd best = Eigen::VectorXd::Zero(x.cols());
  for (double share = 1e-4; share < 1e3; share *= 2) {
    const double penalty = share * n;
    const Eigen::VectorXd shrink = square / (square + penalty);
    const Eigen::VectorXd fitted = svd.matrixU() * shrink.cwiseProduct(projected);
    // The constant takes 1 / n of each row's leverage.
    const Eigen::VectorXd leverage = (svd.matrixU().array().square().matrix() * shrink).array() + 1 / n;
    const double error = ((target - fitted).array() / (1 - leverage.array()).max(1e-9)).square().sum();
    if (error >= best_error) continue;
    best_error = error;
    best = svd.matrixV() * (svd.singularValues().array() / (square + penalty)).matrix().cwiseProduct(projected);
  }
  const Eigen::VectorXd weights = best.cwiseProduct(scale.transpose());
  return Point([weights, mean, centre](std::span<const double> row) { return centre + (AsVector(row) - mean.transpose()).dot(weights); });
}

}  // namespace tradewind
