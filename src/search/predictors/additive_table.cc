// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/additive_table.h"

#include "search/predictors/sample_matrix.h"

namespace tradewind {

Result<SampleRegressor::Point> AdditiveTable::FitPoint(std::span<const Observation> observations) const {
  const Eigen::MatrixXd x = FeatureMatrix(observations);
  const Eigen::VectorXd y = ValueVector(observations);
  // Centred, the constant drops out, and the least-norm solution shares what the measurements cannot tell apart.
  const Eigen::RowVectorXd mean = x.colwise().mean();
  const double centre = y.mean();
  const Eigen::MatrixXd centred = x.rowwise() - mean;
  const Eigen::VectorXd table = centred.completeOrthogonalDecomposition().solve((y.array() - centre).matrix());
  return Point([table, mean, centre](std::span<const double> row) { return centre + (AsVector(row) - mean.transpose()).dot(table); });
}

}  // namespace tradewind
