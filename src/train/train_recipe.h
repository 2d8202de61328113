// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TrainRecipe: what is trained, on what and how, as a YAML file says it (docs/training.md; data/recipes). A plain value.
//
//   TW_ASSIGN(const TrainRecipe recipe, FindTrainRecipe("cifar_exits", {"net.parameters.n=3"}));
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "graph/quantizers.h"
#include "graph/surgery.h"
#include "train/torch_trainer.h"

namespace tradewind {

// A net of a description with drawn or published weights, or an .onnx file.
struct NetChoice {
  std::string description{};
  std::map<std::string, double> parameters{};
  std::string weights{};  // a file of PyTorch's; empty: drawn
  std::string prefix{};   // of its parameters' names
  std::string file{};     // .onnx
};

// Values of the net by their names, or block.0, block.1, ...: where its blocks end (BlockEnds).
struct ExitsChoice {
  std::vector<std::string> at{};  // empty: each block's end but the last
  int64_t every = 1;              // of those only each third, or so
  std::string name = "exit";      // exit.0, exit.1, ...
  int64_t grid = 1;
  int64_t hidden = 0;
};

struct BottleneckChoice {
  std::string at{};
  BottleneckPlan plan{};
};

struct QuantizeChoice {
  QuantizerPlan plan{};
  int64_t calibration = 256;  // pictures
};

struct DataChoice {
  std::string train{}, validate{};     // as LoadPictures takes them, without "pictures:"
  std::vector<std::string> classes{};  // pictures of others are of no class; empty: all
  bool flip = false;
  int64_t crop = 0;                   // pixels that the picture is moved by, at most
  uint64_t cache_bytes = 1ull << 30;  // what may be kept of what goes into the part that trains
};

// A part of the training: losses, and how long they are followed.
struct TrainPhase {
  std::vector<TrainerLoss> losses{};  // targets are values of the teacher, or of the net as it was
  double learning_rate = 0.1;         // at its highest; it falls to 0 along a cosine
  double warmup = 0;                  // share of the steps over which it rises
  int64_t epochs = 1;
};

struct TrainRecipe {
  std::string name, summary;
  NetChoice net{};
  std::optional<NetChoice> teacher{};
  std::string card{};  // as FindCard takes it
  std::optional<ExitsChoice> exits{};
  std::optional<BottleneckChoice> bottleneck{};
  std::optional<QuantizeChoice> quantize{};
  std::vector<std::string> train{};  // what the names of the parameters that train begin with; empty: all
  DataChoice data{};
  std::vector<TrainPhase> phases{};
  OptimizerKind optimizer = OptimizerKind::kSgd;
  double momentum = 0.9;
  double weight_decay = 0;
  int64_t batch = 128;
  uint64_t seed = 1;
  std::optional<Duration> time{};  // after which training ends where it is
  std::string hash{};              // of the text and what was set
};

struct RecipeLimits {
  static constexpr size_t kTextBytes = 256 << 10;
  static constexpr size_t kLosses = 64;
  static constexpr size_t kPhases = 16;
  static constexpr int64_t kEpochs = 100'000;
  static constexpr int64_t kBatch = 1 << 16;
};

// `settings`: "data.train=/tmp/pictures", "phases.0.epochs=3": fields by their paths, lists counted from 0. kInvalidInput names the file
// and the line; kNotFound a setting whose path is not there to be set.
Result<TrainRecipe> ParseTrainRecipe(std::string_view yaml, const std::string& origin, const std::vector<std::string>& settings);

// Names of the recipes that come with Tradewind, ascending, each with its summary.
std::vector<std::pair<std::string, std::string>> TrainRecipes();
// By such a name or the path of a file. kNotFound lists the names.
Result<TrainRecipe> FindTrainRecipe(const std::string& name, const std::vector<std::string>& settings);

}  // namespace tradewind
