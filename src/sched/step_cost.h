// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// StepCost: how long a pass takes, by what is in it: so much for any pass, for each token read, for each position that a read token looks
// back on, for each sequence that decodes and each position that it looks back on. None of them is negative. Learnt from the passes
// themselves: least squares of the relative error with the past forgotten slowly, where a pass that took far longer than foreseen counts
// only as far as such errors are usual. Not thread-safe.
//
//   StepCost cost;
//   cost.Observe(shape, took);
//   Duration next = cost.Predict(other_shape);
#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"

namespace tradewind {

// What a pass holds.
struct StepShape {
  int64_t prefill_tokens = 0;
  int64_t prefill_depth = 0;  // positions before each of them, summed
  int64_t decodes = 0;        // sequences with one token
  int64_t decode_depth = 0;   // positions before each of those

  // Tokens of one sequence at the places [begin, begin + count). A single one costs what decoding does.
  void Add(int64_t begin, int64_t count);
};

struct StepCoefficients {
  double pass_ms = 0;
  double prefill_token_ms = 0;
  double prefill_depth_ms = 0;
  double decode_ms = 0;
  double decode_depth_ms = 0;
};

class StepCost {
 public:
  StepCost() : StepCost(StepCoefficients{}) {}
  // `start` is believed as much as a few passes; all zero: nothing is known.
  explicit StepCost(const StepCoefficients& start);

  Duration Predict(const StepShape& shape) const;
  void Observe(const StepShape& shape, Duration took);
  StepCoefficients coefficients() const;
  // Coefficients were given, or passes enough were seen, to decide by.
  bool known() const { return given_ || observed_ >= kEnough; }
  int64_t observed() const { return observed_; }

 private:
  static constexpr size_t kTerms = 5;
  static constexpr int64_t kEnough = 8;
  using Terms = std::array<double, kTerms>;
  static Terms TermsOf(const StepShape& shape);
  double Value_ms(const Terms& terms) const;
  double Trimmed_ms(double predicted_ms, double took_ms);
  void Solve();

  Terms weights_{};  // of the terms, in ms
  std::array<Terms, kTerms> products_{};
  Terms targets_{};
  double usual_error_ = 0;  // of the prediction, relative
  int64_t observed_ = 0;
  bool given_ = false;
};

}  // namespace tradewind
