// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/step_cost.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

// Of a usual pass: the terms are counted in these, so that all are near 1.
constexpr double kUsualPrefill = 128, kUsualDecodes = 8, kUsualDepth = 512;
constexpr double kForget = 0.995;   // a pass counts for half after 138 others
constexpr double kBelief = 10;      // passes that given coefficients count for
constexpr double kStay = 1e-4;      // a coefficient that no pass has told of for long stays what it was
constexpr double kTrim = 4;         // times the usual error: further off counts as so far
constexpr double kLeastTrim = 0.1;  // of the prediction
constexpr double kErrorMemory = 0.95;
constexpr double kLeast_ms = 1e-3;

}  // namespace

void StepShape::Add(int64_t begin, int64_t count) {
  if (count == 1) {
    decodes += 1;
    decode_depth += begin;
    return;
  }
  prefill_tokens += count;
  prefill_depth += count * begin + count * (count - 1) / 2;
}

StepCost::StepCost(const StepCoefficients& start) {
  weights_ = {std::max(0.0, start.pass_ms), std::max(0.0, start.prefill_token_ms) * kUsualPrefill,
              std::max(0.0, start.prefill_depth_ms) * kUsualPrefill * kUsualDepth, std::max(0.0, start.decode_ms) * kUsualDecodes,
              std::max(0.0, start.decode_depth_ms) * kUsualDecodes * kUsualDepth};
  double usual_ms = 0;
  for (const double weight : weights_) usual_ms += weight;
  given_ = usual_ms > 0;
  if (!given_) return;
  for (size_t i = 0; i < kTerms; ++i) {
    products_[i][i] = kBelief / (usual_ms * usual_ms);
    targets_[i] = products_[i][i] * weights_[i];
  }
}

StepCost::Terms StepCost::TermsOf(const StepShape& shape) {
  return {1, static_cast<double>(shape.prefill_tokens) / kUsualPrefill,
          static_cast<double>(shape.prefill_depth) / (kUsualPrefill * kUsualDepth), static_cast<double>(shape.decodes) / kUsualDecodes,
          static_cast<double>(shape.decode_depth) / (kUsualDecodes * kUsualDepth)};
}

double StepCost::Value_ms(const Terms& terms) const {
  double sum = 0;
  for (size_t i = 0; i < kTerms; ++i) sum += terms[i] * weights_[i];
  return sum;
}

Duration StepCost::Predict(const StepShape& shape) const {
  return Duration::Millis(Value_ms(TermsOf(shape)));
}

StepCoefficients StepCost::coefficients() const {
  return {weights_[0], weights_[1] / kUsualPrefill, weights_[2] / (kUsualPrefill * kUsualDepth), weights_[3] / kUsualDecodes,
          weights_[4] / (kUsualDecodes * kUsualDepth)};
}

// What the pass counts as. A machine that has become slower for good trims less and less, and is followed within some tens of passes.
double StepCost::Trimmed_ms(double predicted_ms, double took_ms) {
  if (!known() || predicted_ms <= kLeast_ms) return took_ms;
  const double most = std::max(kTrim * usual_error_, kLeastTrim);
  const double error = std::clamp((took_ms - predicted_ms) / predicted_ms, -most, most);
  usual_error_ = kErrorMemory * usual_error_ + (1 - kErrorMemory) * std::abs(error);
  return predicted_ms * (1 + error);
}

void StepCost::Observe(const StepShape& shape, Duration took) {
  if (took.ns <= 0) return;
  const Terms terms = TermsOf(shape);
  const double took_ms = std::max(took.ms(), kLeast_ms), predicted_ms = Value_ms(terms);
  const double counted_ms = Trimmed_ms(predicted_ms, took_ms);
  // By the relative error: short passes matter as much as long ones.
  const double scale_ms = known() ? std::clamp(predicted_ms, counted_ms / 4, counted_ms * 4) : counted_ms;
  const double weight = 1 / (scale_ms * scale_ms);
  for (size_t i = 0; i < kTerms; ++i) {
    for (size_t j = 0; j < kTerms; ++j) products_[i][j] = kForget * products_[i][j] + weight * terms[i] * terms[j];
    targets_[i] = kForget * targets_[i] + weight * terms[i] * counted_ms;
  }
  ++observed_;
  Solve();
}

// Least squares without negative coefficients, one coefficient after the other: the problem is convex and has five of them.
void StepCost::Solve() {
  constexpr int kSweeps = 60;
  const double stay = kStay * products_[0][0];
  const Terms before = weights_;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double moved = 0;
    for (size_t i = 0; i < kTerms; ++i) {
      double rest = targets_[i] + stay * before[i];
      for (size_t j = 0; j < kTerms; ++j) {
        if (j != i) rest -= products_[i][j] * weights_[j];
      }
      const double value = std::max(0.0, rest / (products_[i][i] + stay));
      moved = std::max(moved, std::abs(value - weights_[i]) / (value + kLeast_ms));
      weights_[i] = value;
    }
    if (moved < 1e-7) return;
  }
}

}  // namespace tradewind
