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

Result<GraphSource> ReadGraphFor(const std::string& path, const std::string& precision) {
  TW_ASSIGN(GraphSource source, ReadGraph(path));
  if (precision != "int8" || IsQuantized(source)) return source;
  const std::string twin = Int8TwinOf(path);
  if (std::filesystem::exists(twin)) return ReadGraph(twin);
  return Fail(StatusCode::kNotFound, path + " is of real numbers and has no twin " + twin + "; `tradewind quantize " + path + " " + twin +
                                         " --type int8 --pictures pictures:FOLDER` makes it");
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
