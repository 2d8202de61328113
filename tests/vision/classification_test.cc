// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scorers/classification.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace tradewind {
namespace {

TEST(Classification, SoftmaxEnergyAndEntropyAreTheirFormulas) {
  const std::array<float, 3> logits = {1000.0f, 1000.0f + std::log(2.0f), 1000.0f};  // too large for exp alone
  const std::vector<float> p = SoftmaxOf(logits);
  EXPECT_NEAR(p[0], 0.25, 1e-4);
  EXPECT_NEAR(p[1], 0.5, 1e-4);
  EXPECT_NEAR(EnergyOf(logits), -(1000 + std::log(4.0)), 1e-3);
  EXPECT_NEAR(EntropyOf(std::array{0.25f, 0.5f, 0.25f}), 1.5, 1e-6);
  EXPECT_EQ(EntropyOf(std::array{1.0f, 0.0f}), 0);
}

TEST(Classification, BestClassesComeInOrder) {
  EXPECT_EQ(BestClasses(std::array{0.1f, 0.5f, 0.2f, 0.5f}, 3), (std::vector<int64_t>{1, 3, 2}));
  EXPECT_EQ(BestClasses(std::array{0.1f}, 5), std::vector<int64_t>{0});
}

// Ten answers of certainty 0.8 of which six are right: off by 0.2.
TEST(Classification, CalibrationErrorIsTheDistanceFromHowOftenItIsRight) {
  std::vector<float> sure(10, 0.8f);
  std::vector<bool> right(10, false);
  std::fill_n(right.begin(), 6, true);
  EXPECT_NEAR(CalibrationError(sure, right), 0.2, 1e-6);
  sure.insert(sure.end(), 10, 1.0f);
  right.insert(right.end(), 10, true);
  EXPECT_NEAR(CalibrationError(sure, right), 0.1, 1e-6);
  EXPECT_EQ(CalibrationError({}, {}), 0);
}

TEST(Classification, MeanOverlapIsOverClassesThatOccur) {
  const std::array<int32_t, 6> truth = {0, 0, 1, 1, 255, 255};
  const std::array<int32_t, 6> found = {0, 1, 1, 1, 0, 5};
  EXPECT_NEAR(MeanOverlap(found, truth, 21), (1.0 / 2 + 2.0 / 3) / 2, 1e-12);
  EXPECT_EQ(MeanOverlap({}, {}, 21), 0);
}

}  // namespace
}  // namespace tradewind
