// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How well two samples of the same things go together (a predictor's order of settings and the measured one), with intervals.
// Pure functions, thread-safe.
//
//   CorrelationEstimate rho = Correlation(predicted_ms, measured_ms, CorrelationKind::kSpearman, 0.95);
#pragma once

#include <span>
#include <vector>

#include "base/interval.h"

namespace tradewind {

enum class CorrelationKind {
  kPearson,   // of the values: linear
  kSpearman,  // Pearson's of the mid-ranks: any rising relation is 1
  kKendall,   // tau-b: pairs in the same order minus pairs in the other, corrected for ties (Knight 1966: O(n log n))
};

struct CorrelationEstimate {
  double value = 0;  // in [-1, 1]
  Interval interval;
};

// a[i] and b[i] are of one thing (sizes equal: asserted). NaN with (-1, 1) where a sample is constant, has fewer than two values or one
// that is not finite; (-1, 1) around a value of fewer than 4 pairs (Kendall: 5).
//
// The interval is Fisher's: normal in atanh(value), of variance 1 / (n - 3) (Pearson), (1 + value^2 / 2) / (n - 3) (Spearman) and
// 0.437 / (n - 4) (Kendall), after Bonett & Wright (2000), Psychometrika 65(1):23-28, who treat tau-a, which is the same without ties.
// Pearson's wants data near the normal: where one value in fifty is an outlier it is too short, and ranks are the better question. The
// others hold for any continuous data; Kendall's to |tau| = 0.8, and beyond it is too wide. Of ten pairs with a tau of 0.7 its 95 % cover
// 91 %, and many ties make it too short, too: of 40 pairs with four values a side they cover 88 %, where Spearman's cover 95 %. Two
// rankings that agree wholly say that one swap more was not seen, not that none can be: the interval's other end is that of a value half a
// swap away from 1.
CorrelationEstimate Correlation(std::span<const double> a, std::span<const double> b, CorrelationKind kind, double confidence);

// The rank of each value, from 1; equal ones share the mean of theirs. Values are finite.
std::vector<double> MidRanks(std::span<const double> sample);

}  // namespace tradewind
