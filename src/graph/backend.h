// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GraphRunner: a graph ready to run. GraphBackend: who makes one of a file; `native` is always there, `openvino` is an optional part. Files
// are read and validated here first, so that a back end sees only what was found sound.
//
//   TW_ASSIGN(const GraphSource source, ReadGraph("net.onnx"));
//   TW_ASSIGN(const auto runner, OpenGraph(source, {.backend = "native", .threads = 2}));
//   TW_ASSIGN(const std::vector<Tensor> out, runner->Run({&image, 1}));
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/status.h"
#include "core/registry.h"
#include "formats/onnx.h"
#include "formats/tflite.h"
#include "graph/tensor.h"

namespace tradewind {

struct GraphSource {
  std::string path;
  std::variant<OnnxModel, TfliteModel> model{};
};
// An .onnx or .tflite file, told apart by what it begins with.
Result<GraphSource> ReadGraph(const std::string& path);
// Whether it holds whole numbers that stand for real ones.
bool IsQuantized(const GraphSource& source);
// Whether its batch, the first side of its first input, is left open.
bool HasOpenBatch(const OnnxModel& model);

struct GraphOptions {
  std::string backend = "native";
  int threads = 1;
  int64_t batch = 1;              // where the file leaves it open
  int64_t resolution = 0;         // sides of the pictures that go in; 0: the file's
  std::string precision = "f32";  // of arithmetic: f32, bf16, or int8 where the file is quantised
  int64_t steps = 32;             // of a spiking net (spiking.h) that is run as a whole
};

class SpikingNet;

// One caller at a time.
class GraphRunner {
 public:
  virtual ~GraphRunner() = default;
  virtual const std::vector<GraphEdge>& inputs() const = 0;
  virtual const std::vector<GraphEdge>& outputs() const = 0;
  virtual int64_t memory_bytes() const = 0;  // held; 0 where the back end does not say
  // kInvalidInput names an input whose type or shape is another.
  virtual Result<std::vector<Tensor>> Run(std::span<const Tensor> inputs) = 0;

  // A run in pieces, where `pauses`: Begin, then RunTo outputs in the order in which the graph's nodes make them, as far as is wanted.
  virtual bool pauses() const { return false; }
  virtual Result<void> Begin(std::span<const Tensor>) { return Fail(StatusCode::kUnsupported, "this back end runs graphs in one piece"); }
  virtual Result<Tensor> RunTo(size_t) { return Fail(StatusCode::kUnsupported, "this back end runs graphs in one piece"); }
  // The net step by step, where it is a spiking one; else nullptr.
  virtual SpikingNet* spiking() { return nullptr; }
};

struct GraphBackend {
  std::string summary;
  // Why it is not there, and how to get it.
  std::function<Result<void>()> available;
  std::function<Result<std::unique_ptr<GraphRunner>>(const GraphSource&, const GraphOptions&)> open;
};
const Registry<GraphBackend>& GraphBackends();
// kNotFound for an unknown back end; kUnsupported for one that is not installed, or that cannot run this graph.
Result<std::unique_ptr<GraphRunner>> OpenGraph(const GraphSource& source, const GraphOptions& options);

// What a graph gave, as singles: quantised numbers as what the file says they stand for.
std::vector<Tensor> OutputsAsSingles(const GraphSource& source, std::span<const Tensor> outputs);

}  // namespace tradewind
