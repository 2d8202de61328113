// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The small network of the few-shot predictor: a multilayer perceptron over an architecture's features whose hidden units and linear part
// are scaled by what a device's embedding says (the modulator of arXiv:2106.08630). With no embedding it is a plain
// perceptron. Parameters are a flat vector that the caller owns, so that an adapted copy is a vector. Pure functions, thread-safe.
//
//   NetShape shape{.features = 30, .embedding = 10};
//   std::vector<float> parameters = InitialParameters(shape, random);
//   std::vector<float> y = Forward(shape, parameters, x, embedding);   // x: rows * features
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"

namespace tradewind {

struct NetShape {
  uint32_t features = 0;    // of an architecture
  uint32_t embedding = 0;   // of a device; 0: a plain perceptron
  uint32_t hidden = 64;     // units of each of the two hidden layers
  uint32_t modulation = 0;  // units between the embedding and what it scales; 0 where embedding is 0
  bool linear = true;       // a linear part beside the layers: costs that add up need no hidden unit

  size_t ParameterCount() const;
  bool operator==(const NetShape&) const = default;
};

// He's initialisation; what the embedding scales starts near nothing.
std::vector<float> InitialParameters(const NetShape& shape, Random& random);

// One output a row. x.size() is a multiple of shape.features, embedding.size() == shape.embedding (asserted).
std::vector<float> Forward(const NetShape& shape, std::span<const float> parameters, std::span<const float> x,
                           std::span<const float> embedding);

// The mean squared error against y, one a row; its gradient is written to `gradient` (as many as parameters).
float LossAndGradient(const NetShape& shape, std::span<const float> parameters, std::span<const float> x, std::span<const float> embedding,
                      std::span<const float> y, std::span<float> gradient);

// Adam (arXiv:1412.6980, algorithm 1) in single precision, with a rate that a schedule changes (learn/adam.h is the double one).
class FloatAdam {
 public:
  FloatAdam(size_t size, float rate) : rate_(rate), mean_(size, 0), square_(size, 0) {}
  void set_rate(float rate) { rate_ = rate; }
  void Step(std::span<const float> gradient, std::span<float> parameters);

 private:
  float rate_;
  int steps_ = 0;
  std::vector<float> mean_, square_;
};

}  // namespace tradewind
