// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Finds the library that is linked to OpenVINO (graph/openvino/plugin.h) beside the program, when it is first needed.
#include "base/plugin.h"
#include "graph/backend.h"
#include "graph/openvino/plugin.h"

namespace tradewind {
namespace {

const Result<void*>& OpenVinoPlugin() {
  static const Result<void*> open = FindInPlugin({.file = kOpenVinoPluginFile, .symbol = kOpenVinoOpenName, .part = "OpenVINO"});
  return open;
}

Result<void> Available() {
  if (OpenVinoPlugin()) return {};
  return Fail(StatusCode::kUnsupported,
              OpenVinoPlugin().error().message() + "; scripts/openvino.sh installs it (180 MB), then build again");
}

Result<std::unique_ptr<GraphRunner>> OpenByPlugin(const GraphSource& source, const GraphOptions& options) {
  OpenVinoGraph graph;
  std::vector<std::byte> bytes;
  if (const auto* onnx = std::get_if<OnnxModel>(&source.model)) {
    TW_ASSIGN(bytes, WriteOnnx(*onnx));  // what was validated, external data and all, not the file
    graph.onnx = bytes;
  } else {
    graph.tflite_path = source.path;
  }
  Result<std::unique_ptr<GraphRunner>> runner = Fail(StatusCode::kInternal, "OpenVINO gave nothing");
  reinterpret_cast<OpenVinoOpen*>(*OpenVinoPlugin())(graph, options, &runner);
  if (!runner) return Fail(Status(runner.error().code(), source.path + ": " + runner.error().message()));
  return runner;
}

}  // namespace

void RegisterOpenvinoBackend(Registry<GraphBackend>& registry) {
  registry.Add("openvino", {"OpenVINO: all of ONNX and TFLite, f32 and bf16, quantised files in int8", Available, OpenByPlugin});
}

}  // namespace tradewind
