// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/backend.h"

#include <algorithm>
#include <cstring>

#include "base/file.h"
#include "graph/surgery.h"

namespace tradewind {

void RegisterAllBackends(Registry<GraphBackend>& registry);  // generated

const Registry<GraphBackend>& GraphBackends() {
  static const Registry<GraphBackend> registry = [] {
    Registry<GraphBackend> filled;
    RegisterAllBackends(filled);
    return filled;
  }();
  return registry;
}

Result<GraphSource> ReadGraph(const std::string& path) {
  bool tflite = false;
  {
    TW_ASSIGN(const MappedFile file, MappedFile::Open(path));
    tflite = file.bytes().size() >= 8 && std::memcmp(file.bytes().data() + 4, "TFL3", 4) == 0;
  }
  GraphSource source{.path = path};
  if (tflite) {
    TW_ASSIGN(source.model, ReadTflite(path));
  } else {
    TW_ASSIGN(source.model, ReadOnnx(path));
  }
  return source;
}

bool IsQuantized(const GraphSource& source) {
  if (const auto* onnx = std::get_if<OnnxModel>(&source.model)) {
    return std::any_of(onnx->graph.nodes.begin(), onnx->graph.nodes.end(),
                       [](const OnnxNode& n) { return n.op_type == "DequantizeLinear"; });
  }
  const TfliteGraph& graph = std::get<TfliteModel>(source.model).graphs[0];
  return std::any_of(graph.tensors.begin(), graph.tensors.end(), [](const TfliteTensor& t) {
    return (t.type == TfliteType::kInt8 || t.type == TfliteType::kUint8) && !t.quantization.scale.empty();
  });
}

bool HasOpenBatch(const OnnxModel& model) {
  if (model.graph.inputs.empty()) return false;
  const auto& shape = model.graph.inputs[0].shape;
  return shape && !shape->empty() && !shape->front().value;
}

namespace {

// real = scale * (q - zero_point).
template <typename T>
void Widen(const Tensor& tensor, float scale, int64_t zero_point, std::span<float> out) {
  const std::span<const T> from = tensor.Values<T>();
  for (size_t i = 0; i < from.size(); ++i) out[i] = scale * static_cast<float>(static_cast<int64_t>(from[i]) - zero_point);
}

}  // namespace

std::vector<Tensor> OutputsAsSingles(const GraphSource& source, std::span<const Tensor> outputs) {
  const auto* tflite = std::get_if<TfliteModel>(&source.model);
  std::vector<Tensor> singles;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const Tensor& tensor = outputs[i];
    Tensor& single = singles.emplace_back(Tensor::Of<float>(tensor.shape));
    float scale = 1;
    int64_t zero_point = 0;
    if (tflite != nullptr && i < tflite->graphs[0].outputs.size()) {
      const TfliteQuantization& q = tflite->graphs[0].tensors[static_cast<size_t>(tflite->graphs[0].outputs[i])].quantization;
      if (q.scale.size() == 1) scale = q.scale[0];
      if (q.zero_point.size() == 1) zero_point = q.zero_point[0];
    }
    switch (tensor.type) {
      case ElementType::kFloat: single.data = tensor.data; break;
      case ElementType::kUint8: Widen<uint8_t>(tensor, scale, zero_point, single.Values<float>()); break;
      case ElementType::kInt8: Widen<int8_t>(tensor, scale, zero_point, single.Values<float>()); break;
      case ElementType::kInt32: Widen<int32_t>(tensor, scale, zero_point, single.Values<float>()); break;
      case ElementType::kInt64: Widen<int64_t>(tensor, scale, zero_point, single.Values<float>()); break;
    }
  }
  return singles;
}

Result<std::unique_ptr<GraphRunner>> OpenGraph(const GraphSource& source, const GraphOptions& options) {
  const GraphBackend* backend = GraphBackends().Find(options.backend);
  if (backend == nullptr) {
    std::string names;
    for (const auto& [name, info] : GraphBackends().All()) names += (names.empty() ? "" : ", ") + name;
    return Fail(StatusCode::kNotFound, "there is no back end '" + options.backend + "'; there are: " + names);
  }
  TW_RETURN_IF_ERROR(backend->available());
  if (options.precision == "int8" && !IsQuantized(source))
    return Fail(StatusCode::kUnsupported, source.path + ": it is of real numbers; `tradewind quantize` makes a twin of int8 (.onnx) of it");
  if (options.resolution == 0) return backend->open(source, options);
  const auto* onnx = std::get_if<OnnxModel>(&source.model);
  if (onnx == nullptr)
    return Fail(StatusCode::kUnsupported, source.path + ": the resolution of a TFLite file cannot be changed; take an ONNX file");
  GraphSource other{.path = source.path, .model = *onnx};
  TW_RETURN_IF_ERROR(SetResolution(std::get<OnnxModel>(other.model), options.resolution, options.resolution));
  return backend->open(other, options);
}

}  // namespace tradewind
