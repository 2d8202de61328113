// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/front_value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

const SearchGoal kFrontGoal{.axes = {{"accuracy", Direction::kHigherIsBetter}, {"ms", Direction::kLowerIsBetter}}, .reference = {50, 10}};

Point At(double accuracy, double ms) {
  return {{}, {{.metric = "accuracy", .value = accuracy, .interval = {}}, {.metric = "ms", .value = ms, .interval = {}}}};
}

// Two boxes up to (50, 10): 20 wide in accuracy and 4 in time, and 10 wide and 8, sharing 10 x 4.
TEST(HypervolumeOf, IsTheAreaOfTheBoxes) {
  const std::vector<Point> points = {At(70, 6), At(60, 2), At(40, 1), At(55, 20)};
  EXPECT_DOUBLE_EQ(HypervolumeOf(points, kFrontGoal, MinimisedReference(kFrontGoal, points)), 20 * 4 + 10 * 8 - 10 * 4);
}

TEST(HypervolumeOf, WhatBreaksAConstraintOrIsUnknownCountsNothing) {
  SearchGoal goal = kFrontGoal;
  goal.constraints = {{.metric = "ms", .limit = 5}};
  const std::vector<Point> points = {At(70, 6), At(60, 2)};
  EXPECT_DOUBLE_EQ(HypervolumeOf(points, goal, MinimisedReference(goal, points)), 10 * 8);
  EXPECT_EQ(HypervolumeOf(std::vector<Point>{At(NAN, 2), Point{}}, kFrontGoal, MinimisedReference(kFrontGoal, {})), 0);
}

TEST(MinimisedReference, IsTheWorstWhereNoneIsStated) {
  SearchGoal goal = kFrontGoal;
  goal.reference.clear();
  EXPECT_EQ(MinimisedReference(goal, std::vector<Point>{At(70, 6), At(60, 2), Point{}}), (std::vector<double>{-60, 6}));
  EXPECT_EQ(MinimisedReference(kFrontGoal, {}), (std::vector<double>{-50, 10}));
}

}  // namespace
}  // namespace tradewind
