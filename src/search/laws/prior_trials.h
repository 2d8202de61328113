// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Are the lower bounds of prior_problems.h and control_problem.h below what real rules risk, and how near? Rules simulated over a grid of
// problems: estimating a normal mean, linear regression, choosing the best arm, acting over time (bandit and reinforcement learning).
// Pure, seeded functions; thread-safe.
//
//   TW_ASSIGN(std::vector<BoundTrial> trials, TryBounds({.draws = 4000}));
//   BoundSummary all = Summarize(trials);       // all.broken == 0; all.factors.at("normal mean") < 2
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

struct BoundTrialOptions {
  int draws = 4000;          // 100 to 10,000,000 simulated data sets for each rule and truth
  double confidence = 0.95;  // of each interval
  uint64_t seed = 1;
};

struct BoundTrial {
  std::string problem;  // "normal mean", "regression", "best arm", "bandit over time", "small world"
  std::string cell;     // "prior deviation 0.3"
  std::string rule;     // "own" is the one that attains the upper bound
  double lower = 0;     // the bound
  double upper = 0;
  double risk = 0;    // simulated: the largest priority * loss over truths
  Interval interval;  // of it
};

// kInvalidInput for options outside the ranges.
Result<std::vector<BoundTrial>> TryBounds(const BoundTrialOptions& options);

struct BoundSummary {
  int64_t trials = 0;
  int64_t broken = 0;         // rules whose whole interval lies below the bound: at most a few by chance (2.5 %) where it is tight
  int64_t silent = 0;         // rules that lost nothing in any draw: too few draws to judge them
  double largest_excess = 0;  // of lower / interval.high - 1 over all trials; below 0 where no bound is broken
  std::map<std::string, double> factors;  // by problem: the worst of interval.high / lower of the rule "own", where it ever lost
};
BoundSummary Summarize(const std::vector<BoundTrial>& trials);

// The two risks that the prioritised one lies between, where it must be equal to them.
struct LimitTrial {
  double minimax_gap = 0;   // of a flat priority: the largest |bound / sum of the variances - 1| over regression problems
  double bayes_gap = 0;     // of the Bayes rule's own priority: the largest |bound / Bayes risk - 1| over priors, by draws of the truth
  Interval bayes_interval;  // of bound / Bayes risk - 1, signed, at that prior
};
Result<LimitTrial> TryLimits(const BoundTrialOptions& options);

}  // namespace tradewind
