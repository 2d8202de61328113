// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Verdict: what a finding says of a claim.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "study/analysis.h"
#include "study/study.h"

namespace tradewind {

struct ClaimResult {
  Claim claim;
  std::optional<Number> here;       // the number that was judged
  std::string verdict;              // "reproduces", "at scale 0.8", "does not", "not testable here", "not yet"
  std::string reason;               // a sentence
  std::vector<std::string> detail;  // of the finding
  bool faulty = false;              // "not testable here" for a fault of the study or its table, which somebody should mend
  bool undecided = false;           // the verdict is "does not" for want of samples: the interval holds the bound
  // The earlier claim of the study that rests on the same finding, and has its detail; absent where this one has it.
  std::optional<size_t> detail_of{};
};

// The verdict for people: "does not (undecided)" where it is so.
std::string VerdictText(const ClaimResult& result);

// "reproduces" where the number's whole interval keeps the floor (and reaches the published figure, where the claim states one; short of
// it: "at scale x", x its share); "does not" where it does not, also when only part of the interval keeps it: then it is undecided, and
// the reason says so. Data that are not there: "not testable here". Without an analysis: "not yet", as the claim's `pending` says.
ClaimResult JudgeClaim(const Claim& claim, const std::optional<Result<Finding>>& finding);

}  // namespace tradewind
