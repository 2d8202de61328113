// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How good a router is, whatever its dial: the curve of quality over cost that it offers, and the numbers that are read off it. Intervals
// are by a bootstrap over whole groups of samples (subjects), as samples of a group err together. Pure functions, thread-safe.
//
//   TW_ASSIGN(RoutingCurve curve, TwoArmCurve(weak, strong, gap, groups, {1, 20}));
//   TwoArmMetrics m = MeasureCurve(curve, {.seed = 1});    // m.apgr.value, m.apgr.interval
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "policy/routing_table.h"

namespace tradewind {

// One way of turning the dial, summed over the samples of each group.
struct OperatingPoint {
  std::vector<double> score, cost, strong_calls;  // [group]
};

struct RoutingCurve {
  std::vector<OperatingPoint> points;     // from all weak to all strong
  std::vector<std::string> groups;        // their names; a sample without a group is called by its place
  std::vector<double> count;              // [group]: samples
  double weak_cost = 0, strong_cost = 0;  // of a request
};

// A request goes to the strong arm where its gap (predicted gain) reaches a threshold; a point for each of at most `most_points`
// thresholds. Equal gaps cross together: between two points one interpolates, as if they were drawn by lot. kInvalidInput unless all spans
// have one length of at least 1, all numbers are finite, and the strong arm costs more than the weak one.
struct PairCost {
  double weak = 0, strong = 1;
};
Result<RoutingCurve> TwoArmCurve(std::span<const float> weak, std::span<const float> strong, std::span<const double> gap,
                                 std::span<const std::string> groups, PairCost cost, size_t most_points = 200);

// The same for any number of arms: utility[i * arms + a] of each sample, and a point for each of `prices` of a unit of cost
// (from high to low: from the cheapest arm to the best), geometric. Samples that lack a score of some arm are left out.
Result<RoutingCurve> ManyArmCurve(const RoutingTable& table, std::span<const double> utility, size_t prices = 64);

struct Estimate {
  double value = 0;
  Interval interval;
};

struct CurveOptions {
  int resamples = 1000;
  double confidence = 0.95;
  uint64_t seed = 1;
  double drop = 0;  // of quality that still counts as none, as a share of the strong arm's
};

// Of a curve between two arms. PGR (performance gap recovered), APGR and CPT as in arXiv:2406.18665, section 3.2: PGR is the share of
// the strong arm's lead over the weak one that is kept, APGR its mean over all shares of strong calls (random routing has 0.5), CPT(x) the
// share of strong calls that PGR x needs. NaN where the strong arm has no lead.
struct TwoArmMetrics {
  double weak_score = 0, strong_score = 0;
  Estimate apgr, cpt50, cpt80;
  std::vector<double> pgr;  // at 0, 10, ..., 100 % strong calls
  Estimate calls_saved;     // largest share of requests kept from the strong arm with no drop in quality (arXiv:2404.14618, table 1)
  Estimate cost_saving;     // cost of random routing at PGR 0.5 over this router's: 2 is twice as cheap
};
TwoArmMetrics MeasureCurve(const RoutingCurve& curve, const CurveOptions& options);
// Several curves of one router: of the same samples (seeds), or of parts of one table (splits). Means over them; a group is drawn by its
// name, in all curves at once, so that splits which share groups are not taken for independent ones.
TwoArmMetrics MeasureCurves(std::span<const RoutingCurve> curves, const CurveOptions& options);

// The mean quality over costs from the cheapest arm's to the dearest's, of the best that the curve offers within each cost, and how
// `a` compares with `b` (mean of a / mean of b) on the same resamples.
Estimate QualityCostArea(std::span<const RoutingCurve> curves, const CurveOptions& options);
Estimate AreaRatio(std::span<const RoutingCurve> a, std::span<const RoutingCurve> b, const CurveOptions& options);
// Difference of the mean APGR of a and b on the same resamples.
Estimate ApgrDifference(std::span<const RoutingCurve> a, std::span<const RoutingCurve> b, const CurveOptions& options);

}  // namespace tradewind
