// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RouterPolicy: a Router as a Policy. Of the candidates that the budget allows, it takes the one whose arm the router picks for the
// request. A candidate's arm is the value of one knob of its setting. Owns no candidates; shares the router, which learns if it is a
// bandit. Not thread-safe while it learns.
//
//   RouterPolicy policy(router, {.arm_knob = "model", .dial = 0.9});
//   Decision d = policy.ChooseFor({.text = prompt}, candidates, budget, primary);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/policy.h"
#include "policy/best_within_budget.h"
#include "policy/router.h"

namespace tradewind {

struct RouterPolicyOptions {
  std::string arm_knob = "model";
  double dial = 1;  // as in Router::Choose
};

class RouterPolicy final : public Policy {
 public:
  RouterPolicy(std::shared_ptr<Router> router, RouterPolicyOptions options) : router_(std::move(router)), options_(std::move(options)) {}
  std::string_view name() const override { return "router"; }
  // Without a request there is nothing to route by: the best within the budget.
  Decision Choose(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) override;
  // Of candidates of one arm, the best within the budget. Candidates whose arm the router does not know lose, and it is said.
  // The budget's quality floor holds for the candidates' measured quality, as without a router.
  Decision ChooseFor(const Request& request, std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) override;
  void Learn(const Outcome&) override {}
  // Tells the router, if the outcome has a score and an arm that it knows.
  void LearnFrom(const Request& request, const Outcome& outcome) override;

 private:
  std::optional<size_t> ArmOf(const Setting& setting) const;
  // Those that keep the whole budget.
  std::vector<size_t> Fitting(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary);
  std::shared_ptr<Router> router_;
  RouterPolicyOptions options_;
  BestWithinBudget within_;
};

}  // namespace tradewind
