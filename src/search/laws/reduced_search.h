// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Does a search in the space without the blocks that a device dislikes (block_friendliness.h) find a better front than one in the whole
// space, at equal trials? Tried on a table that has every network's accuracy and latency. Pure, seeded functions; thread-safe.
//
//   TW_ASSIGN(ReducedSearch result, CompareReducedSearch(nets, accuracy, pixel3_ms, {}));
//   result.interval.low > 1;                                  // the reduced space gives more
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "search/laws/block_friendliness.h"

namespace tradewind {

struct ReducedSearchOptions {
  int64_t profiled = 100;  // networks drawn at random, measured, and used to estimate the blocks' effects; they count for both searches
  int64_t searched = 100;  // trials of random search after that, in the whole and in the reduced space
  int seeds = 30;          // 2 to 10,000 repetitions, of seeds first_seed, first_seed + 1, ...
  uint64_t first_seed = 1;
  double confidence = 0.95;
};

struct ReducedSearch {
  double ratio = 0;            // mean over seeds of hypervolume (reduced) / hypervolume (whole)
  Interval interval;           // Student's t of that mean
  double share = 0;            // mean share of networks that is left in the reduced space
  std::vector<double> ratios;  // by seed
};

// `nets`, `accuracy` (higher is better) and `latency` (lower is) have one row a network. Hypervolumes are up to the table's worst accuracy
// and latency. Where the reduced space has fewer networks than `searched`, all of them are tried and the search ends early. kInvalidInput
// for shapes that do not fit, values that are not finite, too few networks to profile, or a table without better and worse.
Result<ReducedSearch> CompareReducedSearch(const BlockSamples& nets, std::span<const double> accuracy, std::span<const double> latency,
                                           const ReducedSearchOptions& options);

}  // namespace tradewind
