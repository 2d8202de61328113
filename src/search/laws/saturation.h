// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Where more test-time compute stops paying (TTSPM, arXiv:2505.20522): a curve of accuracy over N samples (parallel scaling) or N rounds
// of rethinking (sequential scaling), fitted to recorded outcomes, and its saturation point. Pure, seeded functions; thread-safe.
//
//   Outcomes seen = {Paradigm::kParallel, correct_of_16, 16};        // one count a question
//   TW_ASSIGN(SaturationFit fit, FitSaturation(seen, {.epsilon = 0.005}));
//   fit.saturation_point;                                            // samples after which one more adds less than half a point
//
// Why one curve for both. A share `ceiling` of the questions can be solved at all. In parallel, N independent samples of a solvable
// question all miss with (1 - p)^N. In sequence, a question goes from unsolved to solved (and stays) with p a round: unsolved after N
// rounds with (1 - p)^N, too. So F(N) = ceiling (1 - (1 - p)^N), whose gain F(N + 1) - F(N) = ceiling p (1 - p)^N falls to epsilon at
// N* = ln(epsilon / (ceiling p)) / ln(1 - p), rounded up; what is then left to gain is at most
// epsilon / p.
// Ours in addition: questions differ. With p ~ Beta(a, b) the miss is E (1 - p)^N = B(a, b + N) / B(a, b), whose tail is much longer;
// fitted with one p, such data saturate too early.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

struct SaturationCurve {
  double ceiling = 0;  // share of questions that can be solved, in [0, 1]
  double rate = 0;     // mean p of a solvable question, in [0, 1]
  double spread = 0;   // 0: the same p for all; otherwise 1 / (a + b) of the Beta distribution of p

  // Accuracy after n >= 0 samples or rounds, and what one more adds.
  double At(int64_t n) const;
  double Gain(int64_t n) const;
  // The least n from which one more adds at most `epsilon` > 0; 0 where not even the first pays. At most 1,000,000,000.
  int64_t SaturationPoint(double epsilon) const;
  // The least n in [1, budget] that leaves at most `loss` >= 0 of the accuracy after `budget` >= 1. A small gain does not say that little
  // is left: up to epsilon / rate may be. Where what matters is not to lose more than a point, this is where to stop.
  int64_t StopWithin(int64_t budget, double loss) const;
};

enum class Paradigm { kParallel, kSequential };

struct Outcomes {
  Paradigm paradigm = Paradigm::kParallel;
  // One a question. Parallel: how many of `budget` samples are correct. Sequential: the first correct round, 1 to budget; 0 for none.
  std::vector<int> questions;
  int budget = 0;  // samples or rounds that each question was given
};

// Accuracy after 1 to budget samples or rounds, element 0 after the first. Parallel: the mean over questions of the unbiased estimate
// 1 - C(budget - c, N) / C(budget, N) (Chen et al., arXiv:2107.03374, section 2.1). kInvalidInput, naming the question, for an outcome
// outside [0, budget], for no questions, and for a budget outside 2 to 1024.
Result<std::vector<double>> AccuracyCurve(const Outcomes& outcomes);

enum class Difficulty {
  kSame,    // the paper's: one p
  kSpread,  // ours: a Beta distribution of p
};

// Least squares on accuracies after 1, 2, ... samples. kInvalidInput for fewer than 2 (kSame) or 3 (kSpread) or values outside [0, 1].
Result<SaturationCurve> FitCurve(std::span<const double> accuracies, Difficulty difficulty);

struct SaturationOptions {
  Difficulty difficulty = Difficulty::kSame;
  double epsilon = 0.005;  // gain of one sample or round below which it does not pay
  double confidence = 0.95;
  int resamples = 200;  // bootstrap over questions, percentile intervals; 10 to 10,000. Few make them short: of 60, 90 % cover 85 %
  uint64_t seed = 1;
};

struct SaturationFit {
  SaturationCurve curve;
  int64_t saturation_point = 0;
  Interval ceiling, rate, point;  // of the three values above
};

Result<SaturationFit> FitSaturation(const Outcomes& outcomes, const SaturationOptions& options);

struct StopSaving {
  double tokens_saved = 0;   // share of `budget` samples (or rounds, of equal length) that are not spent
  double accuracy_lost = 0;  // in [0, 1]
};
// What stopping after `stop` instead of `budget` saves and costs by the accuracies given (a held-out task's own). 1 <= stop; a stop beyond
// the budget saves nothing. Accuracies as of AccuracyCurve, not empty (asserted).
StopSaving SavingOfStopping(std::span<const double> accuracies, int64_t stop);

}  // namespace tradewind
