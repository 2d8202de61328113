// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ClassScores: the best of a classifier's outputs, and what makes probabilities of them: all that a worker need send back. A plain value.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/tensor.h"
#include "vision/model_card.h"
#include "vision/vision_result.h"

namespace tradewind {

struct ClassScores {
  struct Class {
    uint32_t number = 0;  // of the outputs
    float value = 0;      // as the net gave it
  };
  std::vector<Class> best{};  // the best first; of equal ones the lower first
  float log_sum = 0;          // the log of the sum of all values' exponentials
};
// `outputs` are singles.
ClassScores ScoresOf(const Tensor& outputs, uint32_t count);
// As the task `classify` reads them.
VisionResult ResultOf(const ClassScores& scores, const ModelCard& card);
// How likely the best class is.
float ConfidenceOf(const ClassScores& scores, bool probabilities);

}  // namespace tradewind
