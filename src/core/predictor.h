// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Predictor: fitted to measurements, gives modelled ones with intervals (latency from prompt length, quality from features, a scaling law).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

// One observation: features (such as prompt tokens, depth) and the value that came.
struct Observation {
  std::vector<double> features;
  double value = 0;
};

struct Prediction {
  double value = 0;
  Interval interval;  // for one new observation
};

class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual std::string_view name() const = 0;
  // kInvalidInput if there are too few or degenerate observations.
  virtual Result<void> Fit(std::span<const Observation> observations) = 0;
  virtual Prediction Predict(std::span<const double> features, double confidence) const = 0;
};

}  // namespace tradewind
