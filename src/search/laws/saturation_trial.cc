// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/saturation_trial.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "learn/sigmoid.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

double DrawRate(const SimulatedTask& task, Random& random) {
  if (random.Uniform() >= task.ceiling) return 0;
  switch (task.difficulty) {
    case QuestionLaw::kSame: return task.rate;
    case QuestionLaw::kBeta:  // Beta(1, b) by inversion
      return 1 - std::pow(1 - random.Uniform(), task.spread / (1 - task.rate));
    case QuestionLaw::kLogitNormal: return Sigmoid(std::log(task.rate / (1 - task.rate)) + task.spread * random.Normal());
  }
  return 0;
}

Outcomes Resampled(const Outcomes& outcomes, Random& random) {
  Outcomes drawn = {outcomes.paradigm, {}, outcomes.budget};
  drawn.questions.reserve(outcomes.questions.size());
  for (size_t i = 0; i < outcomes.questions.size(); ++i)
    drawn.questions.push_back(outcomes.questions[random.Below(outcomes.questions.size())]);
  return drawn;
}

double Ratio(int64_t predicted, int64_t held_out) {
  return predicted == held_out ? 1 : static_cast<double>(predicted) / static_cast<double>(held_out);
}

}  // namespace

Result<StopTrial> TryStopping(const Outcomes& seen, const Outcomes& held_out, const SaturationOptions& options, double loss) {
  if (seen.paradigm != held_out.paradigm || seen.budget != held_out.budget || !(loss >= 0 && loss <= 1)) {
    return Fail(StatusCode::kInvalidInput, "seen and held-out outcomes need one paradigm and budget, and a loss in [0, 1]");
  }
  TW_ASSIGN(const SaturationFit fit, FitSaturation(seen, options));
  TW_ASSIGN(const std::vector<double> accuracies, AccuracyCurve(held_out));
  TW_ASSIGN(const SaturationCurve own, FitCurve(accuracies, options.difficulty));
  StopTrial trial;
  trial.predicted = fit.saturation_point;
  trial.held_out = own.SaturationPoint(options.epsilon);
  trial.ratio = Ratio(trial.predicted, trial.held_out);
  const int64_t stop = std::max<int64_t>(1, trial.predicted);
  trial.stop_within = fit.curve.StopWithin(seen.budget, loss);
  const StopSaving saving = SavingOfStopping(accuracies, stop), within = SavingOfStopping(accuracies, trial.stop_within);
  trial.tokens_saved = saving.tokens_saved;
  trial.accuracy_lost = saving.accuracy_lost;
  trial.within_tokens_saved = within.tokens_saved;
  trial.within_accuracy_lost = within.accuracy_lost;
  Random random(options.seed);
  std::vector<double> ratios, lost, within_lost;
  for (int i = 0; i < options.resamples; ++i) {
    TW_ASSIGN(const std::vector<double> a, AccuracyCurve(Resampled(seen, random)));
    TW_ASSIGN(const std::vector<double> b, AccuracyCurve(Resampled(held_out, random)));
    TW_ASSIGN(const SaturationCurve of_seen, FitCurve(a, options.difficulty));
    TW_ASSIGN(const SaturationCurve of_held_out, FitCurve(b, options.difficulty));
    ratios.push_back(Ratio(of_seen.SaturationPoint(options.epsilon), of_held_out.SaturationPoint(options.epsilon)));
    lost.push_back(SavingOfStopping(b, stop).accuracy_lost);
    within_lost.push_back(SavingOfStopping(b, trial.stop_within).accuracy_lost);
  }
  trial.ratio_interval = PercentileInterval(ratios, options.confidence);
  trial.accuracy_lost_interval = PercentileInterval(lost, options.confidence);
  trial.within_accuracy_lost_interval = PercentileInterval(within_lost, options.confidence);
  return trial;
}

Outcomes SimulateOutcomes(const SimulatedTask& task, Paradigm paradigm, int questions, int budget, uint64_t seed) {
  assert(questions >= 1 && budget >= 1);
  Random random(seed);
  Outcomes outcomes = {paradigm, {}, budget};
  for (int q = 0; q < questions; ++q) {
    const double p = DrawRate(task, random);
    int correct = 0, first = 0;
    for (int n = 1; n <= budget; ++n) {
      if (random.Uniform() >= p) continue;
      ++correct;
      if (first == 0) first = n;
    }
    outcomes.questions.push_back(paradigm == Paradigm::kParallel ? correct : first);
  }
  return outcomes;
}

double TaskAccuracy(const SimulatedTask& task, int64_t n) {
  const auto tries = static_cast<double>(n);
  double miss = 0;
  switch (task.difficulty) {
    case QuestionLaw::kSame: miss = std::pow(1 - task.rate, tries); break;
    case QuestionLaw::kBeta: {  // with p ~ Beta(1, b), E (1 - p)^n = b / (b + n)
      const double b = (1 - task.rate) / task.spread;
      miss = b / (b + tries);
      break;
    }
    case QuestionLaw::kLogitNormal: {
      constexpr double kStep = 0.02;
      double mass = 0;
      for (int i = -400; i <= 400; ++i) {
        const double z = i * kStep, weight = std::exp(-z * z / 2);
        miss += weight * std::pow(1 - Sigmoid(std::log(task.rate / (1 - task.rate)) + task.spread * z), tries);
        mass += weight;
      }
      miss /= mass;
      break;
    }
  }
  return task.ceiling * (1 - miss);
}

int64_t TaskSaturationPoint(const SimulatedTask& task, double epsilon) {
  assert(epsilon > 0);
  int64_t n = 0;
  // Gains sum to at most 1, and fall: there are at most 1 / epsilon above epsilon.
  while (TaskAccuracy(task, n + 1) - TaskAccuracy(task, n) > epsilon) ++n;
  return n;
}

}  // namespace tradewind
