// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What no learner can beat, given how right its prior is (prioritised risk, arXiv:2304.13479): a priority pi(theta) >= 0 says how much each
// truth matters, and R_pi = inf over rules of sup over theta of pi(theta) * (expected loss at theta). pi = 1 is the minimax risk.
// Here are three ways to bound R_pi from below, for any problem; prior_problems.h uses them. Pure functions; thread-safe.
//
//   // Between two truths of priorities 1 and 0.2, whose losses no action keeps below 3 in sum, and whose data overlap by 40 %:
//   double bound = TwoPointBound({.priority_0 = 1, .priority_1 = 0.2, .separation = 3, .total_variation = 0.6});
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace tradewind {

// Le Cam's two points. For any rule, with weights in proportion to 1 / priority, max(pi0 R0, pi1 R1) >= pi0 pi1 / (pi0 + pi1) (R0 + R1),
// and R0 + R1 >= separation * (1 - total variation), as whatever the rule does with data x costs at least separation * min(f0(x), f1(x)).
// No bound on the loss is needed.
struct TwoPoint {
  double priority_0 = 1;
  double priority_1 = 1;
  double separation = 0;       // the least sum, over actions, of the losses at the two truths
  double total_variation = 0;  // between the two distributions of the data, in [0, 1]
};
double TwoPointBound(const TwoPoint& points);

// From any Bayes problem: for every prior p, R_pi >= BayesRisk(p) / E_p[1 / pi]. (A sup is at least the mean under weights w; take w in
// proportion to p / pi.) With pi = 1 this is "minimax is at least Bayes". With pi = BayesRisk(p) / R(theta, Bayes rule of p) it is an
// equality: E_p[1 / pi] = 1, and the Bayes rule itself attains BayesRisk(p). In between it is as good as the best p.
double BayesReductionBound(double bayes_risk, double mean_inverse_priority);

// Fano's inequality for losses without a bound. For weights w over the truths, I the mutual information (nats) of truth and data, and any
// lambda > 0, Donsker and Varadhan's inequality between the joint law of truth and data and the product of its margins gives
//   R_pi >= (-log(soft_mass(lambda)) - I) / lambda,   soft_mass(lambda) = max over actions of E_w exp(-lambda pi(theta) loss(theta,
//   action)).
// The best over lambda in [1e-6, 1e6] (of 1 / loss) is returned, at least 0. soft_mass may be rounded up, `information` too: then the bound
// only gets smaller.
double FanoBound(const std::function<double(double)>& soft_mass, double information);

// soft_mass for finitely many truths and actions: losses[i * actions + a] of action a at truth i. Sizes agree (asserted).
double FiniteSoftMass(std::span<const double> weights, std::span<const double> priorities, std::span<const double> losses, double lambda);

}  // namespace tradewind
