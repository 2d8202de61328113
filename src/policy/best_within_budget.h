// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// BestWithinBudget: among the candidates that the budget allows, by the cautious end of what is predicted, the one of the best quality; of
// equals the quicker. A deadline asks that the first tokens of an answer come before it; the answer is then cut where it passes.
#pragma once

#include "core/policy.h"

namespace tradewind {

// Tokens of an answer that must fit into a deadline, where more are allowed: an answer of a few sentences.
inline constexpr int64_t kUsefulTokens = 64;

class BestWithinBudget final : public Policy {
 public:
  std::string_view name() const override { return "best_within_budget"; }
  Decision Choose(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) override;
  void Learn(const Outcome&) override {}
};

}  // namespace tradewind
