// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Spearman's rank correlation (1904) with mid-ranks for ties: how well predictions order what they predict. Pure functions, thread-safe.
#pragma once

#include <span>

namespace tradewind {

// In [-1, 1]; 0 where one side does not vary. a.size() == b.size() is asserted.
double SpearmanCorrelation(std::span<const double> a, std::span<const double> b);

}  // namespace tradewind
