// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/prior_trials.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "search/laws/control_problem.h"
#include "search/laws/prior_problems.h"
#include "search/laws/prior_risk.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

// One priority * loss of a rule at truth number i, at random.
using Loss = std::function<double(size_t truth, Random& random)>;

struct Rule {
  std::string name;
  Loss loss;
};

class Bench {
 public:
  explicit Bench(const BoundTrialOptions& options) : options_(options), random_(options.seed) {}

  // At every truth: the worst of them is not known, and one that only seemed the worst would make a bound look broken. The upper end is too
  // low only if it is at the truth that is the worst; the lower one allows for the choice among all.
  void Try(const BoundTrial& cell, size_t truths, const std::vector<Rule>& rules) {
    const double of_each = 1 - (1 - options_.confidence) / static_cast<double>(truths);
    for (const Rule& rule : rules) {
      BoundTrial trial = cell;
      trial.rule = rule.name;
      trial.interval = {0, 0, options_.confidence};
      std::vector<double> losses(static_cast<size_t>(options_.draws));
      for (size_t truth = 0; truth < truths; ++truth) {
        for (double& loss : losses) loss = rule.loss(truth, random_);
        trial.risk = std::max(trial.risk, Mean(losses));
        trial.interval.low = std::max(trial.interval.low, MeanInterval(losses, of_each).low);
        trial.interval.high = std::max(trial.interval.high, MeanInterval(losses, options_.confidence).high);
      }
      trials_.push_back(std::move(trial));
    }
  }
  std::vector<BoundTrial> Take() { return std::move(trials_); }

 private:
  BoundTrialOptions options_;
  Random random_;
  std::vector<BoundTrial> trials_;
};

std::string Text(double x) {
  std::string text = std::to_string(x);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// A shrinkage's risk depends on |theta| alone: truths are along the diagonal, out to where their priority is e^-4.5.
Result<void> TryRegression(const std::string& name, const std::vector<double>& variances, Bench& bench) {
  const double total = std::accumulate(variances.begin(), variances.end(), 0.0);
  for (const double tau : {0.05, 0.3, 1.0, 3.0, 10.0, 100.0}) {
    TW_ASSIGN(const RegressionRisk risk, BracketRegression({variances, tau}));
    constexpr size_t kTruths = 40;
    const auto shrink = [&](double c) {
      return [&variances, total, tau, c](size_t truth, Random& random) {
        const double norm = 3 * std::min(tau, 10 * std::sqrt(total)) * static_cast<double>(truth) / kTruths;
        const double theta = norm / std::sqrt(static_cast<double>(variances.size()));
        double loss = 0;
        for (const double variance : variances) {
          const double error = c * (theta + std::sqrt(variance) * random.Normal()) - theta;
          loss += error * error;
        }
        return std::exp(-norm * norm / (2 * tau * tau)) * loss;
      };
    };
    const double bayes = tau * tau / (tau * tau + total / static_cast<double>(variances.size()));
    bench.Try({name, "prior deviation " + Text(tau), "", risk.lower, risk.upper, 0, {}}, kTruths,
              {{"own", shrink(risk.shrinkage)}, {"least squares", shrink(1)}, {"half", shrink(0.5)}, {"ridge", shrink(bayes)}});
  }
  return {};
}

Result<void> TryBestArm(Bench& bench) {
  const std::vector<std::pair<std::string, std::vector<double>>> priors = {
      {"even", {1, 1, 1, 1}}, {"falling", {1, 0.5, 0.1, 0.02, 0.02}}, {"sure", {1, 1e-4}}};
  for (const auto& [prior, priorities] : priors) {
    for (const double noise : {0.5, 1.0, 4.0}) {
      const BestArmProblem problem = {priorities, 1, noise};
      TW_ASSIGN(const BestArmRisk risk, BracketBestArm(problem));
      const auto choose = [&](const std::vector<double>& bonus) {
        return [problem, bonus](size_t truth, Random& random) {
          size_t chosen = 0;
          double top = -std::numeric_limits<double>::infinity();
          for (size_t arm = 0; arm < bonus.size(); ++arm) {
            const double value = bonus[arm] + (arm == truth ? problem.gap : 0) + problem.noise * random.Normal();
            if (value > top) {
              top = value;
              chosen = arm;
            }
          }
          return chosen == truth ? 0 : problem.priorities[truth] * problem.gap;
        };
      };
      std::vector<double> posterior;  // of the Bayesian whose prior is the priority
      for (const double priority : priorities) posterior.push_back(std::log(priority) * noise * noise);
      bench.Try({"best arm", prior + " priorities, noise " + Text(noise), "", risk.lower, risk.upper, 0, {}}, priorities.size(),
                {{"own", choose(risk.bonus)},
                 {"largest mean", choose(std::vector<double>(priorities.size(), 0))},
                 {"posterior", choose(posterior)}});
    }
  }
  return {};
}

// Takes the action with the better share of successes at this place so far (with one success and one failure imagined), at random if equal.
double LiveGreedily(const ControlTruth& truth, int horizon, Random& random) {
  double good[2][2] = {{1, 1}, {1, 1}}, tried[2][2] = {{2, 2}, {2, 2}}, earned = 0;
  size_t place = 0;
  for (int step = 0; step < horizon; ++step) {
    const double a = good[place][0] / tried[place][0], b = good[place][1] / tried[place][1];
    const size_t action = a == b ? random.Below(2) : (b > a ? 1 : 0), next = random.Uniform() < truth.good[place][action] ? 1 : 0;
    good[place][action] += static_cast<double>(next);
    tried[place][action] += 1;
    earned += static_cast<double>(next);
    place = next;
  }
  return earned;
}

double LiveByMixture(const ControlRisk& risk, const ControlTruth& truth, int horizon, Random& random) {
  double left = random.Uniform();
  size_t i = 0;
  while (i + 1 < risk.mixture.size() && left >= risk.mixture[i].weight) left -= risk.mixture[i++].weight;
  return LiveOnce(risk.mixture[i], truth, horizon, random);
}

// A bandit's chances do not depend on the place: {of action 0, of action 1}.
ControlTruth Arms(double first, double second, double priority) {
  return {{{{first, second}, {first, second}}}, priority};
}

Result<void> TryControl(Bench& bench) {
  for (const double second : {1.0, 0.2, 0.01}) {
    const std::vector<std::pair<std::string, std::vector<ControlTruth>>> worlds = {
        {"bandit over time", {Arms(0.8, 0.3, 1), Arms(0.3, 0.6, second)}},
        // Which action gets back to the good place, and which one keeps it, are unknown.
        {"small world",
         {{{{{0.7, 0.1}, {0.9, 0.4}}}, 1},
          {{{{0.1, 0.7}, {0.9, 0.4}}}, second},
          {{{{0.7, 0.1}, {0.4, 0.9}}}, second},
          {{{{0.1, 0.7}, {0.4, 0.9}}}, second * second}}}};
    for (const auto& [name, truths] : worlds) {
      for (const int horizon : {1, 3, 6}) {
        TW_ASSIGN(const ControlRisk risk, BracketControl({truths, horizon}));
        const auto by = [&](const std::function<double(const ControlTruth&, Random&)>& live) {
          return [&truths, horizon, live](size_t truth, Random& random) {
            return truths[truth].priority * (BestReturn(truths[truth], horizon) - live(truths[truth], random));
          };
        };
        bench.Try({name, "second priority " + Text(second) + ", " + std::to_string(horizon) + " steps", "", risk.lower, risk.upper, 0, {}},
                  truths.size(),
                  {{"own", by([&](const ControlTruth& truth, Random& random) { return LiveByMixture(risk, truth, horizon, random); })},
                   {"greedy", by([&](const ControlTruth& truth, Random& random) { return LiveGreedily(truth, horizon, random); })}});
      }
    }
  }
  return {};
}

Result<void> CheckOptions(const BoundTrialOptions& options) {
  if (options.draws >= 100 && options.draws <= 10'000'000 && options.confidence > 0 && options.confidence < 1) return {};
  return Fail(StatusCode::kInvalidInput, "bounds are tried with 100 to 10000000 draws and a confidence in (0, 1)");
}

}  // namespace

