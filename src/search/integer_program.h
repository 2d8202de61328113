// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Linear programs over variables that are 0 or 1, solved exactly by CBC (COIN-OR). Where CBC is not built in, no_integer_program.cc stands
// here and says so. Deterministic; each call is its own solver.
//
//   IntegerProgram p{.cost = {3, 2}, .rows = {{{{0, 1}, {1, 1}}, 1, 2}}};   // min 3x + 2y, 1 <= x + y <= 2
//   TW_ASSIGN(auto solution, SolveIntegerProgram(p));                      // {0, 1}
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct IntegerRow {
  std::vector<std::pair<size_t, double>> terms;  // variable and factor, a variable once
  double low = 0;                                // low <= sum <= high; infinities are allowed
  double high = 0;
};

struct IntegerProgram {
  std::vector<double> cost;  // of each variable; the sum over those at 1 is minimised
  std::vector<IntegerRow> rows{};
};

// Whether this build can solve them.
bool HasIntegerPrograms();

// The best values; absent if no values keep all rows. kUnsupported without CBC; kInternal where CBC gives up.
Result<std::optional<std::vector<bool>>> SolveIntegerProgram(const IntegerProgram& program);

}  // namespace tradewind
