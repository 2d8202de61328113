// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_model.h"

#include <algorithm>
#include <set>

#include "graph/onnx_walk.h"
#include "graph/surgery.h"
#include "vision/float_net.h"

namespace tradewind {
namespace {

constexpr std::string_view kExit = "exit.";

bool IsExit(const OnnxValue& output) {
  return output.name.starts_with(kExit);
}

// The graph with these outputs, and what they need.
Result<OnnxModel> OnlyFor(const OnnxModel& model, std::vector<OnnxValue> outputs) {
  OnnxModel part = model;
  part.graph.outputs = std::move(outputs);
  TW_ASSIGN(const int64_t removed, RemoveUnused(part));
  (void)removed;
  return part;
}

// Leaves the cuts that are pictures of known sides.
void KeepPictures(SplitModel& model) {
  std::erase_if(model.cuts, [&](const std::string& cut) {
    const OnnxValue* value = Described(model.graph.graph, cut);
    return value == nullptr || !value->shape || value->shape->size() != 4 ||
           !std::all_of(value->shape->begin() + 1, value->shape->end(), [](const OnnxDimension& d) { return d.value && *d.value > 0; });
  });
}

std::set<std::string> NodesOf(const OnnxModel& model) {
  std::set<std::string> names;
  for (const OnnxNode& node : model.graph.nodes) names.insert(node.outputs.begin(), node.outputs.end());
  return names;
}

}  // namespace

Result<SplitModel> ReadSplitModel(const std::string& path, const std::string& card) {
  TW_ASSIGN(FloatNet net, ReadFloatNet(path, card));
  return MakeSplitModel(std::move(net.model), std::move(net.card));
}

Result<SplitModel> MakeSplitModel(OnnxModel graph, ModelCard card) {
  if (card.task != "classify") {
    return Fail(StatusCode::kUnsupported,
                graph.source + ": what is split is a classifier, and the card " + card.name + " is for the task " + card.task);
  }
  RemoveWeightsFromInputs(graph);
  TW_RETURN_IF_ERROR(FoldBatchNorms(graph));
  TW_RETURN_IF_ERROR(DescribeValues(graph));
  TW_ASSIGN(const OnnxModel plain, WithoutExits(graph));
  if (plain.graph.inputs.size() != 1 || plain.graph.outputs.size() != 1)
    return Fail(StatusCode::kUnsupported, graph.source + ": what is split has one input, and one output besides its early exits");
  SplitModel model{.graph = std::move(graph), .card = std::move(card)};
  TW_ASSIGN(model.cuts, CutPoints(plain));
  KeepPictures(model);
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
