// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The options that say what a search turns, how it moves, and what it wants.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/subject.h"
#include "search/strategies.h"

namespace tradewind {

struct SearchArguments {
  std::vector<std::string> over;
  std::string strategy;
  std::vector<std::string> parameters, constraints;
  std::optional<int64_t> trials;
  std::string seeds = "1";
  std::optional<std::string> fidelity;
  int64_t parallel = 1;

  void Declare(Arguments& args);

  // The values of --over, or all that the subject's tables have. kInvalidInput where neither says anything.
  Result<SearchSpace> ToSpace(const Subject& subject) const;
  // The workload's axes and reference point, the constraints ("latency_ms<=20") and the fidelity.
  Result<SearchGoal> ToGoal(const Subject& subject, const Workload& workload, const SearchSpace& space) const;
  // --strategy, or: all combinations where they are few, else NSGA-II.
  std::string StrategyFor(const SearchSpace& space) const;
  Result<StrategyOptions> ToOptions(uint64_t seed) const;
  // "1,2,5": the seeds, ascending or not.
  Result<std::vector<uint64_t>> ToSeeds() const;
};

}  // namespace tradewind
