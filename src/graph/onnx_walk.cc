// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/onnx_walk.h"

#include <algorithm>
#include <set>

namespace tradewind {

Result<void> CheckFlat(const OnnxModel& model) {
  for (const OnnxNode& node : model.graph.nodes) {
    for (const OnnxAttribute& a : node.attributes) {
      if (std::holds_alternative<std::shared_ptr<const OnnxGraph>>(a.value))
        return Fail(Status(StatusCode::kUnsupported, model.source + ": a graph with subgraphs is not taken apart")
                        .At("node '" + node.name + "' (" + node.op_type + ")"));
    }
  }
  return {};
}

std::map<std::string, size_t> MakersOf(const OnnxGraph& graph) {
  std::map<std::string, size_t> makers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& output : graph.nodes[i].outputs) {
      if (!output.empty()) makers[output] = i;
    }
  }
  return makers;
}

std::vector<bool> NeededFor(const OnnxGraph& graph, const std::vector<std::string>& wanted) {
  const auto makers = MakersOf(graph);
  std::vector<bool> needed(graph.nodes.size());
  std::vector<size_t> waiting;
  const auto want = [&](const std::string& value) {
    const auto maker = makers.find(value);
    if (maker == makers.end() || needed[maker->second]) return;
    needed[maker->second] = true;
    waiting.push_back(maker->second);
  };
  for (const std::string& value : wanted) want(value);
  while (!waiting.empty()) {
    const OnnxNode& node = graph.nodes[waiting.back()];
    waiting.pop_back();
    for (const std::string& input : node.inputs) want(input);
  }
  return needed;
}

const OnnxValue* Described(const OnnxGraph& graph, std::string_view name) {
  for (const auto* list : {&graph.values, &graph.inputs, &graph.outputs}) {
    for (const OnnxValue& v : *list) {
      if (v.name == name) return &v;
    }
  }
  return nullptr;
}

OnnxValue DescriptionOf(const OnnxGraph& graph, const std::string& name) {
  const OnnxValue* found = Described(graph, name);
  return found != nullptr ? *found : OnnxValue{.name = name, .type = OnnxType::kFloat};
}

void KeepUsedWeights(OnnxGraph& graph) {
  std::set<std::string_view> used;
  for (const OnnxNode& node : graph.nodes) used.insert(node.inputs.begin(), node.inputs.end());
  for (const OnnxValue& output : graph.outputs) used.insert(output.name);
  std::erase_if(graph.initializers, [&](const OnnxTensor& t) { return !used.contains(t.name); });
}

std::map<std::string, int> UsesOf(const OnnxGraph& graph) {
  std::map<std::string, int> uses;
  for (const OnnxNode& node : graph.nodes) {
    for (const std::string& input : node.inputs) ++uses[input];
  }
  for (const OnnxValue& output : graph.outputs) ++uses[output.name];
  return uses;
}

}  // namespace tradewind
