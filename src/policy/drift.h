// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Drift: how fast the machine is now beside when its settings were measured. Clocks, heat and neighbours slow every setting alike for
// minutes, and each setting's measurement met them in its own way: so what the last answers took, over what the measurements alone had led
// one to expect, says what the next will take. Pure functions, thread-safe.
//
//   Drift drift = DriftOf(ratios, trial);            // ratios of came to expected
//   Prediction now = drift.Apply(step_time.PredictMean(tokens, 0.9));
#pragma once

#include <cstdint>
#include <span>

#include "search/latency_predictor.h"

namespace tradewind {

// One answer's time over what was expected of it by the measurements alone, and how long ago it ended.
struct PastRatio {
  double seconds_ago = 0;  // >= 0
  int64_t trial = 0;       // the measurement that it was expected from
  double ratio = 1;        // > 0
};

// The next answer's ratio: its median, and the standard deviation of its logarithm.
struct Drift {
  double factor = 1;
  double deviation = 0;

  // What the machine's pace makes of a prediction of the mean: both uncertainties are in the interval (of its confidence), that of one
  // answer's scatter comes with the drift. `measured` as it is where its value is not positive.
  Prediction Apply(const Prediction& measured) const;
};

// The next answer's, expected from `trial`. The logarithm of a ratio is a Gaussian process (Rasmussen and Williams, Gaussian Processes for
// Machine Learning, 2006, algorithm 2.1): a level common to all that wanders about 0 with a memory of ten minutes, an offset of each trial,
// and scatter. How far past answers lay from what those before them foretold widens what is said of the next. Without answers: what is
// assumed of a machine in use.
Drift DriftOf(std::span<const PastRatio> oldest_first, int64_t trial);

}  // namespace tradewind
