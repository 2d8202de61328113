// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Built as a library of its own where OpenVINO is found (cmake/OpenVino.cmake). Its exceptions end here.
#include "graph/openvino/plugin.h"

#include <openvino/openvino.hpp>

namespace tradewind {
namespace {

Result<ElementType> ElementFrom(const ov::element::Type& type, const std::string& name) {
  if (type == ov::element::f32) return ElementType::kFloat;
  if (type == ov::element::u8) return ElementType::kUint8;
  if (type == ov::element::i8) return ElementType::kInt8;
  if (type == ov::element::i32) return ElementType::kInt32;
  if (type == ov::element::i64) return ElementType::kInt64;
  return Fail(StatusCode::kUnsupported, "'" + name + "' is of type " + type.get_type_name() + ", which does not go in or out here");
}

Result<GraphEdge> EdgeOf(const ov::Output<const ov::Node>& port) {
  GraphEdge edge{.name = port.get_names().empty() ? port.get_node()->get_friendly_name() : port.get_any_name()};
  TW_ASSIGN(edge.type, ElementFrom(port.get_element_type(), edge.name));
  for (const ov::Dimension& d : port.get_partial_shape()) edge.shape.push_back(d.is_static() ? d.get_length() : -1);
  return edge;
}

bool Fits(const std::vector<int64_t>& want, const std::vector<int64_t>& have) {
  if (want.size() != have.size()) return false;
  for (size_t i = 0; i < want.size(); ++i) {
    if (want[i] >= 0 && want[i] != have[i]) return false;
  }
  return true;
}

class OpenVinoRunner : public GraphRunner {
 public:
  OpenVinoRunner(ov::CompiledModel model, std::vector<GraphEdge> inputs, std::vector<GraphEdge> outputs)
      : model_(std::move(model)), request_(model_.create_infer_request()), inputs_(std::move(inputs)), outputs_(std::move(outputs)) {}
  const std::vector<GraphEdge>& inputs() const override { return inputs_; }
  const std::vector<GraphEdge>& outputs() const override { return outputs_; }
  int64_t memory_bytes() const override { return 0; }

  Result<std::vector<Tensor>> Run(std::span<const Tensor> inputs) override {
    if (inputs.size() != inputs_.size())
      return Fail(StatusCode::kInvalidInput,
                  "the graph takes " + std::to_string(inputs_.size()) + " inputs, not " + std::to_string(inputs.size()));
    try {
      for (size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i].type != inputs_[i].type || !Fits(inputs_[i].shape, inputs[i].shape)) {
          return Fail(StatusCode::kInvalidInput, "input '" + inputs_[i].name + "' is " + std::string(ElementName(inputs_[i].type)) + " " +
                                                     ShapeText(inputs_[i].shape) + ", not " + std::string(ElementName(inputs[i].type)) +
                                                     " " + ShapeText(inputs[i].shape));
        }
        const ov::Shape shape(inputs[i].shape.begin(), inputs[i].shape.end());
        request_.set_input_tensor(i, ov::Tensor(model_.input(i).get_element_type(), shape, const_cast<std::byte*>(inputs[i].data.data())));
      }
      request_.infer();
      std::vector<Tensor> outputs;
      for (size_t i = 0; i < outputs_.size(); ++i) {
        const ov::Tensor from = request_.get_output_tensor(i);
        Tensor tensor{.type = outputs_[i].type, .shape = {from.get_shape().begin(), from.get_shape().end()}};
        const auto* begin = static_cast<const std::byte*>(from.data());
        tensor.data.assign(begin, begin + from.get_byte_size());
        outputs.push_back(std::move(tensor));
      }
      return outputs;
    } catch (const std::exception& error) {
      return Fail(StatusCode::kInternal, std::string("OpenVINO failed at run time: ") + error.what());
    }
  }

 private:
  ov::CompiledModel model_;
  ov::InferRequest request_;
  std::vector<GraphEdge> inputs_;
  std::vector<GraphEdge> outputs_;
};

// Fixes the batch where the model leaves it open.
void FixBatch(ov::Model& model, int64_t batch) {
  std::map<ov::Output<ov::Node>, ov::PartialShape> shapes;
  bool open = false;
  for (const ov::Output<ov::Node>& input : model.inputs()) {
    ov::PartialShape shape = input.get_partial_shape();
    if (shape.rank().is_static() && shape.size() > 0 && shape[0].is_dynamic()) {
      shape[0] = batch;
      open = true;
    }
    shapes[input] = shape;
  }
  if (open) model.reshape(shapes);
}

Result<std::unique_ptr<GraphRunner>> Open(const OpenVinoGraph& graph, const GraphOptions& options) {
  static ov::Core core;
  try {
    const std::string onnx(reinterpret_cast<const char*>(graph.onnx.data()), graph.onnx.size());
    const std::shared_ptr<ov::Model> model = graph.onnx.empty() ? core.read_model(graph.tflite_path) : core.read_model(onnx, ov::Tensor());
    FixBatch(*model, options.batch);
    const ov::AnyMap config = {ov::inference_num_threads(options.threads), ov::num_streams(1),
                               ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY),
                               ov::hint::inference_precision(options.precision == "bf16" ? ov::element::bf16 : ov::element::f32),
                               ov::hint::enable_cpu_pinning(false)};
    ov::CompiledModel compiled = core.compile_model(model, "CPU", config);
    std::vector<GraphEdge> inputs, outputs;
    for (const auto& port : compiled.inputs()) {
      TW_ASSIGN(GraphEdge edge, EdgeOf(port));
      inputs.push_back(std::move(edge));
    }
    for (const auto& port : compiled.outputs()) {
      TW_ASSIGN(GraphEdge edge, EdgeOf(port));
      outputs.push_back(std::move(edge));
    }
    return std::make_unique<OpenVinoRunner>(std::move(compiled), std::move(inputs), std::move(outputs));
  } catch (const std::exception& error) {
    return Fail(StatusCode::kUnsupported, std::string("OpenVINO does not take this graph: ") + error.what());
  }
}

}  // namespace

extern "C" [[gnu::visibility("default")]] void TradewindOpenVinoOpen(const OpenVinoGraph& graph, const GraphOptions& options,
                                                                     Result<std::unique_ptr<GraphRunner>>* out) {
  *out = Open(graph, options);
}

}  // namespace tradewind
