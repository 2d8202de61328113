// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Point: a setting with its measurements. Frontier: the points that no other dominates, for one workload on one device. A point dominates
// another if it is no worse on any axis by point estimate, and better on one with disjoint intervals.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/metric.h"
#include "core/setting.h"

namespace tradewind {

struct Point {
  Setting setting;
  std::vector<Measurement> measurements;
  const Measurement* Find(std::string_view metric) const;
};

struct Axis {
  std::string metric;
  Direction direction = Direction::kLowerIsBetter;
};

// Whether `a` dominates `b`. A measurement that is missing on an axis never dominates and is never dominated on it.
bool Dominates(const Point& a, const Point& b, std::span<const Axis> axes);

struct FrontierEntry {
  size_t point = 0;                    // index into the points given
  std::optional<size_t> dominated_by;  // the index of one that dominates it; absent on the frontier
  std::string barred{};                // why it does not compete (a constraint, a lesser fidelity); empty if it does
  bool OnFrontier() const { return !dominated_by && barred.empty(); }
};

// One entry a point, in the order given.
std::vector<FrontierEntry> ComputeFrontier(std::span<const Point> points, std::span<const Axis> axes);

}  // namespace tradewind
