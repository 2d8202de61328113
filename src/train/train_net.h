// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Trains a net as a recipe says. Deterministic: the same recipe, pictures and number of threads give the same weights, unless the recipe
// limits the time. Needs LibTorch (torch_trainer.h).
//
//   TW_ASSIGN(const TrainReport report, TrainNet(recipe, {.data_folder = "/data", .threads = 2, .progress = show}));
//   TW_RETURN_IF_ERROR(WriteTrained(report, recipe, "out.onnx"));
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "train/train_recipe.h"
#include "vision/model_card.h"

namespace tradewind {

struct TrainOptions {
  std::string data_folder{};  // where files that the recipe names are looked for first
  int threads = 1;
  // What is done and how much of all; false stops (kCancelled).
  std::function<bool(const std::string& what, double share)> progress{};
};

// Of pictures with a label.
struct OutputAccuracy {
  std::string output;
  int64_t right = 0, judged = 0;
  double share() const { return judged == 0 ? 0 : static_cast<double>(right) / static_cast<double>(judged); }
};

struct TrainReport {
  OnnxModel model{};  // with what was trained; quantisers as nodes of ours
  ModelCard card{};
  std::vector<OutputAccuracy> original{};  // of the net before anything was put in
  std::vector<OutputAccuracy> before{};    // of the net before training
  std::vector<OutputAccuracy> after{};
  struct Loss {
    std::string text;            // "cross_entropy of exit.0"
    double first = 0, last = 0;  // means over a phase's first and last 16th of steps
  };
  std::vector<Loss> losses{};  // of the last phase
  int64_t parameters = 0;      // numbers that trained
  int64_t steps = 0;
  std::string stopped{};             // why it ended before the last step; empty: it did not
  std::string data{}, validation{};  // ids of the pictures
  Duration spent{};
};

Result<TrainReport> TrainNet(const TrainRecipe& recipe, const TrainOptions& options);

// The net as the recipe puts it together, before training; and as it was before anything was put in.
struct PreparedNet {
  OnnxModel original;
  OnnxModel model;
};
Result<PreparedNet> PrepareNet(const TrainRecipe& recipe, const std::string& data_folder);

// The model's file with what the report says in its metadata, and beside it a card (PATH.card.yaml). Each appears whole or not at all.
Result<void> WriteTrained(const TrainReport& report, const TrainRecipe& recipe, const std::string& path);

}  // namespace tradewind
