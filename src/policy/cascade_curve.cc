// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/cascade_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tradewind {

CascadePoint CascadeAt(std::span<const CascadeRecord> records, double limit) {
  CascadePoint point{.limit = limit};
  if (records.empty()) return point;
  for (const CascadeRecord& r : records) {
    const bool stands = r.certainty >= limit;
    point.deferred += stands ? 0 : 1;
    point.accuracy += (stands ? r.light_right : r.heavy_right) ? 1 : 0;
    point.latency_ms += r.light_ms + (stands ? 0 : r.heavy_ms);
  }
  const auto n = static_cast<double>(records.size());
  point.deferred /= n;
  point.accuracy /= n;
  point.latency_ms /= n;
  return point;
}

std::vector<CascadePoint> CascadeCurve(std::span<const CascadeRecord> records) {
  std::vector<CascadeRecord> sorted(records.begin(), records.end());
  std::sort(sorted.begin(), sorted.end(), [](const CascadeRecord& x, const CascadeRecord& y) { return x.certainty < y.certainty; });
  const auto n = static_cast<double>(sorted.size());
  double right = 0, ms = 0;
  for (const CascadeRecord& r : sorted) {
    right += r.light_right ? 1 : 0;
    ms += r.light_ms;
  }
  std::vector<CascadePoint> curve;
  for (size_t i = 0; i < sorted.size(); ++i) {
    // Equally sure answers go together.
    if (i == 0 || sorted[i].certainty > sorted[i - 1].certainty)
      curve.push_back({.limit = sorted[i].certainty, .deferred = static_cast<double>(i) / n, .accuracy = right / n, .latency_ms = ms / n});
    right += (sorted[i].heavy_right ? 1 : 0) - (sorted[i].light_right ? 1 : 0);
    ms += sorted[i].heavy_ms;
  }
  if (!sorted.empty())
    curve.push_back({.limit = std::nextafter(sorted.back().certainty, std::numeric_limits<double>::infinity()),
                     .deferred = 1,
                     .accuracy = right / n,
                     .latency_ms = ms / n});
  return curve;
}

double CheapestLimit(std::span<const CascadeRecord> records, double share) {
  const std::vector<CascadePoint> curve = CascadeCurve(records);
  if (curve.empty()) return 0;
  for (const CascadePoint& point : curve) {
    if (point.accuracy >= share * curve.back().accuracy) return point.limit;
  }
  return curve.back().limit;
}

double AreaUnder(std::span<const CascadePoint> curve) {
  double area = 0;
  for (size_t i = 1; i < curve.size(); ++i)
    area += (curve[i].deferred - curve[i - 1].deferred) * (curve[i].accuracy + curve[i - 1].accuracy) / 2;
  return area;
}

}  // namespace tradewind
