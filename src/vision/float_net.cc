// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/float_net.h"

#include "base/file.h"
#include "graph/backend.h"
#include "graph/surgery.h"
#include "graph/tflite_to_onnx.h"

namespace tradewind {
namespace {

// A quantised file takes bytes as they are; its twin takes what they stand for.
void TakeBytesAsReals(const TfliteModel& model, PictureInput& input) {
  const TfliteGraph& graph = model.graphs[0];
  if (graph.inputs.empty()) return;
  const TfliteTensor& tensor = graph.tensors[static_cast<size_t>(graph.inputs[0])];
  const TfliteQuantization& q = tensor.quantization;
  if (q.scale.size() != 1 || q.zero_point.size() != 1) return;
  const float zero = static_cast<float>(q.zero_point[0]) + (tensor.type == TfliteType::kInt8 ? 128.0f : 0.0f);
  input.mean = {zero, zero, zero};
  input.deviation = {1 / q.scale[0], 1 / q.scale[0], 1 / q.scale[0]};
}

}  // namespace

Result<void> WriteNet(const OnnxModel& model, const ModelCard& card, const std::string& path) {
  TW_ASSIGN(const std::vector<std::byte> bytes, WriteOnnx(model));
  TW_RETURN_IF_ERROR(WriteFileAtomically(path + ".card.yaml", CardText(card)));
  return WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<FloatNet> ReadFloatNet(const std::string& path, const std::string& card) {
  FloatNet net;
  TW_ASSIGN(GraphSource source, ReadGraph(path));
  TW_ASSIGN(net.card, FindCard(path, card));
  if (const auto* tflite = std::get_if<TfliteModel>(&source.model)) {
    TW_ASSIGN(net.model, TfliteToOnnx(*tflite));
    TakeBytesAsReals(*tflite, net.card.input);
  } else {
    net.model = std::move(std::get<OnnxModel>(source.model));
  }
  RemoveWeightsFromInputs(net.model);
  TW_RETURN_IF_ERROR(FoldBatchNorms(net.model));
  TW_RETURN_IF_ERROR(DescribeValues(net.model));
  return net;
}

}  // namespace tradewind
