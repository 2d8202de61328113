// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_model.h"

#include <algorithm>
#include <set>

#include "graph/backend.h"
#include "graph/surgery.h"
#include "graph/tflite_to_onnx.h"

namespace tradewind {
namespace {

constexpr std::string_view kExit = "exit.";
constexpr std::string_view kBottleneckKey = "split.bottleneck";

bool IsExit(const OnnxValue& output) {
  return output.name.starts_with(kExit);
}

// What the bytes of a quantised file stand for: its float twin takes these numbers.
void TakeBytesAsReals(const TfliteModel& model, PictureInput& input) {
  const TfliteGraph& graph = model.graphs[0];
  if (graph.inputs.empty()) return;
  const TfliteTensor& tensor = graph.tensors[static_cast<size_t>(graph.inputs[0])];
  const TfliteQuantization& q = tensor.quantization;
  if (q.scale.size() != 1 || q.zero_point.size() != 1) return;
  const float zero = static_cast<float>(q.zero_point[0]) + (tensor.type == TfliteType::kInt8 ? 128 : 0);
  input.mean = {zero, zero, zero};
  input.deviation = {1 / q.scale[0], 1 / q.scale[0], 1 / q.scale[0]};
}

// The graph with these outputs, and what they need.
Result<OnnxModel> OnlyFor(const OnnxModel& model, std::vector<OnnxValue> outputs) {
  OnnxModel part = model;
  part.graph.outputs = std::move(outputs);
  TW_ASSIGN(const int64_t removed, RemoveUnused(part));
  (void)removed;
  return part;
}

// What lies at these edges, by whichever back end takes the graph.
Result<std::vector<GraphEdge>> EdgesAt(OnnxModel model, const std::vector<std::string>& edges) {
  model.graph.outputs.clear();
  for (const std::string& edge : edges) model.graph.outputs.push_back({.name = edge, .type = OnnxType::kFloat});
  if (edges.empty()) return std::vector<GraphEdge>{};
  const GraphSource source{.path = model.source, .model = std::move(model)};
  auto runner = OpenGraph(source, {});
  if (!runner && GraphBackends().Find("openvino") != nullptr) {
    if (auto other = OpenGraph(source, {.backend = "openvino"})) runner = std::move(other);
  }
  if (!runner) return Fail(runner.error());
  return (*runner)->outputs();
}

// Leaves the edges that are pictures, and writes down their shapes, so that a tail says what goes into it.
Result<void> KeepPictures(const OnnxModel& plain, SplitModel& model) {
  TW_ASSIGN(const std::vector<GraphEdge> edges, EdgesAt(plain, model.cuts));
  OnnxGraph& graph = model.graph.graph;
  model.cuts.clear();
  for (const GraphEdge& edge : edges) {
    const bool known = std::all_of(edge.shape.begin(), edge.shape.end(), [](int64_t dim) { return dim > 0; });
    if (edge.type != ElementType::kFloat || edge.shape.size() != 4 || !known) continue;
    model.cuts.push_back(edge.name);
    std::erase_if(graph.values, [&](const OnnxValue& v) { return v.name == edge.name; });
    OnnxValue& value = graph.values.emplace_back(OnnxValue{.name = edge.name, .type = OnnxType::kFloat});
    value.shape.emplace();
    for (const int64_t dim : edge.shape) value.shape->push_back({.value = dim});
  }
  return {};
}

std::set<std::string> NodesOf(const OnnxModel& model) {
  std::set<std::string> names;
  for (const OnnxNode& node : model.graph.nodes) names.insert(node.outputs.begin(), node.outputs.end());
  return names;
}

}  // namespace

Result<SplitModel> ReadSplitModel(const std::string& path, const std::string& card_given) {
  TW_ASSIGN(ModelCard card, FindCard(path, card_given));
  TW_ASSIGN(GraphSource source, ReadGraph(path));
  if (auto* onnx = std::get_if<OnnxModel>(&source.model)) return MakeSplitModel(std::move(*onnx), std::move(card));
  const auto& tflite = std::get<TfliteModel>(source.model);
  TakeBytesAsReals(tflite, card.input);
  TW_ASSIGN(OnnxModel twin, TfliteToOnnx(tflite));
  return MakeSplitModel(std::move(twin), std::move(card));
}

Result<SplitModel> MakeSplitModel(OnnxModel graph, ModelCard card) {
  if (card.task != "classify") {
    return Fail(StatusCode::kUnsupported,
                graph.source + ": what is split is a classifier, and the card " + card.name + " is for the task " + card.task);
  }
  RemoveWeightsFromInputs(graph);
  TW_RETURN_IF_ERROR(FoldBatchNorms(graph));
  TW_ASSIGN(const OnnxModel plain, WithoutExits(graph));
  if (plain.graph.inputs.size() != 1 || plain.graph.outputs.size() != 1)
    return Fail(StatusCode::kUnsupported, graph.source + ": what is split has one input, and one output besides its early exits");
  SplitModel model{.graph = std::move(graph), .card = std::move(card)};
  TW_ASSIGN(model.cuts, CutPoints(plain));
  TW_RETURN_IF_ERROR(KeepPictures(plain, model));
  for (const auto& [key, value] : model.graph.metadata) {
    if (key != kBottleneckKey) continue;
    if (std::find(model.cuts.begin(), model.cuts.end(), value) == model.cuts.end())
      return Fail(Status(StatusCode::kInvalidInput, model.graph.source + ": its bottleneck '" + value + "' is no edge where it can be cut")
                      .At("metadata '" + key + "'"));
    model.bottleneck = value;
  }
  return model;
}

Result<OnnxModel> WithoutExits(const OnnxModel& model) {
  std::vector<OnnxValue> outputs = model.graph.outputs;
  if (std::erase_if(outputs, IsExit) == 0) return model;
  return OnlyFor(model, std::move(outputs));
}

Result<SplitGraph> SplitAt(const OnnxModel& model, const std::string& cut) {
  TW_ASSIGN(const OnnxModel plain, WithoutExits(model));
  TW_ASSIGN(GraphCut parts, CutGraph(plain, cut));
  if (parts.crossing.size() != 1 || parts.tail.graph.inputs.size() != 1)
    return Fail(Status(StatusCode::kInvalidInput, model.source + ": more than one value crosses the cut").At("value '" + cut + "'"));
  SplitGraph split{.head = parts.head, .tail = std::move(parts.tail)};
  const std::set<std::string> whole = NodesOf(plain), in_head = NodesOf(parts.head);
  size_t deepest = 0;
  for (const OnnxValue& output : model.graph.outputs) {
    if (!IsExit(output)) continue;
    TW_ASSIGN(const OnnxModel exit, OnlyFor(model, {output}));
    size_t shared = 0;
    bool fits = true;
    for (const std::string& node : NodesOf(exit)) {
      shared += whole.contains(node) ? 1 : 0;
      fits = fits && (!whole.contains(node) || in_head.contains(node));
    }
    if (!fits || (shared <= deepest && !split.exit.empty())) continue;
    deepest = shared;
    split.exit = output.name;
    TW_ASSIGN(split.head, OnlyFor(model, {parts.head.graph.outputs[0], output}));
  }
  return split;
}

}  // namespace tradewind
