// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Nets that recipes of the trainer make (train/train_recipe.h), for studies. Each is trained the first time that it is asked for, which can
// take many minutes, and kept in the user's cache under its recipe's hash.
//
//   TW_ASSIGN(const std::string file, TrainedNetFile("cifar_qat{quantize.weight_bits=8}", context));
#pragma once

#include <string>

#include "base/status.h"
#include "study/analysis.h"

namespace tradewind {

// `spec`: a recipe's name and, in braces, fields that are set, parted by semicolons. A recipe that starts from the file NAME.onnx, where
// NAME is a recipe too, has that one trained before. kUnsupported where LibTorch is absent; else as TrainNet.
Result<std::string> TrainedNetFile(const std::string& spec, const AnalysisContext& context);

}  // namespace tradewind
