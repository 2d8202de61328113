// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/stages.h"

#include <algorithm>
#include <set>

#include "graph/onnx_walk.h"
#include "graph/surgery.h"

namespace tradewind {
namespace {

// Outputs by how many nodes they need, fewest first.
std::vector<std::string> InOrder(const OnnxGraph& graph) {
  std::vector<std::pair<int64_t, std::string>> counted;
  for (const OnnxValue& output : graph.outputs) {
    const std::vector<bool> needed = NeededFor(graph, {output.name});
    counted.emplace_back(std::count(needed.begin(), needed.end(), true), output.name);
  }
  std::stable_sort(counted.begin(), counted.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<std::string> names;
  for (auto& [count, name] : counted) names.push_back(std::move(name));
  return names;
}

// Weights and constants, which go with whoever reads them.
std::set<std::string> ConstantsOf(const OnnxGraph& graph) {
  std::set<std::string> names;
  for (const OnnxTensor& t : graph.initializers) names.insert(t.name);
  for (const OnnxNode& node : graph.nodes) {
    if (node.op_type == "Constant") names.insert(node.outputs.begin(), node.outputs.end());
  }
  return names;
}

// Values that each stage reads and does not make.
std::vector<std::set<std::string>> ReadFromOutside(const OnnxGraph& graph, const std::vector<size_t>& stage_of, size_t stages) {
  const std::set<std::string> constants = ConstantsOf(graph);
  const auto makers = MakersOf(graph);
  std::vector<std::set<std::string>> read(stages);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (stage_of[i] == stages) continue;  // no output needs it
    for (const std::string& value : graph.nodes[i].inputs) {
      if (value.empty() || constants.contains(value)) continue;
      const auto maker = makers.find(value);
      if (maker == makers.end() || stage_of[maker->second] != stage_of[i]) read[stage_of[i]].insert(value);
    }
  }
  return read;
}

}  // namespace

Result<std::vector<GraphStage>> CutIntoStages(const OnnxModel& model) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  const OnnxGraph& graph = model.graph;
  const std::vector<std::string> order = InOrder(graph);
  std::vector<size_t> stage_of(graph.nodes.size(), order.size());
  for (size_t stage = 0; stage < order.size(); ++stage) {
    const std::vector<bool> needed = NeededFor(graph, {order[stage]});
    bool any = false;
    for (size_t i = 0; i < needed.size(); ++i) {
      if (!needed[i] || stage_of[i] < order.size()) continue;
      stage_of[i] = stage;
      any = true;
    }
    if (!any)
      return Fail(Status(StatusCode::kUnsupported, model.source + ": an earlier output needs all that this one does; it is no stage")
                      .At("output '" + order[stage] + "'"));
  }
  const auto read = ReadFromOutside(graph, stage_of, order.size());
  std::vector<GraphStage> stages;
  for (size_t stage = 0; stage < order.size(); ++stage) {
    GraphStage& cut = stages.emplace_back(GraphStage{model, order[stage]});
    OnnxGraph& part = cut.model.graph;
    cut.model.source += " (stage " + std::to_string(stage) + ")";
    part.nodes.clear();
    std::set<std::string> made;
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      if (stage_of[i] != stage && graph.nodes[i].op_type != "Constant") continue;
      part.nodes.push_back(graph.nodes[i]);
      made.insert(graph.nodes[i].outputs.begin(), graph.nodes[i].outputs.end());
    }
    part.inputs.clear();
    for (const std::string& value : read[stage]) part.inputs.push_back(DescriptionOf(graph, value));
    part.outputs = {DescriptionOf(graph, order[stage])};
    std::set<std::string> handed_on;
    for (size_t later = stage + 1; later < order.size(); ++later) {
      for (const std::string& value : read[later]) {
        if (made.contains(value) && value != order[stage] && handed_on.insert(value).second)
          part.outputs.push_back(DescriptionOf(graph, value));
      }
    }
    TW_RETURN_IF_ERROR(RemoveUnused(cut.model));  // constants of other stages
    TW_RETURN_IF_ERROR(CheckOnnx(cut.model));
  }
  return stages;
}

Result<StagedGraph> StagedGraph::Open(const OnnxModel& model, const GraphOptions& options) {
  TW_ASSIGN(std::vector<GraphStage> stages, CutIntoStages(model));
  StagedGraph staged;
  for (GraphStage& stage : stages) {
    TW_ASSIGN(auto runner, OpenGraph({.path = stage.model.source, .model = std::move(stage.model)}, options));
    staged.runners_.push_back(std::move(runner));
    staged.outputs_.push_back(stage.output);
  }
  if (staged.runners_.empty() || staged.runners_[0]->inputs().size() != 1)
    return Fail(StatusCode::kUnsupported, model.source + ": a graph that runs in stages has one input");
  staged.input_ = staged.runners_[0]->inputs()[0];
  return staged;
}

int64_t StagedGraph::memory_bytes() const {
  int64_t bytes = 0;
  for (const auto& runner : runners_) bytes += runner->memory_bytes();
  return bytes;
}

void StagedGraph::Begin(Tensor input) {
  values_.clear();
  values_[input_.name] = std::move(input);
  next_ = 0;
}

Result<Tensor> StagedGraph::Step() {
  GraphRunner& runner = *runners_[next_];
  std::vector<Tensor> inputs;
  for (const GraphEdge& edge : runner.inputs()) {
    const auto value = values_.find(edge.name);
    if (value == values_.end()) return Fail(StatusCode::kInternal, "no stage made the value '" + edge.name + "'");
    inputs.push_back(value->second);
  }
  TW_ASSIGN(std::vector<Tensor> given, runner.Run(inputs));
  for (size_t i = 0; i < given.size(); ++i) values_[runner.outputs()[i].name] = std::move(given[i]);
  return values_[outputs_[next_++]];
}

}  // namespace tradewind
