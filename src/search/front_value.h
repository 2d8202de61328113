// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a set of points is worth along a goal's axes: the hypervolume that it dominates up to the goal's reference point. Pure functions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/frontier.h"
#include "core/strategy.h"

namespace tradewind {

// The values of a point along the axes, turned so that less is better; absent if one is not known.
std::optional<std::vector<double>> Minimised(const Point& point, std::span<const Axis> axes);

// The goal's reference point turned likewise; where it states none, the worst of the points on each axis.
std::vector<double> MinimisedReference(const SearchGoal& goal, std::span<const Point> points);

// Exact. Points with an unknown value, and those that break a constraint, count nothing.
double HypervolumeOf(std::span<const Point> points, const SearchGoal& goal, std::span<const double> minimised_reference);

}  // namespace tradewind
