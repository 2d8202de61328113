// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// LatencyPredictor: a time as a polynomial of one number of tokens (prompt length, or depth), fitted by relative least squares: the noise
// of a time is in proportion to it. Degree: what the observations carry, at most 2 for prompts (attention grows with the square), 1 for
// steps.
#pragma once

#include "core/predictor.h"
#include "stats/regression.h"

namespace tradewind {

class LatencyPredictor final : public Predictor {
 public:
  explicit LatencyPredictor(int max_degree) : max_degree_(max_degree) {}
  std::string_view name() const override { return "polynomial"; }
  // Features: {tokens}. Needs two observations.
  Result<void> Fit(std::span<const Observation> observations) override;
  Prediction Predict(std::span<const double> features, double confidence) const override;
  // Its interval is for the curve itself, without the scatter of one time about it.
  Prediction PredictMean(double tokens, double confidence) const;

 private:
  std::vector<double> Row(double tokens) const;
  int max_degree_;
  int degree_ = 0;
  double largest_ = 1;  // tokens seen: rows are scaled by it
  LinearFit fit_;
};

}  // namespace tradewind
