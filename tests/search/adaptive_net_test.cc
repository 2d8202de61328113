// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/adaptive_net.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

std::vector<float> Normals(size_t n, Random& random) {
  std::vector<float> out;
  for (size_t i = 0; i < n; ++i) out.push_back(static_cast<float>(random.Normal()));
  return out;
}

double Loss(const NetShape& shape, std::span<const float> parameters, std::span<const float> x, std::span<const float> h,
            std::span<const float> y) {
  const std::vector<float> out = Forward(shape, parameters, x, h);
  double sum = 0;
  for (size_t i = 0; i < y.size(); ++i) sum += (out[i] - y[i]) * (out[i] - y[i]) / static_cast<double>(y.size());
  return sum;
}

// The oracle is the loss itself: along any direction it changes as the gradient says.
void CheckGradient(const NetShape& shape) {
  Random random(3);
  std::vector<float> parameters = InitialParameters(shape, random);
  for (float& p : parameters) p += 0.1F * static_cast<float>(random.Normal());
  const std::vector<float> x = Normals(size_t{5} * shape.features, random);
  const std::vector<float> h = Normals(shape.embedding, random);
  const std::vector<float> y = Normals(5, random);
  std::vector<float> gradient(parameters.size());
  EXPECT_NEAR(LossAndGradient(shape, parameters, x, h, y, gradient), Loss(shape, parameters, x, h, y), 1e-4);
  for (size_t i = 0; i < parameters.size(); ++i) {
    constexpr float kStep = 2e-3F;
    std::vector<float> moved = parameters;
    moved[i] += kStep;
    const double above = Loss(shape, moved, x, h, y);
    moved[i] -= 2 * kStep;
    const double slope = (above - Loss(shape, moved, x, h, y)) / (2.0 * kStep);
    EXPECT_NEAR(gradient[i], slope, 0.02 + 0.03 * std::abs(slope)) << "parameter " << i;
  }
}

TEST(AdaptiveNet, TheGradientIsTheSlopeOfTheLoss) {
  CheckGradient({.features = 3, .embedding = 4, .hidden = 5, .modulation = 3});
  CheckGradient({.features = 3, .embedding = 4, .hidden = 5, .modulation = 3, .linear = false});
  CheckGradient({.features = 3, .hidden = 5});
}

TEST(AdaptiveNet, AdamReachesTheLeastOfAParabola) {
  std::vector<float> at = {5, -3};
  FloatAdam adam(2, 0.05F);
  for (int i = 0; i < 2000; ++i) {
    const std::vector<float> gradient = {2 * (at[0] - 1), 20 * (at[1] - 2)};
    adam.Step(gradient, at);
  }
  EXPECT_NEAR(at[0], 1, 0.01);
  EXPECT_NEAR(at[1], 2, 0.01);
}

TEST(AdaptiveNet, AnEmbeddingChangesTheAnswer) {
  const NetShape shape{.features = 2, .embedding = 2, .hidden = 8, .modulation = 4};
  Random random(1);
  const std::vector<float> parameters = InitialParameters(shape, random);
  const std::vector<float> x = {1, -1};
  EXPECT_NE(Forward(shape, parameters, x, std::vector<float>{1, 0})[0], Forward(shape, parameters, x, std::vector<float>{0, 1})[0]);
}

}  // namespace
}  // namespace tradewind
