// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Finds the library that is linked to OpenVINO (graph/openvino/plugin.h) beside the program, when it is first needed.
#include <dlfcn.h>

#include <filesystem>

#include "graph/backend.h"
#include "graph/openvino/plugin.h"

namespace tradewind {
namespace {

struct Plugin {
  OpenVinoOpen* open = nullptr;
  std::string why{};  // it is not there
};

// Beside the program, or in the lib folder beside its own.
std::vector<std::filesystem::path> PluginPlaces() {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  return {folder / kOpenVinoPluginFile, folder.parent_path() / "lib" / kOpenVinoPluginFile};
}

Plugin Load() {
  for (const std::filesystem::path& place : PluginPlaces()) {
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return {.why = "OpenVINO cannot be loaded: " + std::string(dlerror())};
    void* open = dlsym(library, kOpenVinoOpenName);
    if (open == nullptr) return {.why = place.string() + " is of another version; build Tradewind again"};
    return {.open = reinterpret_cast<OpenVinoOpen*>(open)};
  }
  return {.why = "Tradewind was built without OpenVINO"};
}

const Plugin& ThePlugin() {
  static const Plugin plugin = Load();
  return plugin;
}

Result<void> Available() {
  if (ThePlugin().open != nullptr) return {};
  return Fail(StatusCode::kUnsupported, ThePlugin().why + "; scripts/openvino.sh installs it (180 MB), then build again");
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
  ThePlugin().open(graph, options, &runner);
  if (!runner) return Fail(Status(runner.error().code(), source.path + ": " + runner.error().message()));
  return runner;
}

}  // namespace

void RegisterOpenvinoBackend(Registry<GraphBackend>& registry) {
  registry.Add("openvino", {"OpenVINO: all of ONNX and TFLite, f32 and bf16, quantised files in int8", Available, OpenByPlugin});
}

}  // namespace tradewind
