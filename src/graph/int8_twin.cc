// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/int8_twin.h"

#include <filesystem>

#include "graph/calibrate_quantizers.h"
#include "graph/raise_opset.h"

namespace tradewind {

std::string Int8TwinOf(const std::string& path) {
  return std::filesystem::path(path).replace_extension(".int8.onnx");
}

Result<OnnxModel> MakeInt8Twin(OnnxModel model, std::span<const Tensor> inputs, const GraphOptions& options) {
  if (inputs.empty()) return Fail(StatusCode::kInvalidInput, "scales are found from what goes in, and there is nothing");
  if (IsQuantized({.path = model.source, .model = model}))
    return Fail(StatusCode::kInvalidInput, model.source + ": it is of whole numbers already");
  TW_RETURN_IF_ERROR(RaiseOpset(model));
  TW_RETURN_IF_ERROR(InsertQuantizers(model, {}));
  const auto input = [&](int64_t i) -> Result<Tensor> { return inputs[static_cast<size_t>(i)]; };
  TW_RETURN_IF_ERROR(CalibrateQuantizers(model, static_cast<int64_t>(inputs.size()), input, options));
  TW_RETURN_IF_ERROR(LowerQuantizers(model));
  return model;
}

}  // namespace tradewind
