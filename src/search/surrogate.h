// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Surrogate: a cheap stand-in for measuring: fitted to a strategy's trials, it predicts each axis of a genome. Costs that are positive are
// modelled by their logarithm, so that a prediction is as good for 1 ms as for 100. Copyable, read-only after Fit.
//
//   TW_ASSIGN(Surrogate surrogate, Surrogate::Fit(space, archive, SurrogateKind::kForest, seed));
//   AxisPrediction p = surrogate.Predict(genome);   // in the surrogate's own units: compare with ToUnits(trial.values)
#pragma once

#include <memory>
#include <vector>

#include "base/status.h"
#include "search/archive.h"

namespace tradewind {

enum class SurrogateKind { kForest, kGaussianProcess };

struct AxisPrediction {
  std::vector<double> means;  // one an axis, lower is better
  std::vector<double> deviations;
  double feasible = 1;   // the chance that constraints are kept and every axis is measured
  double violation = 0;  // expected, as in ScoredTrial
};

class Surrogate {
 public:
  // kInvalidInput with fewer than two complete trials.
  static Result<Surrogate> Fit(const Space& space, const Archive& archive, SurrogateKind kind, uint64_t seed);

  AxisPrediction Predict(const Genome& genome) const;
  // Values of a trial in the units that Predict speaks: logarithms for positive costs.
  std::vector<double> ToUnits(std::vector<double> values) const;

 private:
  struct Model;
  const Space* space_ = nullptr;  // the caller's
  std::vector<bool> logarithm_;
  std::vector<std::shared_ptr<const Model>> axes_;
  std::shared_ptr<const Model> feasible_;   // null: all were
  std::shared_ptr<const Model> violation_;  // null: none
};

}  // namespace tradewind
