// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Observations as Eigen matrices, for the .cc files of this folder. Pure functions, thread-safe.
#pragma once

#include <Eigen/Dense>
#include <span>

#include "core/predictor.h"

namespace tradewind {

inline Eigen::MatrixXd FeatureMatrix(std::span<const Observation> observations) {
  Eigen::MatrixXd x(static_cast<Eigen::Index>(observations.size()), static_cast<Eigen::Index>(observations[0].features.size()));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) x(i, j) = observations[static_cast<size_t>(i)].features[static_cast<size_t>(j)];
  }
  return x;
}

inline Eigen::VectorXd ValueVector(std::span<const Observation> observations) {
  Eigen::VectorXd y(static_cast<Eigen::Index>(observations.size()));
  for (Eigen::Index i = 0; i < y.size(); ++i) y(i) = observations[static_cast<size_t>(i)].value;
  return y;
}

inline Eigen::Map<const Eigen::VectorXd> AsVector(std::span<const double> features) {
  return {features.data(), static_cast<Eigen::Index>(features.size())};
}

}  // namespace tradewind
