// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Does a saturation point (saturation.h) fitted on some questions hold on others? And questions simulated from a stated distribution of
// difficulty, for as long as there are no recorded answers. Pure, seeded functions; thread-safe.
//
//   SimulatedTask task = {.difficulty = QuestionLaw::kBeta, .ceiling = 0.9, .rate = 0.25, .spread = 0.25};
//   TW_ASSIGN(StopTrial trial, TryStopping(SimulateOutcomes(task, Paradigm::kParallel, 400, 64, 1),
//                                          SimulateOutcomes(task, Paradigm::kParallel, 400, 64, 2), {.epsilon = 0.004}));
#pragma once

#include <cstdint>

#include "base/interval.h"
#include "base/status.h"
#include "search/laws/saturation.h"

namespace tradewind {

struct StopTrial {
  int64_t predicted = 0;  // the saturation point fitted on the first questions
  int64_t held_out = 0;   // the one fitted on the others
  double ratio = 0;       // predicted / held_out; 1 where both are 0
  Interval ratio_interval;
  double tokens_saved = 0;   // share of the budget, of equal samples or rounds, not spent by stopping at max(1, predicted)
  double accuracy_lost = 0;  // by it, on the held-out questions
  Interval accuracy_lost_interval;
  // The same for the stop that by the fit costs at most `loss` (SaturationCurve::StopWithin).
  int64_t stop_within = 0;
  double within_tokens_saved = 0;
  double within_accuracy_lost = 0;
  Interval within_accuracy_lost_interval;
};

// Fits on `seen`, judges on `held_out`, which must have the same paradigm and budget (kInvalidInput). Intervals are percentiles over
// bootstrapped questions of both (of the held-out ones for what is lost). `loss`: accuracy that may be given up, in [0, 1].
Result<StopTrial> TryStopping(const Outcomes& seen, const Outcomes& held_out, const SaturationOptions& options, double loss);

enum class QuestionLaw {
  kSame,         // the same p = rate for all that can be solved
  kBeta,         // p ~ Beta(a, b) of mean `rate` and 1 / (a + b) = `spread`; must have a = 1, so rate = spread
  kLogitNormal,  // logit p ~ normal about logit(rate), standard deviation `spread`: none of the models that are fitted
};

struct SimulatedTask {
  QuestionLaw difficulty = QuestionLaw::kSame;
  double ceiling = 0.8;
  double rate = 0.1;
  double spread = 0;
};

// `questions` >= 1 outcomes of a budget >= 1 (asserted), tries independent given the question.
Outcomes SimulateOutcomes(const SimulatedTask& task, Paradigm paradigm, int questions, int budget, uint64_t seed);

// The task's own accuracy after n samples and its saturation point, from the distribution: by closed form or (kLogitNormal) integration.
double TaskAccuracy(const SimulatedTask& task, int64_t n);
int64_t TaskSaturationPoint(const SimulatedTask& task, double epsilon);

}  // namespace tradewind
