// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/torch_trainer.h"

#include "base/plugin.h"

namespace tradewind {
namespace {

const Result<void*>& TorchPlugin() {
  static const Result<void*> open = FindInPlugin({.file = kTorchPluginFile, .symbol = kTorchOpenName, .part = "LibTorch"});
  return open;
}

}  // namespace

std::string_view LossKindName(LossKind kind) {
  switch (kind) {
    case LossKind::kCrossEntropy: return "cross_entropy";
    case LossKind::kDistillation: return "distillation";
    case LossKind::kMatch: return "match";
    case LossKind::kEnergy: return "energy";
  }
  return "?";
}

Result<void> TorchAvailable() {
  if (TorchPlugin()) return {};
  return Fail(StatusCode::kUnsupported,
              TorchPlugin().error().message() + "; apt-get install libtorch-dev libopenblas0-serial, then build again: training needs it");
}

Result<std::unique_ptr<TorchTrainer>> OpenTorchTrainer(const TrainerSpec& spec) {
  TW_RETURN_IF_ERROR(TorchAvailable());
  Result<std::unique_ptr<TorchTrainer>> trainer = Fail(StatusCode::kInternal, "LibTorch gave nothing");
  reinterpret_cast<TorchTrainerOpen*>(*TorchPlugin())(spec, &trainer);
  return trainer;
}

}  // namespace tradewind
