// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Scores of arms (models, experts) for items (questions) in a space of few dimensions: score(arm, x) = v_arm . (P x + b) + c_arm, as the
// matrix-factorisation router of RouteLLM does (arXiv:2406.18665, section 4.2; its output weights are part of v_arm here). Trained on
// single outcomes, P(right) = sigmoid(score), or on comparisons, P(arm beats rival) = sigmoid(score difference). A fit is a plain value.
//
//   std::vector<ArmOutcome> outcomes = {{.item = 0, .arm = 1, .outcome = 1}, {.item = 0, .arm = 0, .rival = 1, .outcome = 0}};
//   TW_ASSIGN(BilinearModel model, FitBilinear(items, columns, 2, outcomes, {.seed = 5}));
//   double p = model.WinProbability(x, 1, 0);
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "learn/adam.h"

namespace tradewind {

struct ArmOutcome {
  size_t item = 0;  // a row of the items
  size_t arm = 0;
  std::optional<size_t> rival;  // none: the arm by itself
  double outcome = 0;           // in [0, 1]: how right the arm was, or how surely it beat the rival (a tie is 0.5)
};

struct BilinearModel {
  size_t columns = 0, arms = 0, rank = 0;
  std::vector<double> parameters;  // P (rank rows of `columns`), b (rank), v (rank for each arm), c (one an arm)

  // `x` has `columns` values, arms count from 0 (asserted).
  double Score(std::span<const double> x, size_t arm) const;
  double Probability(std::span<const double> x, size_t arm) const;
  double WinProbability(std::span<const double> x, size_t arm, size_t rival) const;
};

struct BilinearOptions {
  size_t rank = 8;
  double l2 = 1e-4;  // times half the squares of P and v, a row
  AdamOptions adam = {.rate = 0.01};
  int epochs = 50;
  size_t batch = 64;
  uint64_t seed = 1;
};

// The mean cross entropy over the outcomes, with l2; `gradient`, as long as the parameters, is filled in. Indices are asserted.
double BilinearGradient(const BilinearModel& model, std::span<const double> items, std::span<const ArmOutcome> outcomes, double l2,
                        std::span<double> gradient);

// kInvalidInput for bad items (learn/table.h), indices beyond them, outcomes outside [0, 1], and options out of range (rank 1 to 1,024, 1
// to 4,096 arms); kUnsupported where training diverged (lower the rate).
Result<BilinearModel> FitBilinear(std::span<const double> items, size_t columns, size_t arms, std::span<const ArmOutcome> outcomes,
                                  const BilinearOptions& options);

}  // namespace tradewind
