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

struct StagePlan {
  std::vector<std::string> order;  // outputs
  std::vector<size_t> stage_of;    // by node; as many as outputs: none needs it
};

Result<StagePlan> PlanStages(const OnnxModel& model) {
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
  return StagePlan{order, stage_of};
}

// The same graph, its nodes stage by stage, each still behind those whose outputs it takes.
OnnxModel StageByStage(const OnnxModel& model, const StagePlan& plan) {
  OnnxModel ordered = model;
  ordered.graph.nodes.clear();
  for (const OnnxNode& node : model.graph.nodes) {
    if (node.op_type == "Constant") ordered.graph.nodes.push_back(node);
  }
  for (size_t stage = 0; stage < plan.order.size(); ++stage) {
    for (size_t i = 0; i < plan.stage_of.size(); ++i) {
      if (plan.stage_of[i] == stage && model.graph.nodes[i].op_type != "Constant") ordered.graph.nodes.push_back(model.graph.nodes[i]);
    }
  }
  return ordered;
}

}  // namespace

Result<std::vector<GraphStage>> CutIntoStages(const OnnxModel& model) {
  TW_ASSIGN(const StagePlan plan, PlanStages(model));
  const OnnxGraph& graph = model.graph;
  const auto& [order, stage_of] = plan;
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
  TW_ASSIGN(const StagePlan plan, PlanStages(model));
  StagedGraph staged;
  staged.outputs_ = plan.order;
  OnnxModel ordered = StageByStage(model, plan);
  TW_ASSIGN(auto whole, OpenGraph({.path = model.source, .model = std::move(ordered)}, options));
  if (whole->inputs().size() != 1) return Fail(StatusCode::kUnsupported, model.source + ": a graph that runs in stages has one input");
  staged.input_ = whole->inputs()[0];
  if (whole->pauses()) {
    for (const std::string& output : plan.order) {
      const auto at = std::find_if(whole->outputs().begin(), whole->outputs().end(), [&](const GraphEdge& e) { return e.name == output; });
      staged.output_of_.push_back(static_cast<size_t>(at - whole->outputs().begin()));
    }
    staged.whole_ = std::move(whole);
    return staged;
  }
  TW_ASSIGN(std::vector<GraphStage> stages, CutIntoStages(model));
  for (GraphStage& stage : stages) {
    std::vector<std::string>& makes = staged.makes_.emplace_back();
    for (const OnnxValue& output : stage.model.graph.outputs) makes.push_back(output.name);
    TW_ASSIGN(auto runner, OpenGraph({.path = stage.model.source, .model = std::move(stage.model)}, options));
    staged.runners_.push_back(std::move(runner));
  }
  return staged;
}

int64_t StagedGraph::memory_bytes() const {
  int64_t bytes = whole_ ? whole_->memory_bytes() : 0;
  for (const auto& runner : runners_) bytes += runner->memory_bytes();
  return bytes;
}

Result<void> StagedGraph::Begin(Tensor input) {
  next_ = 0;
  if (whole_) return whole_->Begin({&input, 1});
  values_.clear();
  values_[input_.name] = std::move(input);
  return {};
}

Result<Tensor> StagedGraph::Step() {
  if (whole_) return whole_->RunTo(output_of_[next_++]);
  GraphRunner& runner = *runners_[next_];
  std::vector<Tensor> inputs;
  for (const GraphEdge& edge : runner.inputs()) {
    const auto value = values_.find(edge.name);
    if (value == values_.end()) return Fail(StatusCode::kInternal, "no stage made the value '" + edge.name + "'");
    inputs.push_back(value->second);
  }
  TW_ASSIGN(std::vector<Tensor> given, runner.Run(inputs));
  for (size_t i = 0; i < given.size(); ++i) values_[makes_[next_][i]] = std::move(given[i]);
  return values_[outputs_[next_++]];
}

}  // namespace tradewind
