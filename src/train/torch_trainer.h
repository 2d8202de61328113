// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TorchTrainer: trains some of the parameters of a graph by LibTorch. LibTorch is an optional part: a library beside the program
// (torch/plugin.cc) holds the only code that sees it. One caller at a time.
//
//   TW_ASSIGN(auto trainer, OpenTorchTrainer({.model = model, .parameters = {"linear.weight"}, .losses = {{.output = "logits"}}}));
//   TW_ASSIGN(std::vector<double> losses, trainer->Step({.feeds = {{"image", pictures}}, .labels = labels}, 0.1));
//   for (const NamedTensor& weights : trainer->Weights()) ...
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/tensor.h"

namespace tradewind {

struct NamedTensor {
  std::string name;
  Tensor tensor{};
};

enum class LossKind : uint8_t {
  kCrossEntropy,  // of a picture's label
  kDistillation,  // divergence from a teacher's softened probabilities (Hinton et al., arXiv:1503.02531, section 2)
  kMatch,         // mean squared difference from the target, over the target's mean square
  kEnergy,        // squares of what energy lacks of its margins (Liu et al., arXiv:2010.03759, section 3.2): pictures with a label lie
                  // above `high` in log-sum-exp, those without below `low`
};
std::string_view LossKindName(LossKind kind);

struct TrainerLoss {
  LossKind kind = LossKind::kCrossEntropy;
  std::string output;    // a value of the graph
  std::string target{};  // of distillation and match: the name of a fed value
  double weight = 1;
  double temperature = 1;     // of distillation
  double low = 0, high = 10;  // of energy
};

enum class OptimizerKind : uint8_t { kSgd, kAdam };

struct TrainerSpec {
  OnnxModel model{};
  std::vector<std::string> parameters{};  // initializers that train; a batch norm whose scale does also learns its statistics
  std::vector<TrainerLoss> losses{};
  OptimizerKind optimizer = OptimizerKind::kSgd;
  double momentum = 0.9;
  double weight_decay = 0;  // of matrices and convolutions alone
  int threads = 1;
};

// Inputs of the graph, and targets of losses. A label below 0: of no class, which cross-entropy passes over.
struct TrainBatch {
  std::vector<NamedTensor> feeds{};
  std::vector<int64_t> labels{};
};

class TorchTrainer {
 public:
  virtual ~TorchTrainer() = default;
  // One step of the optimizer; the value of each loss before it, without its weight.
  virtual Result<std::vector<double>> Step(const TrainBatch& batch, double learning_rate) = 0;
  // The weighted losses' sum, and its gradient for each parameter. Changes nothing.
  virtual Result<double> LossOf(const TrainBatch& batch) = 0;
  virtual Result<std::vector<NamedTensor>> GradientsOf(const TrainBatch& batch) = 0;
  // Values of the graph by their names, with norms as they are when a net is used.
  virtual Result<std::vector<Tensor>> Forward(std::span<const NamedTensor> feeds, const std::vector<std::string>& values) = 0;
  // The parameters as they are, and the statistics of norms that train.
  virtual std::vector<NamedTensor> Weights() const = 0;
};

// Whether LibTorch is there; kUnsupported says how to get it.
Result<void> TorchAvailable();
// kUnsupported names a node that is not trained here; kInvalidInput a parameter or loss that the model does not have.
Result<std::unique_ptr<TorchTrainer>> OpenTorchTrainer(const TrainerSpec& spec);

// What the plugin offers.
using TorchTrainerOpen = void(const TrainerSpec& spec, Result<std::unique_ptr<TorchTrainer>>* out);
inline constexpr const char* kTorchOpenName = "TradewindTorchOpen";
inline constexpr const char* kTorchPluginFile = "libtradewind_torch.so";

}  // namespace tradewind
