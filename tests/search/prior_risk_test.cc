// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/prior_risk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "search/laws/control_problem.h"
#include "search/laws/prior_problems.h"
#include "search/laws/prior_trials.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

using Column = std::vector<double>;

// Two Bernoulli truths with one observation: a rule is two numbers, and all rules can be tried. Squared loss between p = 0.3 and 0.7. The
// risk is also the most that a rule can be made to lose by weights on the truths (von Neumann), where an observation of chances u and v
// costs u v / (u + v) 0.4^2; the bound has min(u, v) / 2 in its place, which is 1.4 times less for 0.3 and 0.7, and weights of its own,
// which for a priority that vanishes make it 10 / 3 times less in all.
TEST(PriorRisk, TwoPointBoundIsBelowEveryRule) {
  // How far below, by the same maximum over weights in Python.
  for (const auto& [priority, factor] : {std::pair{0.01, 2.6335}, {0.3, 1.5442}, {1.0, 1.4}}) {
    // Separation of squared loss: (0.4 / 2)^2 twice, at the middle. Total variation 0.4.
    const double bound = TwoPointBound({.priority_0 = 1, .priority_1 = priority, .separation = 0.08, .total_variation = 0.4});
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i <= 1600; ++i) {
      for (int j = 0; j <= 1600; ++j) {
        const double a = i / 4000.0, b = j / 4000.0;  // above 0.3
        const double r0 = 0.7 * a * a + 0.3 * b * b;
        const double r1 = 0.3 * (a - 0.4) * (a - 0.4) + 0.7 * (b - 0.4) * (b - 0.4);
        least = std::min(least, std::max(r0, priority * r1));
      }
    }
    double risk = 0;
    for (double weight = 0.0005; weight < 1; weight += 0.0005) {
      const double u = weight, v = (1 - weight) * priority;
      risk = std::max(risk, 0.16 * (0.7 * u * 0.3 * v / (0.7 * u + 0.3 * v) + 0.3 * u * 0.7 * v / (0.3 * u + 0.7 * v)));
    }
    EXPECT_NEAR(least, risk, 0.01 * risk) << "all rules tried";
    EXPECT_NEAR(risk / bound, factor, 1e-3) << priority;
  }
}

