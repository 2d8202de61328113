// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Structs to ONNX messages. Depth is that of subgraphs, which reading has bounded.
#include <bit>

#include "formats/onnx.h"
#include "formats/protobuf.h"

namespace tradewind {
namespace {

ProtobufWriter GraphMessage(const OnnxGraph& graph);

ProtobufWriter TensorMessage(const OnnxTensor& tensor) {
  ProtobufWriter out;
  for (const int64_t dim : tensor.dims) out.Varint(1, static_cast<uint64_t>(dim));
  out.Varint(2, static_cast<uint64_t>(tensor.type));
  for (const std::string& text : tensor.strings) out.Text(6, text);
  if (!tensor.name.empty()) out.Text(8, tensor.name);
  if (tensor.type != OnnxType::kString) out.Bytes(9, tensor.data);
  return out;
}

struct AttributeWriter {
  ProtobufWriter& out;
  void Type(uint64_t type) const { out.Varint(20, type); }
  void operator()(float value) const {
    out.Float(2, value);
    Type(1);
  }
  void operator()(int64_t value) const {
    out.Varint(3, static_cast<uint64_t>(value));
    Type(2);
  }
  void operator()(const std::string& value) const {
    out.Text(4, value);
    Type(3);
  }
  void operator()(const OnnxTensor& value) const {
    out.Message(5, TensorMessage(value));
    Type(4);
  }
  void operator()(const std::shared_ptr<const OnnxGraph>& value) const {
    out.Message(6, GraphMessage(*value));
    Type(5);
  }
  void operator()(const std::vector<float>& values) const {
    for (const float value : values) out.Float(7, value);
    Type(6);
  }
  void operator()(const std::vector<int64_t>& values) const {
    for (const int64_t value : values) out.Varint(8, static_cast<uint64_t>(value));
    Type(7);
  }
  void operator()(const std::vector<std::string>& values) const {
    for (const std::string& value : values) out.Text(9, value);
    Type(8);
  }
};

ProtobufWriter NodeMessage(const OnnxNode& node) {
  ProtobufWriter out;
  for (const std::string& input : node.inputs) out.Text(1, input);
  for (const std::string& output : node.outputs) out.Text(2, output);
  if (!node.name.empty()) out.Text(3, node.name);
  out.Text(4, node.op_type);
  for (const OnnxAttribute& attribute : node.attributes) {
    ProtobufWriter message;
    message.Text(1, attribute.name);
    std::visit(AttributeWriter{message}, attribute.value);
    out.Message(5, message);
  }
  if (!node.domain.empty()) out.Text(7, node.domain);
  return out;
}

ProtobufWriter ValueMessage(const OnnxValue& value) {
  ProtobufWriter out;
  out.Text(1, value.name);
  if (value.type == OnnxType::kUndefined) return out;
  ProtobufWriter tensor;
  tensor.Varint(1, static_cast<uint64_t>(value.type));
  if (value.shape) {
    ProtobufWriter shape;
    for (const OnnxDimension& dimension : *value.shape) {
      ProtobufWriter dim;
      if (dimension.value) dim.Varint(1, static_cast<uint64_t>(*dimension.value));
      if (!dimension.value && !dimension.name.empty()) dim.Text(2, dimension.name);
      shape.Message(1, dim);
    }
    tensor.Message(2, shape);
  }
  ProtobufWriter type;
  type.Message(1, tensor);
  out.Message(2, type);
  return out;
}

ProtobufWriter GraphMessage(const OnnxGraph& graph) {
  ProtobufWriter out;
  for (const OnnxNode& node : graph.nodes) out.Message(1, NodeMessage(node));
  out.Text(2, graph.name.empty() ? "graph" : graph.name);
  for (const OnnxTensor& tensor : graph.initializers) out.Message(5, TensorMessage(tensor));
  for (const OnnxValue& value : graph.inputs) out.Message(11, ValueMessage(value));
  for (const OnnxValue& value : graph.outputs) out.Message(12, ValueMessage(value));
  for (const OnnxValue& value : graph.values) out.Message(13, ValueMessage(value));
  return out;
}

uint64_t WeightBytes(const OnnxGraph& graph) {
  uint64_t bytes = 0;
  for (const OnnxTensor& tensor : graph.initializers) bytes += tensor.data.size();
  return bytes;
}

}  // namespace

Result<std::vector<std::byte>> WriteOnnx(const OnnxModel& model) {
  const auto too_large = [&] {
    return Fail(StatusCode::kUnsupported, model.source + ": a model of over 2 GiB does not go into one ONNX file");
  };
  if (WeightBytes(model.graph) > OnnxLimits::kFileBytes) return too_large();
  OnnxModel checked = model;
  TW_RETURN_IF_ERROR(CheckOnnx(checked));
  ProtobufWriter out;
  out.Varint(1, static_cast<uint64_t>(checked.ir_version));
  if (!checked.producer.empty()) out.Text(2, checked.producer);
  out.Message(7, GraphMessage(checked.graph));
  for (const OnnxOpset& opset : checked.opsets) {
    ProtobufWriter message;
    if (!opset.domain.empty()) message.Text(1, opset.domain);
    message.Varint(2, static_cast<uint64_t>(opset.version));
    out.Message(8, message);
  }
  for (const auto& [key, value] : checked.metadata) {
    ProtobufWriter entry;
    entry.Text(1, key);
    entry.Text(2, value);
    out.Message(14, entry);
  }
  if (out.bytes().size() > OnnxLimits::kFileBytes) return too_large();
  return out.Take();
}

}  // namespace tradewind
