// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/mlp.h"

#include <algorithm>
#include <cmath>

#include "search/predictors/adaptive_net.h"
#include "search/predictors/sample_matrix.h"

namespace tradewind {
namespace {

// 400 steps over all measurements bring ten points to a small training error; the decay keeps the rest of the function near its start.
constexpr int kSteps = 400;
constexpr float kRate = 3e-3F;
constexpr float kDecay = 1e-4F;

struct Scaled {
  std::vector<float> x, y;
  std::vector<double> mean, scale;
  double centre = 0, deviation = 1;
  void Append(std::span<const double> row, std::vector<float>& out) const {
    for (size_t i = 0; i < row.size(); ++i) out.push_back(static_cast<float>((row[i] - mean[i]) * scale[i]));
  }
};

Scaled Scale(std::span<const Observation> observations) {
  const Eigen::MatrixXd raw = FeatureMatrix(observations);
  const Eigen::VectorXd values = ValueVector(observations);
  Scaled s;
  const auto n = static_cast<double>(raw.rows());
  for (Eigen::Index j = 0; j < raw.cols(); ++j) {
    s.mean.push_back(raw.col(j).mean());
    const double deviation = std::sqrt((raw.col(j).array() - s.mean.back()).square().sum() / n);
    s.scale.push_back(deviation > 1e-12 ? 1 / deviation : 0);
  }
  s.centre = values.mean();
  s.deviation = std::max(1e-300, std::sqrt((values.array() - s.centre).square().sum() / n));
  for (const Observation& o : observations) {
    s.Append(o.features, s.x);
    s.y.push_back(static_cast<float>((o.value - s.centre) / s.deviation));
  }
  return s;
}

}  // namespace

Result<SampleRegressor::Point> MlpPredictor::FitPoint(std::span<const Observation> observations) const {
  const Scaled scaled = Scale(observations);
  const NetShape shape{.features = static_cast<uint32_t>(observations[0].features.size()), .hidden = 64, .linear = false};
  Random random(seed_);
  std::vector<float> parameters = InitialParameters(shape, random);
  std::vector<float> gradient(parameters.size());
  FloatAdam adam(parameters.size(), kRate);
  for (int step = 0; step < kSteps; ++step) {
    LossAndGradient(shape, parameters, scaled.x, {}, scaled.y, gradient);
    adam.Step(gradient, parameters);
    for (float& p : parameters) p *= 1 - kDecay;
  }
  return Point([scaled, shape, parameters](std::span<const double> row) {
    std::vector<float> x;
    scaled.Append(row, x);
    return scaled.centre + scaled.deviation * static_cast<double>(Forward(shape, parameters, x, {})[0]);
  });
}

}  // namespace tradewind
