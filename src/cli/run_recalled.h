// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// `run` on a recorded table or a closed form: the best measured setting within the budget, or the one that was set, and its reading.
#pragma once

#include <string>

#include "cli/subject.h"
#include "core/budget.h"

namespace tradewind {

struct RecalledRequest {
  Budget budget;
  std::string workload;  // empty: the subject's default
  std::string sample;    // empty: the workload's first
  bool json = false;
};

// Prints the reading, and gives the exit code: 3 where nothing fits, naming what is nearest.
Result<int> RunRecalled(const Subject& subject, const RecalledRequest& request);

}  // namespace tradewind
