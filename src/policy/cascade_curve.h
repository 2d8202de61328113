// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a cascade of two gives as the bar moves that a light answer must pass to stand: worked out from what both said of the same inputs.
// Pure functions.
//
//   const std::vector<CascadePoint> curve = CascadeCurve(records);     // from all light to all heavy
//   const double limit = CheapestLimit(half, 0.99);                    // chosen on one half,
//   const CascadePoint kept = CascadeAt(other_half, limit);            // judged on the other
#pragma once

#include <span>
#include <vector>

namespace tradewind {

struct CascadeRecord {
  double certainty = 0;  // how sure the light one is
  bool light_right = false, heavy_right = false;
  double light_ms = 0, heavy_ms = 0;
};

struct CascadePoint {
  double limit = 0;       // light answers at least so sure stand
  double deferred = 0;    // share of inputs that the heavy one is asked of
  double accuracy = 0;    // share that is right
  double latency_ms = 0;  // mean: the light one's of all, the heavy one's of those deferred
};

// Of no records: zeros.
CascadePoint CascadeAt(std::span<const CascadeRecord> records, double limit);
// At every limit that changes anything, ascending: from none deferred to all.
std::vector<CascadePoint> CascadeCurve(std::span<const CascadeRecord> records);
// The limit of the fewest deferred at which accuracy is at least `share` of the heavy one's.
double CheapestLimit(std::span<const CascadeRecord> records, double share);
// Mean accuracy over all shares of deferral, each as likely: 1 at most.
double AreaUnder(std::span<const CascadePoint> curve);

}  // namespace tradewind
