// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Is the integer program that the strategy `additive` solves as good as trying everything? Small design problems at random: parts that each
// take one of a few forms, every form with a cost and with what it uses of some resources (HAO, arXiv:2104.12766: layers
// mapped to an accelerator); the least cost within the resources. Pure, seeded functions; thread-safe.
//
//   TW_ASSIGN(ProgramTrial trial, TryPrograms({.cases = 200}));   // trial.equal == trial.cases
#pragma once

#include <cstdint>

#include "base/status.h"

namespace tradewind {

struct ProgramTrialOptions {
  int cases = 200;    // 1 to 100,000
  int parts = 5;      // 1 to 8
  int forms = 4;      // 2 to 8; forms^parts at most 1,000,000
  int resources = 2;  // 0 to 8
  uint64_t seed = 1;
};

struct ProgramTrial {
  int64_t cases = 0;
  int64_t equal = 0;       // the same least cost, or both say that nothing keeps the resources
  int64_t impossible = 0;  // cases where nothing does
  double largest_gap = 0;  // |program's cost - least cost|
};

// kInvalidInput for options outside the ranges; kUnsupported without CBC.
Result<ProgramTrial> TryPrograms(const ProgramTrialOptions& options);

}  // namespace tradewind
