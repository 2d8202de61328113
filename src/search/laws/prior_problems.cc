// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/prior_problems.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "search/laws/prior_risk.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

// The integral of f times the standard normal density; the trapezoid rule is exact to rounding for smooth f.
template <typename F>
double NormalMean(const F& f) {
  constexpr double kReach = 8, kStep = 0.1;
  constexpr int kSteps = 160;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = -kReach + i * kStep;
    sum += f(x) * NormalDensity(x) * kStep;
  }
  return sum;
}

// The largest f over a grid of (0, 1): any point gives a bound that holds, so the best need not be found exactly.
template <typename F>
double LargestOf(int points, const F& f) {
  double largest = 0;
  for (int i = 1; i < points; ++i) largest = std::max(largest, f(static_cast<double>(i) / points));
  return largest;
}

double NormalPriorBound(const RegressionProblem& problem, double u) {
  const double share = u / (problem.prior_deviation * problem.prior_deviation);
  double bayes = 0;
  for (const double s : problem.variances) bayes += u * s / (u + s);
  return BayesReductionBound(bayes, std::pow(1 - share, -0.5 * static_cast<double>(problem.variances.size())));
}

// Every coefficient is +t or -t with even odds: the posterior mean is t tanh(x t / s), its risk t^2 (1 - E tanh) under x ~ N(t, s).
double SignsBound(const RegressionProblem& problem, double t) {
  double bayes = 0;
  for (const double s : problem.variances) {
    bayes += t * t * (1 - NormalMean([&](double z) { return std::tanh((t + std::sqrt(s) * z) * t / s); }));
  }
  const double d = static_cast<double>(problem.variances.size());
  return BayesReductionBound(bayes, std::exp(d * t * t / (2 * problem.prior_deviation * problem.prior_deviation)));
}

// The sup over u = |theta|^2 of exp(-u / (2 tau^2)) (c^2 total + (1 - c)^2 u), at u = 2 tau^2 - c^2 total / (1 - c)^2 or at 0.
double ShrunkRisk(double c, double total, double tau) {
  const double noise = c * c * total, bias = (1 - c) * (1 - c), twice = 2 * tau * tau;
  if (bias <= 0) return noise;
  const double u = twice - noise / bias;
  return u > 0 ? std::exp(-u / twice) * twice * bias : noise;
}

// 1 - P(arm i is chosen | it is best) for each arm, in units of the noise: `gap` apart, arm i handicapped by offsets[i].
std::vector<double> Errors(const std::vector<double>& offsets, double gap) {
  std::vector<double> errors;
  for (size_t i = 0; i < offsets.size(); ++i) {
    errors.push_back(1 - NormalMean([&](double z) {
                       double all = 1;
                       for (size_t j = 0; j < offsets.size() && all > 1e-15; ++j) {
                         if (j != i) all *= NormalCdf(z + gap + offsets[i] - offsets[j]);
                       }
                       return all;
                     }));
    errors.back() = std::clamp(errors.back(), 0.0, 1.0);
  }
  return errors;
}

}  // namespace

Result<RegressionRisk> BracketRegression(const RegressionProblem& problem) {
  const auto positive = [](double x) { return x > 0 && std::isfinite(x); };
  const double tau = problem.prior_deviation;
  if (problem.variances.empty() || !std::all_of(problem.variances.begin(), problem.variances.end(), positive) || !(tau > 0)) {
    return Fail(StatusCode::kInvalidInput, "a regression's variances and prior deviation must be positive numbers");
  }
  const double total = std::accumulate(problem.variances.begin(), problem.variances.end(), 0.0);
  if (std::isinf(tau)) return RegressionRisk{total, total, 1};
  RegressionRisk risk;
  const double d = static_cast<double>(problem.variances.size());
  // u spans (0, tau^2) with care for both ends; t spans what the priority lets matter.
  const double of_normal = LargestOf(800, [&](double x) { return NormalPriorBound(problem, tau * tau * x * x * x); });
  const double largest = *std::max_element(problem.variances.begin(), problem.variances.end());
  const double reach = std::min(4 * tau / std::sqrt(d), 4 * std::sqrt(largest));
  risk.lower = std::max(of_normal, LargestOf(100, [&](double x) { return SignsBound(problem, reach * x); }));
  risk.upper = std::min(total, 2 * tau * tau / std::numbers::e);
  risk.shrinkage = risk.upper == total ? 1 : 0;
  for (int i = 1; i < 2000; ++i) {
    const double c = i / 2000.0, upper = ShrunkRisk(c, total, tau);
    if (upper < risk.upper) {
      risk.upper = upper;
      risk.shrinkage = c;
    }
  }
  return risk;
}

Result<BestArmRisk> BracketBestArm(const BestArmProblem& problem) {
  const auto positive = [](double x) { return x > 0 && std::isfinite(x); };
  const std::vector<double>& pi = problem.priorities;
  if (pi.size() < 2 || pi.size() > 64 || !std::all_of(pi.begin(), pi.end(), positive) || !positive(problem.gap) ||
      !positive(problem.noise)) {
    return Fail(StatusCode::kInvalidInput, "a best-arm problem has 2 to 64 arms; priorities, gap and noise are positive numbers");
  }
  constexpr int kRounds = 120;
  constexpr double kLeast = -60;  // an arm of this log weight is as good as none
  const double gap = problem.gap / problem.noise;
  std::vector<double> log_weight(pi.size());
  for (size_t i = 0; i < pi.size(); ++i) log_weight[i] = std::log(pi[i]);
  BestArmRisk best = {0, std::numeric_limits<double>::infinity(), {}};
  for (int round = 0; round < kRounds; ++round) {
    // The Bayes rule for weights a maximises log a + gap * (mean in units of noise).
    std::vector<double> offsets;
    for (const double w : log_weight) offsets.push_back(w / gap);
    const std::vector<double> errors = Errors(offsets, gap);
    double weighted = 0, inverse = 0, worst = 0;
    for (size_t i = 0; i < pi.size(); ++i) {
      const double a = std::exp(log_weight[i]);
      weighted += a * errors[i];
      inverse += a / pi[i];
      worst = std::max(worst, pi[i] * errors[i]);
    }
    best.lower = std::max(best.lower, problem.gap * BayesReductionBound(weighted, inverse));
    if (problem.gap * worst < best.upper) {
      best.upper = problem.gap * worst;
      best.bonus.clear();
      for (const double offset : offsets) best.bonus.push_back(offset * problem.noise);
    }
    if (best.upper <= best.lower * (1 + 1e-6)) break;
    // An arm that does worse than the bound gets more weight, one that does better less.
    const double level = best.lower / problem.gap, step = std::min(1.0, gap);
    for (size_t i = 0; i < pi.size(); ++i) {
      const double ratio = pi[i] * errors[i] / level;
      log_weight[i] = std::max(kLeast, log_weight[i] + step * std::clamp(std::log(std::max(ratio, 1e-9)), -2.0, 2.0));
    }
    const double top = *std::max_element(log_weight.begin(), log_weight.end());
    for (double& w : log_weight) w -= top;
  }
  return best;
}

}  // namespace tradewind
