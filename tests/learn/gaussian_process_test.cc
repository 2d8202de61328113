// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/gaussian_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reference_numbers.h"
#include "sequence.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;

// The data of reference.py.
struct GpData {
  Values rows = Sequence(5).Draw(120), fresh = Sequence(6).Draw(18), y = Sequence(7).Draw(40);
  GpData() {
    for (size_t i = 0; i < 40; ++i) y[i] = 3 * rows[3 * i] + rows[3 * i + 1] * rows[3 * i + 1] + y[i] * 0.25;
  }
};

const Values kFixed = {std::log(1.5), std::log(0.6), std::log(1.7), std::log(4.0), std::log(0.02)};

TEST(GaussianProcess, AgreesWithScikitLearn) {
  const GpData data;
  const auto gp = FitGaussianProcess(data.rows, 3, data.y, {.parameters = kFixed});
  ASSERT_TRUE(gp);
  EXPECT_NEAR(gp->log_likelihood, reference::kGpLogLikelihood[0], 1e-8);
  const JointPrediction joint = gp->PredictJoint(data.fresh);
  for (size_t i = 0; i < 6; ++i) {
    const NormalPrediction p = gp->Predict(std::span(data.fresh).subspan(3 * i, 3));
    EXPECT_NEAR(p.mean, reference::kGpMean[i], 1e-8);
    EXPECT_NEAR(p.variance + p.noise, reference::kGpCovariance[7 * i], 1e-8);
    EXPECT_NEAR(joint.mean[i], p.mean, 1e-12);
    for (size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(joint.covariance[6 * i + j] + (i == j ? p.noise : 0), reference::kGpCovariance[6 * i + j], 1e-8);
    }
  }
}

TEST(GaussianProcess, GradientIsScikitLearnsAndTheDifferences) {
  const GpData data;
  const auto gp = FitGaussianProcess(data.rows, 3, data.y, {.parameters = kFixed});
  ASSERT_TRUE(gp);
  Values standard;
  for (const double value : data.y) standard.push_back((value - gp->mean) / gp->scale);
  const LogLikelihood at = GaussianProcessLikelihood(data.rows, 3, standard, kFixed);
  for (size_t i = 0; i < kFixed.size(); ++i) {
    Values up = kFixed, down = kFixed;
    up[i] += 1e-5;
    down[i] -= 1e-5;
    const double slope =
        (GaussianProcessLikelihood(data.rows, 3, standard, up).value - GaussianProcessLikelihood(data.rows, 3, standard, down).value) /
        2e-5;
    EXPECT_NEAR(at.gradient[i], slope, 1e-6);
    EXPECT_NEAR(at.gradient[i], reference::kGpGradient[i], 1e-8);
  }
}

TEST(GaussianProcess, FindsALikelihoodAsHighAsScikitLearns) {
  const GpData data;
  const auto gp = FitGaussianProcess(data.rows, 3, data.y, {});
  ASSERT_TRUE(gp);
  EXPECT_GT(gp->log_likelihood, reference::kGpBestLogLikelihood[0] - 0.01);
}

// Without noise it passes through what it has seen, and is sure there; far away it knows the mean alone.
TEST(GaussianProcess, InterpolatesAndForgets) {
  const Values rows = {0, 1, 2, 3}, y = {5, 7, 6, 2};
  const auto gp = FitGaussianProcess(rows, 1, y, {.parameters = {0, 0, std::log(1e-12)}});
  ASSERT_TRUE(gp);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(gp->Predict(Values{rows[i]}).mean, y[i], 1e-6);
    EXPECT_NEAR(gp->Predict(Values{rows[i]}).variance, 0, 1e-6);
  }
  EXPECT_NEAR(gp->Predict(Values{1000}).mean, 5, 1e-9);        // (5 + 7 + 6 + 2) / 4
  EXPECT_NEAR(gp->Predict(Values{1000}).variance, 3.5, 1e-9);  // their variance
}

TEST(GaussianProcess, RefusesWhatItCannotFit) {
  EXPECT_FALSE(FitGaussianProcess(Values{1, 2}, 1, Values{1, 2}, {.parameters = {0, 0}}));
  EXPECT_EQ(FitGaussianProcess(Values{1, 1}, 1, Values{1, 2}, {.parameters = {0, 0, -90}}).error().code(), StatusCode::kUnsupported);
  EXPECT_FALSE(FitGaussianProcess(Values(4001, 1), 1, Values(4001, 1), {}));
  EXPECT_TRUE(FitGaussianProcess(Values{1, 1, 1}, 1, Values{2, 2, 2}, {}));  // a constant is dull, not wrong
}

}  // namespace
}  // namespace tradewind
