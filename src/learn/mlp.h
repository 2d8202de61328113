// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A small multilayer perceptron: ReLU layers and a linear, sigmoid or softmax head. Its parameters are one flat vector, so that a
// meta-learner can move them by gradients of its own. Pure functions but for what they fill in; thread-safe on different data.
//
//   const MlpShape shape = {.inputs = 12, .hidden = {32, 32}};
//   std::vector<double> parameters = InitialMlp(shape, 7);
//   TW_ASSIGN(double loss, TrainMlp(shape, rows, latency, {.epochs = 200}, parameters));
//   double predicted = MlpOutput(shape, parameters, x)[0];
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "learn/adam.h"

namespace tradewind {

enum class MlpHead { kLinear, kSigmoid, kSoftmax };

struct MlpShape {
  size_t inputs = 1;
  std::vector<size_t> hidden = {};  // the width of each ReLU layer; none: a linear model
  size_t outputs = 1;
  MlpHead head = MlpHead::kLinear;
  // Layer after layer: the weights, a row of inputs for each output, then the biases.
  size_t Parameters() const;
};

enum class MlpLoss {
  kSquares,       // the mean over rows of the sum over outputs of (output - y)^2, after the head
  kCrossEntropy,  // of the sigmoid (y in [0, 1], summed over outputs) or softmax head (y are shares, as of one class): mean over rows
  kRanking,       // one linear output: over all pairs with y_i > y_j, the mean of max(0, margin - (output_i - output_j))
};

// Random weights of variance 2 / inputs of the layer (He et al., arXiv:1502.01852, section 2.2), biases 0.
std::vector<double> InitialMlp(const MlpShape& shape, uint64_t seed);

// The outputs, after the head, for each row of `rows`, one after the other. Shapes are asserted, here and below.
std::vector<double> MlpOutput(const MlpShape& shape, std::span<const double> parameters, std::span<const double> rows);

struct MlpLossOptions {
  MlpLoss loss = MlpLoss::kSquares;
  double margin = 1;  // of kRanking
};

// The loss on `rows` and `y` (outputs values a row); `gradient`, as long as the parameters, is filled in.
double MlpGradient(const MlpShape& shape, std::span<const double> parameters, std::span<const double> rows, std::span<const double> y,
                   const MlpLossOptions& options, std::span<double> gradient);

struct MlpTraining {
  MlpLossOptions loss = {};
  AdamOptions adam = {};
  int epochs = 100;
  size_t batch = 32;  // rows a step; kRanking compares only within a batch
  uint64_t seed = 1;  // of the order of rows
};

// Goes on from `parameters`; gives the loss on all rows afterwards. The caller scales its columns (means near 0, spreads near 1).
// kInvalidInput for a bad table, options or a head that does not suit the loss; kUnsupported where the loss grew without bound (lower the
// rate; the parameters are then useless).
Result<double> TrainMlp(const MlpShape& shape, std::span<const double> rows, std::span<const double> y, const MlpTraining& training,
                        std::vector<double>& parameters);

}  // namespace tradewind
