// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/prior_risk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "search/laws/prior_problems.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

using Column = std::vector<double>;

// Two Bernoulli truths with one observation: a rule is two numbers, and all rules can be tried. Squared loss between p = 0.3 and 0.7.
TEST(PriorRisk, TwoPointBoundIsBelowEveryRule) {
  for (const double priority : {0.01, 0.3, 1.0}) {
    // Separation of squared loss: (0.4 / 2)^2 twice, at the middle. Total variation 0.4.
    const double bound = TwoPointBound({.priority_0 = 1, .priority_1 = priority, .separation = 0.08, .total_variation = 0.4});
    double least = std::numeric_limits<double>::infinity();
    for (double a = 0.3; a <= 0.7001; a += 0.005) {
      for (double b = 0.3; b <= 0.7001; b += 0.005) {
        const double r0 = 0.7 * (a - 0.3) * (a - 0.3) + 0.3 * (b - 0.3) * (b - 0.3);
        const double r1 = 0.3 * (a - 0.7) * (a - 0.7) + 0.7 * (b - 0.7) * (b - 0.7);
        least = std::min(least, std::max(r0, priority * r1));
      }
    }
    EXPECT_GT(bound, 0);
    EXPECT_LE(bound, least);
    EXPECT_GE(2 * bound, least);
  }
}

TEST(PriorRisk, TwoPointBoundVanishesWithAPriority) {
  EXPECT_EQ(TwoPointBound({.priority_0 = 1, .priority_1 = 0, .separation = 1, .total_variation = 0}), 0);
  EXPECT_DOUBLE_EQ(TwoPointBound({.priority_0 = 1, .priority_1 = 1, .separation = 2, .total_variation = 0}), 1);
}

// Equal priorities, 0-1 loss, no information: the risk is exactly 1 - 1 / K, and Fano's bound tends to it.
TEST(PriorRisk, FanoIsTightWithoutInformation) {
  const Column weights(4, 0.25), priorities(4, 1);
  Column losses(16, 1);
  for (size_t i = 0; i < 4; ++i) losses[5 * i] = 0;
  const auto mass = [&](double lambda) { return FiniteSoftMass(weights, priorities, losses, lambda); };
  EXPECT_NEAR(FanoBound(mass, 0), 0.75, 1e-4);
  EXPECT_EQ(FanoBound(mass, std::log(4)), 0);
  EXPECT_LT(FanoBound(mass, 0.3), FanoBound(mass, 0.1));
}

// An unbounded loss: d normal coefficients of deviation t, squared loss, flat priority. soft_mass is (1 + 2 lambda t^2)^(-d/2), the
// information d/2 log(1 + t^2 / s); the Bayes risk is known, and the bound tends to d s / e as t grows: by hand, at lambda = e / (2 s).
TEST(PriorRisk, FanoHoldsForSquaredLoss) {
  const double s = 0.5;
  for (const double t : {0.1, 1.0, 10.0, 1000.0}) {
    for (const double d : {1.0, 7.0}) {
      const auto mass = [&](double lambda) { return std::pow(1 + 2 * lambda * t * t, -d / 2); };
      const double bound = FanoBound(mass, d / 2 * std::log(1 + t * t / s));
      EXPECT_LE(bound, d * t * t * s / (t * t + s) * (1 + 1e-9));
      EXPECT_GT(bound, 0.3 * d * t * t * s / (t * t + s));
      if (t == 1000) EXPECT_NEAR(bound, d * s / std::exp(1), 0.01 * d * s);
    }
  }
}

double PriorityAt(double squared_norm, double tau) {
  return std::exp(-squared_norm / (2 * tau * tau));
}

