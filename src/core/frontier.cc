// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/frontier.h"

#include <cmath>

namespace tradewind {
namespace {

// One axis of one point, with the sign turned so that lower is better.
struct Coordinate {
  bool known = false;
  double value = 0;
  double low = 0;
  double high = 0;
};

Coordinate CoordinateOf(const Point& point, const Axis& axis) {
  const Measurement* m = point.Find(axis.metric);
  if (!m || std::isnan(m->value)) return {};
  if (axis.direction == Direction::kLowerIsBetter) return {true, m->value, m->interval.low, m->interval.high};
  return {true, -m->value, -m->interval.high, -m->interval.low};
}

// An unknown coordinate settles nothing: were the axis skipped instead, three points with different gaps could dominate each other in a
// ring and leave no frontier.
bool DominatesRow(const Coordinate* a, const Coordinate* b, size_t axes) {
  bool better = false;
  for (size_t i = 0; i < axes; ++i) {
    if (!a[i].known || !b[i].known || a[i].value > b[i].value) return false;
    better = better || (a[i].value < b[i].value && a[i].high < b[i].low);
  }
  return better;
}

std::vector<Coordinate> Table(std::span<const Point> points, std::span<const Axis> axes) {
  std::vector<Coordinate> table;
  table.reserve(points.size() * axes.size());
  for (const Point& point : points) {
    for (const Axis& axis : axes) table.push_back(CoordinateOf(point, axis));
  }
  return table;
}

}  // namespace

const Measurement* Point::Find(std::string_view metric) const {
  for (const Measurement& measurement : measurements) {
    if (measurement.metric == metric) return &measurement;
  }
  return nullptr;
}

bool Dominates(const Point& a, const Point& b, std::span<const Axis> axes) {
  const std::vector<Coordinate> left = Table({&a, 1}, axes);
  const std::vector<Coordinate> right = Table({&b, 1}, axes);
  return DominatesRow(left.data(), right.data(), axes.size());
}

std::vector<FrontierEntry> ComputeFrontier(std::span<const Point> points, std::span<const Axis> axes) {
  const std::vector<Coordinate> table = Table(points, axes);
  const auto dominates = [&](size_t a, size_t b) {
    return DominatesRow(table.data() + a * axes.size(), table.data() + b * axes.size(), axes.size());
  };
  std::vector<FrontierEntry> entries(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    entries[i].point = i;
    for (size_t j = 0; j < points.size() && !entries[i].dominated_by; ++j) {
      if (dominates(j, i)) entries[i].dominated_by = j;
    }
  }
  // A reader wants to hear of a point on the frontier. There may be none that dominates this one: with intervals, dominance is not
  // transitive.
  for (FrontierEntry& entry : entries) {
    if (!entry.dominated_by || !entries[*entry.dominated_by].dominated_by) continue;
    for (size_t j = *entry.dominated_by + 1; j < points.size(); ++j) {
      if (entries[j].dominated_by || !dominates(j, entry.point)) continue;
      entry.dominated_by = j;
      break;
    }
  }
  return entries;
}

}  // namespace tradewind
