// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The prioritised risk (prior_risk.h) of reinforcement learning in a small world that is not known: two places, a bad one (0, the start)
// and a good one (1), two actions, `horizon` steps; a step that ends in the good place earns 1. The truth, one of a few, says how likely
// each action leads there from each place. Where that does not depend on the place, it is a bandit over time. Pure functions; thread-safe.
//
//   ControlTruth a = {.good = {{{0.2, 0.8}, {0.2, 0.8}}}}, b = {.good = {{{0.8, 0.2}, {0.8, 0.2}}}};
//   TW_ASSIGN(ControlRisk risk, BracketControl({{a, b}, 6}));     // no learner regrets less than risk.lower; risk.mixture at most upper
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/status.h"

namespace tradewind {

struct ControlTruth {
  std::array<std::array<double, 2>, 2> good{};  // [place][action], in [0, 1]
  double priority = 1;                          // positive
};

struct ControlProblem {
  std::vector<ControlTruth> truths;  // 2 to 16
  int horizon = 6;                   // 1 to 7
};

// The action after each history. The history of t steps is a number below 4^t, four times that of t - 1 steps + 2 * action + place reached;
// those of t steps begin at (4^t - 1) / 3.
struct ControlPolicy {
  double weight = 0;  // in a mixture, of sum 1
  std::vector<uint8_t> actions;
};

// The loss at a truth is the regret: what the best policy for that truth earns, less what the learner earns, both in expectation.
struct ControlRisk {
  double lower = 0;
  double upper = 0;
  std::vector<ControlPolicy> mixture;  // attains `upper`: draw one by weight, then follow it
};

// Learner and nature play a zero-sum game with payoff priority * regret. Nature mixes the truths by regret matching (with the positive
// parts kept; Tammelin, arXiv:1407.5042), the learner answers with the Bayes policy by backward induction over all histories, which is
// exact; each answer's payoff is a lower bound (that of prior_risk.h by Bayes), the answers' mixture an upper one. They meet as rounds go
// on. kInvalidInput for values outside the ranges above.
Result<ControlRisk> BracketControl(const ControlProblem& problem);

// What the best policy for a truth that is known earns.
double BestReturn(const ControlTruth& truth, int horizon);

// What one life of `horizon` steps earns, at random. The policy must have an action for each history (asserted).
double LiveOnce(const ControlPolicy& policy, const ControlTruth& truth, int horizon, Random& random);

}  // namespace tradewind