// The largest priority * simulated risk of c * (least squares), over truths along the first axis and the diagonal.
double SimulatedRisk(const Column& variances, double tau, double c, Random& random) {
  const double total = std::accumulate(variances.begin(), variances.end(), 0.0);
  const double reach = 3 * std::min(tau, 10 * std::sqrt(total));
  double worst = 0;
  for (int step = 0; step <= 24; ++step) {
    const double norm = reach * step / 24;
    double loss = 0;
    constexpr int kTrials = 1500;
    for (int i = 0; i < kTrials; ++i) {
      for (size_t j = 0; j < variances.size(); ++j) {
        const double theta = norm / std::sqrt(static_cast<double>(variances.size()));
        const double error = c * (theta + std::sqrt(variances[j]) * random.Normal()) - theta;
        loss += error * error / kTrials;
      }
    }
    worst = std::max(worst, PriorityAt(norm * norm, tau) * loss);
  }
  return worst;
}

// Study 067: the bound is below the simulated risk of estimators (all shrinkages) and within a factor of 2 of the best of them, for the
// estimation of a normal mean and for regression with unequal variances, whatever the prior's width.
TEST(PriorProblems, RegressionBoundHoldsAndIsWithinTwo) {
  Random random(11);
  double largest = 0;
  for (const Column& variances : {Column{1}, Column{0.2, 0.5, 1, 2}}) {
    for (const double tau : {0.05, 0.3, 1.0, 3.0, 10.0, 100.0}) {
      const auto risk = BracketRegression({variances, tau});
      ASSERT_TRUE(risk);
      for (const double c : {0.0, 0.25, 0.5, 0.75, 1.0, risk->shrinkage}) {
        EXPECT_GE(1.08 * SimulatedRisk(variances, tau, c, random), risk->lower) << tau << " " << c;
      }
      EXPECT_NEAR(SimulatedRisk(variances, tau, risk->shrinkage, random) / risk->upper, 1, 0.1) << tau;
      EXPECT_LE(risk->lower, risk->upper);
      EXPECT_LE(risk->upper, 2 * risk->lower) << tau;
      largest = std::max(largest, risk->upper / risk->lower);
    }
  }
  RecordProperty("largest_upper_over_lower", std::to_string(largest));
}

TEST(PriorProblems, FlatPriorityGivesTheMinimaxRisk) {
  const auto flat = BracketRegression({{0.2, 0.5}, std::numeric_limits<double>::infinity()});
  EXPECT_DOUBLE_EQ(flat->lower, 0.7);
  EXPECT_DOUBLE_EQ(flat->upper, 0.7);
  const auto wide = BracketRegression({{0.2, 0.5}, 1e4});
  EXPECT_NEAR(wide->lower, 0.7, 0.002);
  EXPECT_NEAR(wide->upper, 0.7, 0.002);
}

// Towards a prior that is certain, data do not matter: the rule is 0, and max u exp(-u / (2 tau^2)) = 2 tau^2 / e.
TEST(PriorProblems, CertainPriorLeavesNoRisk) {
  const auto sure = BracketRegression({{1}, 1e-3});
  EXPECT_NEAR(sure->upper, 2e-6 / std::exp(1), 1e-9);
  EXPECT_NEAR(sure->lower / sure->upper, 1, 0.02);
}

// The Bayes limit: with the priority B / R(theta) of the prior N(0, u), E_p[1 / pi] = 1 and the bound is the Bayes risk B, which the Bayes
// rule attains at every theta. R and its mean under the prior are integrated here.
TEST(PriorProblems, BayesPriorityGivesTheBayesRisk) {
  for (const double u : {0.01, 1.0, 50.0}) {
    const double s = 0.7, c = u / (u + s), bayes = u * s / (u + s);
    double mean_inverse = 0;
    for (double z = -9; z <= 9; z += 0.01) {
      const double theta = std::sqrt(u) * z, risk = c * c * s + (1 - c) * (1 - c) * theta * theta;
      mean_inverse += risk / bayes * std::exp(-z * z / 2) / std::sqrt(2 * 3.14159265358979) * 0.01;
    }
    EXPECT_NEAR(BayesReductionBound(bayes, mean_inverse), bayes, 1e-6 * bayes);
  }
}