// Whatever is done loses 1, and the bound may not say more; for large lambda exp(-lambda) is rounded down to nothing.
TEST(PriorRisk, FanoOfASureLossIsThatLoss) {
  const double bound = FanoBound([](double lambda) { return std::exp(-lambda); }, 0);
  EXPECT_LE(bound, 1 + 1e-9);
  EXPECT_GE(bound, 1 - 1e-9);
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

// Fano's bound of a best-arm problem: each truth is gap^2 / (2 noise^2) nats from no arm being better. It must not exceed what is attained.
TEST(PriorProblems, FanoIsBelowWhatIsAttained) {
  for (const Column& priorities : {Column{1, 1, 1, 1}, Column{1, 0.5, 0.1, 0.02, 0.02}, Column{1, 1e-4}}) {
    for (const double noise : {0.2, 0.5, 1.0, 4.0}) {
      const auto risk = BracketBestArm({priorities, 1, noise});
      ASSERT_TRUE(risk);
      EXPECT_LE(risk->lower, risk->upper);
      EXPECT_LE(risk->upper, 2 * risk->lower) << noise;
      Column losses(priorities.size() * priorities.size(), 1);
      for (size_t i = 0; i < priorities.size(); ++i) losses[i * (priorities.size() + 1)] = 0;
      const Column weights(priorities.size(), 1.0 / static_cast<double>(priorities.size()));
      const auto mass = [&](double lambda) { return FiniteSoftMass(weights, priorities, losses, lambda); };
      EXPECT_LE(FanoBound(mass, 1 / (2 * noise * noise)), risk->upper * (1 + 1e-6)) << noise;
    }
  }
}

// Equal priorities of two arms: the minimax rule takes the larger mean and errs with Phi(-gap / (noise sqrt 2)).
TEST(PriorProblems, EqualArmsHaveTheClosedForm) {
  for (const double noise : {0.1, 0.16, 0.3, 1.0, 3.0}) {
    const auto risk = BracketBestArm({{1, 1}, 2, noise});
    const double exact = 2 * NormalCdf(-2 / (noise * std::sqrt(2)));
    EXPECT_NEAR(risk->lower, exact, 1e-6 * exact) << noise;
    EXPECT_NEAR(risk->upper, exact, 1e-6 * exact) << noise;
  }
}

ControlTruth Arms(double first, double second, double priority = 1) {
  return {{{{first, second}, {first, second}}}, priority};
}

// One step and two sure arms: choosing the first with share q risks p0 (1 - q) and p1 q; the best q gives p0 p1 / (p0 + p1). With sure arms
// the first step tells all, so more steps change nothing.
TEST(ControlProblem, SureArmsHaveTheClosedForm) {
  for (const double priority : {1.0, 0.25, 0.01}) {
    for (const int horizon : {1, 2, 5}) {
      const auto risk = BracketControl({{Arms(1, 0), Arms(0, 1, priority)}, horizon});
      ASSERT_TRUE(risk);
      EXPECT_NEAR(risk->lower, priority / (1 + priority), 1e-3) << horizon;
      EXPECT_NEAR(risk->upper, priority / (1 + priority), 3e-3) << horizon;  // after finitely many rounds
    }
  }
}

// Bernoulli arms p and 1 - p swapped, equal priorities, two steps: by hand. The first step regrets gap / 2 whatever is done, the second
// follows the first result and errs with chance 1 - p.
TEST(ControlProblem, TwoStepsByHand) {
  const double p = 0.8, gap = 2 * p - 1;
  const auto risk = BracketControl({{Arms(p, 1 - p), Arms(1 - p, p)}, 2});
  EXPECT_NEAR(risk->lower, gap / 2 + gap * (1 - p), 1e-3);
  EXPECT_NEAR(risk->upper, gap / 2 + gap * (1 - p), 1e-3);
}

TEST(ControlProblem, KnowingTheWorldEarnsTheBest) {
  // From the bad place, action 1 gets out surely; in the good one action 0 stays.
  EXPECT_DOUBLE_EQ(BestReturn({{{{0, 1}, {1, 0}}}, 1}, 5), 5);
  EXPECT_DOUBLE_EQ(BestReturn(Arms(0.3, 0.6), 4), 4 * 0.6);
  // Two steps by hand: out with 0.5; then stay with 0.9, or out again with 0.5.
  EXPECT_DOUBLE_EQ(BestReturn({{{{0.5, 0.1}, {0.2, 0.9}}}, 1}, 2), 0.5 * (1 + 0.9) + 0.5 * 0.5);
  // Truths that agree leave nothing to learn.
  EXPECT_NEAR(BracketControl({{Arms(0.3, 0.6), Arms(0.3, 0.6)}, 4})->upper, 0, 1e-12);
}

// No policy drawn at random (a mixture of two) does better than the bound, by exact expectation over what the world does in two steps.
TEST(ControlProblem, NoPolicyBeatsTheBound) {
  const std::vector<ControlTruth> truths = {{{{{0.7, 0.1}, {0.9, 0.4}}}, 1}, {{{{0.2, 0.8}, {0.3, 0.6}}}, 0.5}};
  const auto risk = BracketControl({truths, 2});
  ASSERT_TRUE(risk);
  EXPECT_LE(risk->upper, 1.01 * risk->lower);
  const auto regret = [&](const ControlTruth& truth, unsigned bits) {  // bit 0: the first action; bit 1 and 2: the second, by place
    const unsigned first = bits & 1U;
    const double out = truth.good[0][first];
    return BestReturn(truth, 2) - out - out * truth.good[1][bits >> 2 & 1U] - (1 - out) * truth.good[0][bits >> 1 & 1U];
  };
  double least = std::numeric_limits<double>::infinity();
  for (unsigned a = 0; a < 8; ++a) {
    for (unsigned b = 0; b < 8; ++b) {
      for (double q = 0; q <= 1; q += 0.01) {
        double worst = 0;
        for (const ControlTruth& truth : truths)
          worst = std::max(worst, truth.priority * (q * regret(truth, a) + (1 - q) * regret(truth, b)));
        least = std::min(least, worst);
      }
    }
  }
  EXPECT_GE(least, risk->lower * (1 - 1e-9));
  EXPECT_LE(least, risk->upper * 1.02);  // two policies suffice for two truths
}

TEST(ControlProblem, WrongValuesAreRefused) {
  EXPECT_FALSE(BracketControl({{Arms(0.3, 0.6)}, 3}));
  EXPECT_FALSE(BracketControl({{Arms(0.3, 0.6), Arms(0.6, 1.3)}, 3}));
  EXPECT_FALSE(BracketControl({{Arms(0.3, 0.6), Arms(0.6, 0.3, 0)}, 3}));
  EXPECT_FALSE(BracketControl({{Arms(0.3, 0.6), Arms(0.6, 0.3)}, 8}));
}

// Study 067 over a grid of five problems: no rule's simulated risk lies below the bound, and a rule is within twice the bound in each.
TEST(PriorTrials, BoundsHoldOverTheGridAndAreWithinTwo) {
  const auto trials = TryBounds({.draws = 2000, .confidence = 0.999, .seed = 3});
  ASSERT_TRUE(trials);
  const BoundSummary summary = Summarize(*trials);
  EXPECT_EQ(summary.broken, 0);
  EXPECT_LE(summary.silent, 3);
  EXPECT_EQ(summary.trials, 2 * 6 * 4 + 9 * 3 + 18 * 2);
  EXPECT_EQ(summary.factors.size(), 5U);
  for (const auto& [problem, factor] : summary.factors) RecordProperty(problem, std::to_string(factor));
  RecordProperty("largest_excess", std::to_string(summary.largest_excess));
  std::map<std::string, double> exact;
  for (const BoundTrial& trial : *trials) {
    exact[trial.problem] = std::max(exact[trial.problem], trial.upper / trial.lower);
    if (trial.rule == "own") EXPECT_LE(trial.interval.low, trial.upper * 1.001) << trial.problem << ", " << trial.cell;
    if (trial.interval.high > 0 && trial.interval.high < trial.lower)
      ADD_FAILURE() << trial.problem << ", " << trial.cell << ", " << trial.rule;
  }
  for (const auto& [problem, factor] : exact) {
    RecordProperty("exact " + problem, std::to_string(factor));
    EXPECT_LE(factor, 2) << problem;
  }
  EXPECT_FALSE(TryBounds({.draws = 10}));
}

TEST(PriorTrials, AtTheLimitsTheRiskIsMinimaxAndBayes) {
  const auto trial = TryLimits({.draws = 20'000, .confidence = 0.99, .seed = 2});
  ASSERT_TRUE(trial);
  EXPECT_LT(trial->minimax_gap, 1e-6);
  EXPECT_LT(trial->bayes_gap, 0.03);
  EXPECT_TRUE(trial->bayes_interval.Contains(0));
  EXPECT_FALSE(TryLimits({.draws = 10}));
}

TEST(PriorTrials, ABoundThatIsTooHighIsSeen) {
  BoundTrial trial = {"p", "c", "own", 1.0, 2.0, 1.4, {1.3, 1.5}};
  EXPECT_EQ(Summarize({trial}).broken, 0);
  EXPECT_DOUBLE_EQ(Summarize({trial}).factors.at("p"), 1.5);
  trial.lower = 1.6;
  EXPECT_EQ(Summarize({trial}).broken, 1);
  EXPECT_GT(Summarize({trial}).largest_excess, 0);
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
