// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A leaderboard of models with one accuracy and one latency each: who is on the Pareto set, of which family, how that compares with a
// set that someone published, and whether devices order the models alike. For YOLOBench (arXiv:2307.13901), whose tables
// hold 572 detectors, 16 accuracies and 8 devices. Pure functions over plain columns, index i is one model; thread-safe.
//
//   TW_ASSIGN(std::vector<size_t> best, ParetoMembers(map_voc, pi4_ms, AccuracyTies::kDrop));
//   std::map<std::string, size_t> who = CountByFamily(best, families);   // {"YOLOv3": 3, ...}
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

enum class AccuracyTies {
  kDrop,  // a slower model of the same accuracy is dominated: the definition of the Pareto set
  kKeep,  // it stays, as in a scan by latency that keeps whatever is no less accurate than the best so far
};

// The models that no other dominates, fastest first (of equal latency, by index). Higher accuracy and lower latency are better; values are
// point estimates. kInvalidInput for columns of different lengths or values that are not finite. Quadratic in the number of models, of
// which at most 20,000 are taken.
Result<std::vector<size_t>> ParetoMembers(std::span<const double> accuracy, std::span<const double> latency, AccuracyTies ties);

// How many of `members` each family has; families without one are listed with 0. Members are indices into `families` (asserted).
std::map<std::string, size_t> CountByFamily(std::span<const size_t> members, std::span<const std::string> families);

enum class FlagReason {
  kTiedAccuracy,  // published, though `other` is faster and exactly as accurate
  kDominated,     // published, though `other` is more accurate and no slower
  kLeftOut,       // not published, though nothing dominates it
};

struct FlagDifference {
  size_t model = 0;
  FlagReason reason = FlagReason::kLeftOut;
  std::optional<size_t> other;  // the model that dominates it, if any
};

// Where a published set of indices differs from the Pareto set, by model; empty where they are equal. kInvalidInput as above, and for an
// index beyond the table.
Result<std::vector<FlagDifference>> ComparePublished(std::span<const double> accuracy, std::span<const double> latency,
                                                     std::span<const size_t> published);

// Spearman's correlation of each pair of columns, row by row (columns.size() squared values): 1 where two devices order the models alike,
// NaN for a constant column. kInvalidInput for fewer than two models or columns of different lengths.
Result<std::vector<double>> RankCorrelations(std::span<const std::vector<double>> columns);

}  // namespace tradewind
