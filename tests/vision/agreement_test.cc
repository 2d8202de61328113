// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/scorers/agreement.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

FoundBox BoxAt(float left, int64_t label, float score = 0.9f) {
  return {.label = label, .box = {left, 0, left + 10, 10}, .score = score};
}

TEST(Agreement, OfLabelsIsTheBestOne) {
  const VisionResult reference{.labels = {{3, 0.9f}, {5, 0.1f}}};
  EXPECT_EQ(AgreementOf({.labels = {{3, 0.4f}, {7, 0.3f}}}, reference), 1);
  EXPECT_EQ(AgreementOf({.labels = {{5, 0.6f}, {3, 0.4f}}}, reference), 0);
}

TEST(Agreement, OfBoxesIsTheirAveragePrecision) {
  const VisionResult reference{.boxes = {BoxAt(0, 1), BoxAt(50, 1)}};
  EXPECT_DOUBLE_EQ(AgreementOf(reference, reference), 1);
  // One of two is found: precision 1 up to a recall of a half, 51 of the 101 points.
  EXPECT_NEAR(AgreementOf({.boxes = {BoxAt(50, 1)}}, reference), 51.0 / 101, 1e-9);
  EXPECT_EQ(AgreementOf({.boxes = {BoxAt(0, 2), BoxAt(50, 2)}}, reference), 0) << "another label";
  // Moved by 2 of 10 pixels: an overlap of 8 / 12, enough for 0.50, 0.55, 0.60 and 0.65 of ten thresholds.
  EXPECT_NEAR(AgreementOf({.boxes = {BoxAt(2, 1), BoxAt(52, 1)}}, reference), 0.4, 1e-9);
  EXPECT_EQ(AgreementOf({}, {}), 1) << "nothing there, and nothing found";
  EXPECT_EQ(AgreementOf({.boxes = {BoxAt(0, 1)}}, {}), 0);
  EXPECT_EQ(AgreementOf({}, reference), 0);
}

TEST(Agreement, OfPointsCountsThoseNearAndThoseOfOneAlone) {
  const VisionResult reference{.points = {{0, 0, 0, 1}, {1, 100, 0, 1}, {2, 0, 50, 1}}};
  EXPECT_EQ(AgreementOf({.points = {{0, 6, 7, 1}, {1, 100, 0, 1}, {2, 0, 50, 1}}}, reference), 1) << "9.2 pixels, and a tenth is 10";
  EXPECT_NEAR(AgreementOf({.points = {{0, 8, 7, 1}, {1, 100, 0, 1}, {2, 0, 50, 1}}}, reference), 2.0 / 3, 1e-9);
  EXPECT_NEAR(AgreementOf({.points = {{1, 100, 0, 1}}}, reference), 1.0 / 3, 1e-9) << "two are missing";
  EXPECT_NEAR(AgreementOf({.points = {{0, 0, 0, 1}, {1, 100, 0, 1}, {2, 0, 50, 1}, {3, 9, 9, 1}}}, reference), 0.75, 1e-9);
  EXPECT_EQ(AgreementOf({}, reference), 0);
}

TEST(Agreement, OfMasksIsTheMeanOverlapOfClasses) {
  const VisionResult reference{.mask = {2, 2, {0, 0, 7, 7}}};
  EXPECT_EQ(AgreementOf(reference, reference), 1);
  EXPECT_NEAR(AgreementOf({.mask = {2, 2, {0, 7, 7, 7}}}, reference), (1.0 / 2 + 2.0 / 3) / 2, 1e-9);
  EXPECT_EQ(AgreementOf({.mask = {1, 1, {0}}}, reference), 0) << "another grid";
}

}  // namespace
}  // namespace tradewind