double SimulatedBestArm(const BestArmProblem& problem, const Column& bonus, Random& random) {
  constexpr int kTrials = 20000;
  double worst = 0;
  for (size_t best = 0; best < bonus.size(); ++best) {
    int wrong = 0;
    for (int i = 0; i < kTrials; ++i) {
      size_t chosen = 0;
      double top = -1e300;
      for (size_t arm = 0; arm < bonus.size(); ++arm) {
        const double value = bonus[arm] + (arm == best ? problem.gap : 0) + problem.noise * random.Normal();
        if (value > top) {
          top = value;
          chosen = arm;
        }
      }
      wrong += chosen != best ? 1 : 0;
    }
    worst = std::max(worst, problem.priorities[best] * problem.gap * wrong / kTrials);
  }
  return worst;
}

TEST(PriorProblems, BestArmBoundHoldsAndIsWithinTwo) {
  Random random(12);
  double largest = 0;
  for (const Column& priorities : {Column{1, 1, 1, 1}, Column{1, 0.5, 0.1, 0.02, 0.02}, Column{1, 1e-4}}) {
    for (const double noise : {0.2, 0.5, 1.0, 4.0}) {
      const BestArmProblem problem = {priorities, 1, noise};
      const auto risk = BracketBestArm(problem);
      ASSERT_TRUE(risk);
      EXPECT_LE(risk->upper, 2 * risk->lower) << noise;
      largest = std::max(largest, risk->upper / risk->lower);
      const double slack = 0.01 * risk->upper + 3.5 / std::sqrt(20000.0) * std::sqrt(risk->upper);
      EXPECT_NEAR(SimulatedBestArm(problem, risk->bonus, random), risk->upper, slack) << noise;
      Column posterior;  // the rule of the Bayesian whose prior is the priority
      for (const double priority : priorities) posterior.push_back(std::log(priority) * noise * noise);
      EXPECT_GE(SimulatedBestArm(problem, posterior, random), risk->lower - slack) << noise;
      EXPECT_GE(SimulatedBestArm(problem, Column(priorities.size(), 0), random), risk->lower - slack) << noise;
      // Fano's bound of the same problem: each truth is gap^2 / (2 noise^2) nats from no arm being better.
      Column losses(priorities.size() * priorities.size(), 1);
      for (size_t i = 0; i < priorities.size(); ++i) losses[i * (priorities.size() + 1)] = 0;
      const Column weights(priorities.size(), 1.0 / static_cast<double>(priorities.size()));
      const auto mass = [&](double lambda) { return FiniteSoftMass(weights, priorities, losses, lambda); };
      EXPECT_LE(FanoBound(mass, 1 / (2 * noise * noise)), risk->lower * (1 + 1e-6)) << noise;
    }
  }
  RecordProperty("largest_upper_over_lower", std::to_string(largest));
}

// Equal priorities of two arms: the minimax rule takes the larger mean and errs with Phi(-gap / (noise sqrt 2)).
TEST(PriorProblems, EqualArmsHaveTheClosedForm) {
  for (const double noise : {0.3, 1.0, 3.0}) {
    const auto risk = BracketBestArm({{1, 1}, 2, noise});
    const double exact = 2 * NormalCdf(-2 / (noise * std::sqrt(2)));
    EXPECT_NEAR(risk->lower, exact, 1e-6);
    EXPECT_NEAR(risk->upper, exact, 1e-6);
  }
}

TEST(PriorProblems, WrongValuesAreRefused) {
  EXPECT_FALSE(BracketRegression({{}, 1}));
  EXPECT_FALSE(BracketRegression({{1, -1}, 1}));
  EXPECT_FALSE(BracketRegression({{1}, 0}));
  EXPECT_FALSE(BracketBestArm({{1}, 1, 1}));
  EXPECT_FALSE(BracketBestArm({{1, 0}, 1, 1}));
  EXPECT_FALSE(BracketBestArm({{1, 1}, 1, std::nan("")}));
}

}  // namespace
}  // namespace tradewind
