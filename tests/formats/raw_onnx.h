// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ONNX messages built field by field, so that a test can tell any lie. The numbers are those of onnx.proto.
#pragma once

#include <string>
#include <vector>

#include "formats/protobuf.h"

namespace tradewind {

// A ValueInfoProto of floats.
inline ProtobufWriter RawValue(const std::string& name, const std::vector<int64_t>& shape = {1, 4}) {
  ProtobufWriter dims;
  for (const int64_t side : shape) {
    ProtobufWriter dim;
    dim.Varint(1, static_cast<uint64_t>(side));
    dims.Message(1, dim);
  }
  ProtobufWriter tensor;
  tensor.Varint(1, 1);
  tensor.Message(2, dims);
  ProtobufWriter type;
  type.Message(1, tensor);
  ProtobufWriter value;
  value.Text(1, name);
  value.Message(2, type);
  return value;
}

// A NodeProto without attributes.
inline ProtobufWriter RawNode(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                              const std::string& name = "") {
  ProtobufWriter node;
  for (const std::string& input : inputs) node.Text(1, input);
  for (const std::string& output : outputs) node.Text(2, output);
  if (!name.empty()) node.Text(3, name);
  node.Text(4, op);
  return node;
}

// A TensorProto of floats with raw data.
inline ProtobufWriter RawTensor(const std::string& name, const std::vector<int64_t>& dims, size_t bytes, uint64_t type = 1) {
  ProtobufWriter tensor;
  for (const int64_t dim : dims) tensor.Varint(1, static_cast<uint64_t>(dim));
  tensor.Varint(2, type);
  tensor.Text(8, name);
  tensor.Bytes(9, std::vector<std::byte>(bytes));
  return tensor;
}

// A ModelProto around a graph, of version 13 of the operators.
inline std::vector<std::byte> RawModel(const ProtobufWriter& graph) {
  ProtobufWriter opset;
  opset.Varint(2, 13);
  ProtobufWriter model;
  model.Varint(1, 8);
  model.Message(7, graph);
  model.Message(8, opset);
  return model.Take();
}

// x -> Relu -> y.
inline ProtobufWriter RawGraph() {
  ProtobufWriter graph;
  graph.Message(1, RawNode("Relu", {"x"}, {"y"}, "only"));
  graph.Message(11, RawValue("x"));
  graph.Message(12, RawValue("y"));
  return graph;
}

}  // namespace tradewind
