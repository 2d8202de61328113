// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What lies between Tradewind and the library that is linked to OpenVINO: one function, found by name when it is first needed, so that the
// program starts without OpenVINO and runs where there is none. Both sides are of one build.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/status.h"
#include "graph/backend.h"

namespace tradewind {

struct OpenVinoGraph {
  std::span<const std::byte> onnx{};  // a whole model; empty: `tflite_path` names one
  std::string tflite_path{};
};

using OpenVinoOpen = void(const OpenVinoGraph& graph, const GraphOptions& options, Result<std::unique_ptr<GraphRunner>>* out);
inline constexpr const char* kOpenVinoOpenName = "TradewindOpenVinoOpen";
inline constexpr const char* kOpenVinoPluginFile = "libtradewind_openvino.so";

}  // namespace tradewind
