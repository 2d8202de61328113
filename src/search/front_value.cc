// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/front_value.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "search/indicators.h"

namespace tradewind {
namespace {

bool Keeps(const Point& point, const Constraint& constraint) {
  const Measurement* m = point.Find(constraint.metric);
  if (m == nullptr) return false;
  return constraint.direction == Direction::kLowerIsBetter ? m->value <= constraint.limit : m->value >= constraint.limit;
}

}  // namespace

std::optional<std::vector<double>> Minimised(const Point& point, std::span<const Axis> axes) {
  std::vector<double> values;
  for (const Axis& axis : axes) {
    const Measurement* m = point.Find(axis.metric);
    if (m == nullptr || !std::isfinite(m->value)) return std::nullopt;
    values.push_back(axis.direction == Direction::kLowerIsBetter ? m->value : -m->value);
  }
  return values;
}

std::vector<double> MinimisedReference(const SearchGoal& goal, std::span<const Point> points) {
  std::vector<double> reference(goal.axes.size(), -std::numeric_limits<double>::infinity());
  if (!goal.reference.empty()) {
    for (size_t i = 0; i < reference.size(); ++i) {
      reference[i] = goal.axes[i].direction == Direction::kLowerIsBetter ? goal.reference[i] : -goal.reference[i];
    }
    return reference;
  }
  for (const Point& point : points) {
    const auto values = Minimised(point, goal.axes);
    if (!values) continue;
    for (size_t i = 0; i < reference.size(); ++i) reference[i] = std::max(reference[i], (*values)[i]);
  }
  return reference;
}

double HypervolumeOf(std::span<const Point> points, const SearchGoal& goal, std::span<const double> minimised_reference) {
  std::vector<double> rows;
  for (const Point& point : points) {
    const auto values = Minimised(point, goal.axes);
    const auto keeps = [&](const Constraint& c) { return Keeps(point, c); };
    if (!values || !std::all_of(goal.constraints.begin(), goal.constraints.end(), keeps)) continue;
    rows.insert(rows.end(), values->begin(), values->end());
  }
  return rows.empty() ? 0 : Hypervolume(rows, goal.axes.size(), minimised_reference);
}

}  // namespace tradewind
