// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// An early exit for a net that was trained without one: a pooled linear head on an edge (graph/surgery.h), fitted to labelled pictures by
// softmax regression while the net stays as it is (as linear classifier probes are: Alain & Bengio, arXiv:1610.01644, section
// 3). Deterministic.
//
//   TW_ASSIGN(const SplitModel with_exit, FitExit(model, "Relu_12", pictures, labels, {}));
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "collab/split_model.h"
#include "vision/image.h"

namespace tradewind {

struct FitExitOptions {
  std::string name = "exit.0";
  double l2 = 1e-3;  // of weights of features that have been scaled to a spread of 1
  int steps = 300;
  int threads = 1;
};
// `labels` are the card's. kInvalidInput for a label that the net does not have, kNotFound for an edge that it has not.
Result<SplitModel> FitExit(const SplitModel& model, const std::string& edge, std::span<const Image> pictures,
                           std::span<const int64_t> labels, const FitExitOptions& options);

}  // namespace tradewind
