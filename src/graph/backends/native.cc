// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/backend.h"
#include "graph/native/executor.h"
#include "graph/native/from_onnx.h"
#include "graph/native/from_tflite.h"
#include "graph/spiking.h"

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
  bool pauses() const override { return true; }
  Result<void> Begin(std::span<const Tensor> inputs) override { return executor_->Begin(inputs); }
  Result<Tensor> RunTo(size_t output) override { return executor_->RunTo(output); }

 private:
  std::unique_ptr<NativeExecutor> executor_;
  std::vector<GraphEdge> inputs_;
  std::vector<GraphEdge> outputs_;
};

class SpikingRunner : public GraphRunner {
 public:
  SpikingRunner(std::unique_ptr<SpikingNet> net, int64_t steps) : net_(std::move(net)), steps_(steps) {
    for (const NativeEdge& e : net_->net().inputs) inputs_.push_back(e.edge);
    for (const NativeEdge& e : net_->net().outputs) outputs_.push_back(e.edge);
  }
  const std::vector<GraphEdge>& inputs() const override { return inputs_; }
  const std::vector<GraphEdge>& outputs() const override { return outputs_; }
  int64_t memory_bytes() const override { return net_->memory_bytes(); }
  Result<std::vector<Tensor>> Run(std::span<const Tensor> inputs) override {
    if (inputs.size() != 1) return Fail(StatusCode::kInvalidInput, "a spiking net takes one input, not " + std::to_string(inputs.size()));
    net_->Begin(inputs[0]);
    while (net_->steps() < steps_) TW_RETURN_IF_ERROR(net_->Step());
    return net_->outputs();
  }
  SpikingNet* spiking() override { return net_.get(); }

 private:
  std::unique_ptr<SpikingNet> net_;
  int64_t steps_;
  std::vector<GraphEdge> inputs_, outputs_;
};

Result<std::unique_ptr<GraphRunner>> OpenNative(const GraphSource& source, const GraphOptions& options) {
  if (options.precision != "f32" && options.precision != "int8")
    return Fail(
        StatusCode::kUnsupported,
        "the native executor computes with f32, or with int8 what a file has quantised; set backend=openvino for " + options.precision);
  const auto* onnx = std::get_if<OnnxModel>(&source.model);
  if (onnx != nullptr && IsSpiking(*onnx)) {
    if (options.steps < 1) return Fail(StatusCode::kInvalidInput, "a spiking net takes at least one step");
    TW_ASSIGN(std::unique_ptr<SpikingNet> net, SpikingNet::Open(*onnx, options.threads));
    return std::make_unique<SpikingRunner>(std::move(net), options.steps);
  }
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
