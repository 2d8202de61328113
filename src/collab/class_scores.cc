// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/class_scores.h"

#include <algorithm>
#include <cmath>

#include "vision/scorers/classification.h"

namespace tradewind {
namespace {

float ProbabilityOf(const ClassScores::Class& c, float log_sum, bool probabilities) {
  return probabilities ? c.value : std::exp(c.value - log_sum);
}

}  // namespace

ClassScores ScoresOf(const Tensor& outputs, uint32_t count) {
  const std::span<const float> values = outputs.Values<float>();
  ClassScores scores{.log_sum = -EnergyOf(values)};
  for (const int64_t c : BestClasses(values, std::min<int64_t>(count, static_cast<int64_t>(values.size())))) {
    scores.best.push_back({static_cast<uint32_t>(c), values[static_cast<size_t>(c)]});
  }
  return scores;
}

VisionResult ResultOf(const ClassScores& scores, const ModelCard& card) {
  VisionResult result;
  for (const ClassScores::Class& c : scores.best) {
    result.labels.push_back({static_cast<int64_t>(c.number) + card.first_label, ProbabilityOf(c, scores.log_sum, card.probabilities)});
  }
  return result;
}

float ConfidenceOf(const ClassScores& scores, bool probabilities) {
  return scores.best.empty() ? 0 : ProbabilityOf(scores.best[0], scores.log_sum, probabilities);
}

}  // namespace tradewind
