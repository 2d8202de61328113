// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/backend.h"
#include "graph/native/executor.h"
#include "graph/native/from_onnx.h"
#include "graph/native/from_tflite.h"

namespace tradewind {
namespace {

class NativeRunner : public GraphRunner {
 public:
  explicit NativeRunner(std::unique_ptr<NativeExecutor> executor) : executor_(std::move(executor)) {
    for (const NativeEdge& e : executor_->net().inputs) inputs_.push_back(e.edge);
    for (const NativeEdge& e : executor_->net().outputs) outputs_.push_back(e.edge);
  }
  const std::vector<GraphEdge>& inputs() const override { return inputs_; }
  const std::vector<GraphEdge>& outputs() const override { return outputs_; }
  int64_t memory_bytes() const override { return executor_->memory_bytes(); }
  Result<std::vector<Tensor>> Run(std::span<const Tensor> inputs) override { return executor_->Run(inputs); }

 private:
  std::unique_ptr<NativeExecutor> executor_;
  std::vector<GraphEdge> inputs_;
  std::vector<GraphEdge> outputs_;
};

Result<std::unique_ptr<GraphRunner>> OpenNative(const GraphSource& source, const GraphOptions& options) {
  if (options.precision != "f32" && options.precision != "int8")
    return Fail(
        StatusCode::kUnsupported,
        "the native executor computes with f32, or with int8 what a file has quantised; set backend=openvino for " + options.precision);
  const auto* onnx = std::get_if<OnnxModel>(&source.model);
  TW_ASSIGN(NativeNet net,
            onnx != nullptr ? NativeFromOnnx(*onnx, {.batch = options.batch}) : NativeFromTflite(std::get<TfliteModel>(source.model)));
  TW_ASSIGN(const Isa isa, SelectIsa());
  TW_ASSIGN(auto executor, NativeExecutor::Make(std::move(net), isa, options.threads));
  return std::make_unique<NativeRunner>(std::move(executor));
}

}  // namespace

void RegisterNativeBackend(Registry<GraphBackend>& registry) {
  registry.Add("native", {"our own executor: convolutional nets in f32, quantised TFLite in whole numbers", [] { return Result<void>(); },
                          OpenNative});
}

}  // namespace tradewind
