// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The prioritised risk (prior_risk.h) of three problems, bracketed: no rule does better than `lower`, and the rule given attains `upper`.
// Estimating a normal mean, linear regression, and choosing the best arm of a bandit. Pure functions; thread-safe.
//
//   TW_ASSIGN(RegressionRisk risk, BracketRegression({{0.1, 0.4}, 2}));   // two coefficients, prior deviation 2
#pragma once

#include <vector>

#include "base/status.h"

namespace tradewind {

// y = X theta + normal noise, loss |estimate - theta|^2, priority exp(-|theta|^2 / (2 prior_deviation^2)): the prior's density, peak 1.
// One coefficient is the estimation of a normal mean.
struct RegressionProblem {
  std::vector<double> variances;  // of the least-squares estimate along each eigenvector of X'X: noise variance / eigenvalue
  double prior_deviation = 1;     // positive; infinity for a flat priority
};

struct RegressionRisk {
  double lower = 0;
  double upper = 0;
  double shrinkage = 1;  // `upper` is of least squares times this
};

// `lower` is the better of two reductions to Bayes problems: normal priors N(0, u I), for which E[1 / pi] = (1 - u / deviation^2)^(-d/2)
// and the Bayes risk is the sum of u s / (u + s); and signs, each coefficient +t or -t. Flat: the sum of the variances, which is the
// minimax risk. kInvalidInput for variances or a deviation that are not positive, or no variances.
Result<RegressionRisk> BracketRegression(const RegressionProblem& problem);

// K arms measured n times each with normal noise; one, by `gap` better than the others, is best; loss: gap if another is chosen (simple
// regret). Arm i being best has the priority priorities[i].
struct BestArmProblem {
  std::vector<double> priorities;  // 2 to 64, positive
  double gap = 1;                  // positive
  double noise = 1;                // standard deviation of the mean of an arm's measurements, positive
};

struct BestArmRisk {
  double lower = 0;
  double upper = 0;
  std::vector<double> bonus;  // `upper` is of choosing the largest measured mean + bonus
};

// Both ends are of one Bayes rule, for weights that nearly equalise priority * risk (the minimax theorem: they meet), and are integrals in
// one dimension: given that arm i is best, the others' means are alike and independent.
Result<BestArmRisk> BracketBestArm(const BestArmProblem& problem);

}  // namespace tradewind
