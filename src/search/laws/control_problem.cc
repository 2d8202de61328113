// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/control_problem.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

namespace tradewind {
namespace {

constexpr int kMostSteps = 7;
constexpr size_t kMostTruths = 16;
constexpr int kRounds = 600;

size_t LevelStart(int step) {
  return ((size_t{1} << (2 * step)) - 1) / 3;
}

// chances[node * truths + i]: of all that the world did in that history, given the actions, under truth i.
std::vector<double> ChancesOfHistories(const ControlProblem& problem) {
  const size_t truths = problem.truths.size();
  std::vector<double> chances(LevelStart(problem.horizon) * truths, 1);
  for (int step = 1; step < problem.horizon; ++step) {
    const size_t start = LevelStart(step), before = LevelStart(step - 1);
    for (size_t h = 0; h < LevelStart(step + 1) - start; ++h) {
      const size_t parent = h / 4, action = h / 2 % 2, place = step > 1 ? parent % 2 : 0;
      for (size_t i = 0; i < truths; ++i) {
        const double good = problem.truths[i].good[place][action];
        chances[(start + h) * truths + i] = chances[(before + parent) * truths + i] * (h % 2 == 1 ? good : 1 - good);
      }
    }
  }
  return chances;
}

struct Answer {
  std::vector<uint8_t> actions;
  std::vector<double> returns;  // by truth
};

// The policy that earns most under the weights (of any sum), and what it earns under each truth.
Answer BayesPolicy(const ControlProblem& problem, const std::vector<double>& chances, const std::vector<double>& weights) {
  const size_t truths = problem.truths.size();
  Answer answer;
  answer.actions.resize(LevelStart(problem.horizon));
  std::vector<double> later((size_t{1} << (2 * problem.horizon)) * truths, 0), now, earned(2 * truths);
  for (int step = problem.horizon - 1; step >= 0; --step) {
    const size_t start = LevelStart(step), histories = LevelStart(step + 1) - start;
    now.assign(histories * truths, 0);
    for (size_t h = 0; h < histories; ++h) {
      const size_t place = step > 0 ? h % 2 : 0;
      double value[2] = {0, 0};
      for (size_t action = 0; action < 2; ++action) {
        const size_t child = 4 * h + 2 * action;
        for (size_t i = 0; i < truths; ++i) {
          const double good = problem.truths[i].good[place][action];
          const double earns = good * (1 + later[(child + 1) * truths + i]) + (1 - good) * later[child * truths + i];
          earned[action * truths + i] = earns;
          value[action] += weights[i] * chances[(start + h) * truths + i] * earns;
        }
      }
      const size_t chosen = value[1] > value[0] ? 1 : 0;
      answer.actions[start + h] = static_cast<uint8_t>(chosen);
      for (size_t i = 0; i < truths; ++i) now[h * truths + i] = earned[chosen * truths + i];
    }
    later.swap(now);
  }
  answer.returns.assign(later.begin(), later.begin() + static_cast<std::ptrdiff_t>(truths));
  return answer;
}

Result<void> CheckProblem(const ControlProblem& problem) {
  const auto share = [](double x) { return x >= 0 && x <= 1; };
  bool good = problem.truths.size() >= 2 && problem.truths.size() <= kMostTruths && problem.horizon >= 1 && problem.horizon <= kMostSteps;
  for (const ControlTruth& truth : problem.truths) {
    good = good && truth.priority > 0 && std::isfinite(truth.priority);
    for (const auto& place : truth.good) good = good && share(place[0]) && share(place[1]);
  }
  if (good) return {};
  return Fail(StatusCode::kInvalidInput,
              "a control problem has 2 to 16 truths with chances in [0, 1] and positive priorities, and a horizon of 1 to 7 steps");
}

std::vector<double> Normalised(std::vector<double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& w : weights) w = sum > 0 ? w / sum : 1 / static_cast<double>(weights.size());
  return weights;
}

}  // namespace

double BestReturn(const ControlTruth& truth, int horizon) {
  std::array<double, 2> later = {0, 0};
  for (int step = 0; step < horizon; ++step) {
    std::array<double, 2> now{};
    for (size_t place = 0; place < 2; ++place) {
      for (const double good : truth.good[place]) now[place] = std::max(now[place], good * (1 + later[1]) + (1 - good) * later[0]);
    }
    later = now;
  }
  return later[0];
}

Result<ControlRisk> BracketControl(const ControlProblem& problem) {
  TW_RETURN_IF_ERROR(CheckProblem(problem));
  const size_t truths = problem.truths.size();
  const std::vector<double> chances = ChancesOfHistories(problem);
  std::vector<double> best;
  for (const ControlTruth& truth : problem.truths) best.push_back(BestReturn(truth, problem.horizon));
  ControlRisk risk;
  std::vector<double> regrets(truths, 0), nature(truths, 0), total(truths, 0);
  std::map<std::string, double> answers;  // by their actions as bytes
  double all = 0;
  // The learner's answer to nature's mixture: the payoff of each truth. No policy has less in the mean.
  const auto answer_to = [&](const std::vector<double>& mixture, std::vector<double>& payoffs) {
    std::vector<double> weights(truths);
    for (size_t i = 0; i < truths; ++i) weights[i] = mixture[i] * problem.truths[i].priority;
    Answer answer = BayesPolicy(problem, chances, weights);
    for (size_t i = 0; i < truths; ++i) payoffs[i] = problem.truths[i].priority * std::max(0.0, best[i] - answer.returns[i]);
    risk.lower = std::max(risk.lower, std::inner_product(mixture.begin(), mixture.end(), payoffs.begin(), 0.0));
    return answer;
  };
  std::vector<double> payoffs(truths);
  for (int round = 1; round <= kRounds; ++round) {
    const std::vector<double> mixture = Normalised(regrets);
    const Answer answer = answer_to(mixture, payoffs);
    answers[std::string(answer.actions.begin(), answer.actions.end())] += round;  // later rounds count for more
    all += round;
    const double mean = std::inner_product(mixture.begin(), mixture.end(), payoffs.begin(), 0.0);
    for (size_t i = 0; i < truths; ++i) {
      regrets[i] = std::max(0.0, regrets[i] + payoffs[i] - mean);
      nature[i] += round * mixture[i];
      total[i] += round * payoffs[i];
    }
  }
  risk.upper = *std::max_element(total.begin(), total.end()) / all;
  answer_to(Normalised(nature), payoffs);
  for (const auto& [actions, weight] : answers) risk.mixture.push_back({weight / all, {actions.begin(), actions.end()}});
  return risk;
}

double LiveOnce(const ControlPolicy& policy, const ControlTruth& truth, int horizon, Random& random) {
  assert(policy.actions.size() >= LevelStart(horizon));
  double earned = 0;
  size_t history = 0, place = 0;
  for (int step = 0; step < horizon; ++step) {
    const size_t action = policy.actions[LevelStart(step) + history];
    place = random.Uniform() < truth.good[place][action] ? 1 : 0;
    earned += static_cast<double>(place);
    history = 4 * history + 2 * action + place;
  }
  return earned;
}

}  // namespace tradewind
