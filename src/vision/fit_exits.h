// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Exits put into a classifier without touching its weights: linear heads over pooled values, fitted to what the whole net answers, so that
// pictures are needed and no labels (after Apparate, arXiv:2312.05385, section 3.1, whose ramps these are).
//
//   TW_ASSIGN(const OnnxModel with_exits, FitExits(model, card, pictures, {.most = 4}));
#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/onnx.h"
#include "vision/image.h"
#include "vision/model_card.h"

namespace tradewind {

struct ExitOptions {
  int most = 4;                   // exits, spread evenly over the net's multiplications
  std::vector<std::string> at{};  // or behind these values
  int64_t grid = 4;               // at most, and less where pictures are few; see ExitHead
  double l2 = 1e-3;               // penalty on weights, of columns of spread 1
  int threads = 1;
};

// Values behind which an exit can stand, where one value alone goes on, and the share of the multiplications that were made by then.
struct ExitPlace {
  std::string at;
  double share = 0;
};
Result<std::vector<ExitPlace>> ExitPlaces(const OnnxModel& model);

// The graph with outputs exit.0, exit.1, ... before its own, which gives the same numbers as it did. kUnsupported unless the graph takes
// one picture and gives one row of classes; kInvalidInput for fewer than 20 pictures, and for pictures of which the net says all the same.
Result<OnnxModel> FitExits(const OnnxModel& model, const ModelCard& card, std::span<const Image> pictures, const ExitOptions& options);

}  // namespace tradewind
