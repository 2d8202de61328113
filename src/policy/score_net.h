// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ScoreNet: how likely something is true of a request (an arm answers it right), from its features, by a small network (learn/mlp.h).
// Fitted, it is a plain value; thread-safe.
//
//   TW_ASSIGN(ScoreNet net, ScoreNet::Fit(features, rows, labels, {.seed = 7}));
//   double p = net.Probability(embedder.Embed(text));
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learn/mlp.h"
#include "policy/router.h"
#include "policy/routing_table.h"

namespace tradewind {

struct ScoreNetOptions {
  size_t hidden = 0;  // width of the hidden layer; 0: none
  int epochs = 30;
  double rate = 0.005, decay = 0.05;  // Adam's step, and its weight decay
  uint64_t seed = 1;
};

class ScoreNet {
 public:
  ScoreNet() = default;  // of which nothing is known: a half
  // `labels`, in [0, 1], are those of `rows` of the features; of none it gives the net of which nothing is known.
  static Result<ScoreNet> Fit(const FeatureMatrix& features, std::span<const uint32_t> rows, std::span<const double> labels,
                              const ScoreNetOptions& options);
  double Probability(std::span<const float> features) const;

 private:
  MlpShape shape_;
  std::vector<double> parameters_;
};

// What routers made of such nets can be told.
std::vector<RouterParameter> ScoreNetParameters();

}  // namespace tradewind