Result<std::vector<BoundTrial>> TryBounds(const BoundTrialOptions& options) {
  TW_RETURN_IF_ERROR(CheckOptions(options));
  Bench bench(options);
  TW_RETURN_IF_ERROR(TryRegression("normal mean", {1}, bench));
  TW_RETURN_IF_ERROR(TryRegression("regression", {0.2, 0.5, 1, 2}, bench));
  TW_RETURN_IF_ERROR(TryBestArm(bench));
  TW_RETURN_IF_ERROR(TryControl(bench));
  return bench.Take();
}

// Of a normal mean, observed with variance 1 and with the prior N(0, u): the Bayes rule shrinks by c = u / (u + 1), its risk at theta is
// c^2 + (1 - c)^2 theta^2, and its Bayes risk is c. Its own priority is c / risk(theta).
Result<LimitTrial> TryLimits(const BoundTrialOptions& options) {
  TW_RETURN_IF_ERROR(CheckOptions(options));
  LimitTrial trial;
  for (const std::vector<double>& variances : {std::vector<double>{1}, {0.2, 0.5, 1, 2}, {3, 3, 3}}) {
    TW_ASSIGN(const RegressionRisk flat, BracketRegression({variances, std::numeric_limits<double>::infinity()}));
    const double minimax = std::accumulate(variances.begin(), variances.end(), 0.0);
    for (const double end : {flat.lower, flat.upper}) trial.minimax_gap = std::max(trial.minimax_gap, std::abs(end / minimax - 1));
  }
  Random random(options.seed);
  for (const double u : {0.1, 1.0, 10.0}) {
    const double c = u / (u + 1);
    std::vector<double> inverse;  // of the priority
    for (int i = 0; i < options.draws; ++i) {
      const double theta = std::sqrt(u) * random.Normal();
      inverse.push_back((c * c + (1 - c) * (1 - c) * theta * theta) / c);
    }
    const Interval mean = MeanInterval(inverse, options.confidence);
    const double gap = BayesReductionBound(c, Mean(inverse)) / c - 1;
    if (std::abs(gap) < trial.bayes_gap) continue;
    trial.bayes_gap = std::abs(gap);
    trial.bayes_interval = {BayesReductionBound(c, mean.high) / c - 1, BayesReductionBound(c, mean.low) / c - 1, options.confidence};
  }
  return trial;
}

BoundSummary Summarize(const std::vector<BoundTrial>& trials) {
  BoundSummary summary;
  summary.largest_excess = -1;
  for (const BoundTrial& trial : trials) {
    ++summary.trials;
    summary.broken += trial.interval.high > 0 && trial.interval.high < trial.lower ? 1 : 0;
    // A rule that never failed in the draws has no interval to speak of.
    if (!(trial.interval.high > 0)) {
      ++summary.silent;
      continue;
    }
    summary.largest_excess = std::max(summary.largest_excess, trial.lower / trial.interval.high - 1);
    if (trial.rule == "own") {
      double& factor = summary.factors[trial.problem];
      factor = std::max(factor, trial.interval.high / trial.lower);
    }
  }
  return summary;
}

}  // namespace tradewind
