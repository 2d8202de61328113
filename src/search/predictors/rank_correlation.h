// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Spearman's rank correlation (1904) with mid-ranks for ties: how well predictions order what they predict. Pure functions, thread-safe.
#pragma once

#include <span>
#include <vector>

namespace tradewind {

// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> MidRanks(std::span<const double> values);

// In [-1, 1]; 0 where one side does not vary. a.size() == b.size() is asserted.
double SpearmanCorrelation(std::span<const double> a, std::span<const double> b);

}  // namespace tradewind
