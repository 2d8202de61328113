// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/score_net.h"

#include <cassert>

namespace tradewind {

Result<ScoreNet> ScoreNet::Fit(const FeatureMatrix& features, std::span<const uint32_t> rows, std::span<const double> labels,
                               const ScoreNetOptions& options) {
  assert(rows.size() == labels.size());
  ScoreNet net;
  if (rows.empty()) return net;
  net.shape_ = {.inputs = features.columns, .hidden = {}, .outputs = 1, .head = MlpHead::kSigmoid};
  if (options.hidden > 0) net.shape_.hidden = {options.hidden};
  // Without a hidden layer the start does not matter, and 0 is the same for every seed.
  net.parameters_ = options.hidden > 0 ? InitialMlp(net.shape_, options.seed) : std::vector<double>(net.shape_.Parameters(), 0);
  std::vector<double> x;
  x.reserve(rows.size() * features.columns);
  for (const uint32_t row : rows) x.insert(x.end(), features.Row(row).begin(), features.Row(row).end());
  const MlpTraining training = {.loss = {.loss = MlpLoss::kCrossEntropy},
                                .adam = {.rate = options.rate, .weight_decay = options.decay},
                                .epochs = options.epochs,
                                .batch = 128,
                                .seed = options.seed};
  TW_RETURN_IF_ERROR(TrainMlp(net.shape_, x, labels, training, net.parameters_));
  return net;
}

double ScoreNet::Probability(std::span<const float> features) const {
  if (parameters_.empty()) return 0.5;
  return MlpOutput(shape_, parameters_, std::vector<double>(features.begin(), features.end()))[0];
}

std::vector<RouterParameter> ScoreNetParameters() {
  const ScoreNetOptions usual;
  return {{"hidden", static_cast<double>(usual.hidden), 0, 1024, "width of the hidden layer; 0: none"},
          {"epochs", static_cast<double>(usual.epochs), 1, 1000, "passes over the table"},
          {"rate", usual.rate, 1e-6, 1, "Adam's step"},
          {"decay", usual.decay, 0, 10, "weight decay"}};
}

}  // namespace tradewind
