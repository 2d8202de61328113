// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Wilcoxon's signed-rank test (1945) of paired samples: is a[i] - b[i] symmetric about zero? Pure function, thread-safe.
//
//   if (SignedRankPValue(ours, theirs) < 0.05) ...
#pragma once

#include <span>

namespace tradewind {

// Two-sided p value; pairs without a difference are dropped, ties get mid-ranks. Exact (given the ties) up to 100 pairs that
// differ, beyond that by the normal approximation with corrections for ties and continuity. 1 where no pair differs.
// That a.size() == b.size() and all values are finite is asserted.
double SignedRankPValue(std::span<const double> a, std::span<const double> b);

}  // namespace tradewind
