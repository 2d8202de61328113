// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What must hold of a graph before anything runs it: every name made once, and before its use. Names are looked up in trees: those chosen
// to collide cannot slow them. Subgraphs are walked by a list.
#include <functional>
#include <map>
#include <queue>
#include <set>

#include "formats/gguf_text.h"
#include "formats/onnx.h"

namespace tradewind {
namespace {

using Names = std::set<std::string_view>;

std::string NodeText(const OnnxGraph& graph, size_t index) {
  const OnnxNode& node = graph.nodes[index];
  std::string text = "node " + std::to_string(index);
  if (!node.name.empty()) text += " " + Quoted(node.name);
  return text + " (" + node.op_type + ")";
}

tl::unexpected<Status> Bad(const OnnxModel& model, std::string problem, std::string where) {
  return Fail(Status(StatusCode::kInvalidInput, model.source + ": " + std::move(problem)).At(std::move(where)));
}

// The graphs inside a node, however deep.
std::vector<const OnnxGraph*> SubgraphsOf(const OnnxNode& node) {
  std::vector<const OnnxGraph*> graphs;
  const auto add = [&](const OnnxNode& n) {
    for (const OnnxAttribute& a : n.attributes) {
      if (const auto* graph = std::get_if<std::shared_ptr<const OnnxGraph>>(&a.value)) graphs.push_back(graph->get());
    }
  };
  add(node);
  for (size_t i = 0; i < graphs.size(); ++i) {
    for (const OnnxNode& n : graphs[i]->nodes) add(n);
  }
  return graphs;
}

// What a graph has before its nodes run.
Result<Names> GivenNames(const OnnxModel& model, const OnnxGraph& graph) {
  Names given;
  for (const OnnxTensor& t : graph.initializers) {
    if (t.name.empty()) return Bad(model, "an initializer has no name", "graph: initializer");
    if (!given.insert(t.name).second) return Bad(model, "two initializers have this name", "initializer " + Quoted(t.name));
  }
  Names inputs;
  for (const OnnxValue& v : graph.inputs) {
    if (v.name.empty()) return Bad(model, "an input has no name", "graph: input");
    if (!inputs.insert(v.name).second) return Bad(model, "two inputs have this name", "input " + Quoted(v.name));
  }
  given.merge(inputs);
  return given;
}

// Which node makes a name.
Result<std::map<std::string_view, size_t>> Makers(const OnnxModel& model, const OnnxGraph& graph, const Names& given) {
  std::map<std::string_view, size_t> makers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& output : graph.nodes[i].outputs) {
      if (output.empty()) continue;
      const auto [before, added] = makers.emplace(output, i);
      if (!added)
        return Bad(model, Quoted(output) + " is made twice, first by " + NodeText(graph, before->second), NodeText(graph, i) + ": output");
      if (given.contains(output))
        return Bad(model, Quoted(output) + " is made by a node, but is an input or initializer too", NodeText(graph, i) + ": output");
    }
  }
  return makers;
}

// A subgraph: its nodes stand in an order that can be run; what it does not make itself goes to `free`.
Result<void> CheckSubgraph(const OnnxModel& model, const OnnxGraph& graph, Names& made, Names& free) {
  TW_ASSIGN(const Names given, GivenNames(model, graph));
  TW_ASSIGN(const auto makers, Makers(model, graph, given));
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& input : graph.nodes[i].inputs) {
      if (input.empty() || given.contains(input)) continue;
      const auto maker = makers.find(input);
      if (maker == makers.end()) {
        free.insert(input);
      } else if (maker->second >= i) {
        return Bad(model, Quoted(input) + " is used before it is made",
                   "subgraph " + Quoted(graph.name) + ": " + NodeText(graph, i) + ": input");
      }
    }
  }
  for (const OnnxValue& output : graph.outputs) {
    if (!given.contains(output.name) && !makers.contains(output.name)) free.insert(output.name);
  }
  made.insert(given.begin(), given.end());
  for (const auto& [name, maker] : makers) made.insert(name);
  return {};
}

// All names that a node takes from its graph: its inputs, and what its subgraphs use without making it.
Result<Names> NeedsOf(const OnnxModel& model, const OnnxNode& node) {
  Names needs;
  Names made;
  for (const OnnxGraph* graph : SubgraphsOf(node)) TW_RETURN_IF_ERROR(CheckSubgraph(model, *graph, made, needs));
  for (const std::string_view name : made) needs.erase(name);
  for (const std::string& input : node.inputs) {
    if (!input.empty()) needs.insert(input);
  }
  return needs;
}

// A node of a cycle: backwards from a node that cannot run, along inputs that cannot be made, until a node comes again.
size_t NodeOfCycle(const std::vector<std::vector<size_t>>& before, const std::vector<size_t>& missing) {
  size_t at = 0;
  while (missing[at] == 0) ++at;
  std::vector<bool> seen(missing.size());
  while (!seen[at]) {
    seen[at] = true;
    for (const size_t b : before[at]) {
      if (missing[b] > 0) {
        at = b;
        break;
      }
    }
  }
  return at;
}

// The nodes in an order that can be run: as they stand where that can be, else the least change by their number.
Result<void> SortNodes(OnnxModel& model, const std::vector<std::vector<size_t>>& before) {
  OnnxGraph& graph = model.graph;
  std::vector<size_t> missing(before.size());
  std::vector<std::vector<size_t>> after(before.size());
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < before.size(); ++i) {
    missing[i] = before[i].size();
    for (const size_t b : before[i]) after[b].push_back(i);
    if (missing[i] == 0) ready.push(i);
  }
  std::vector<OnnxNode> sorted;
  std::vector<size_t> order;
  while (!ready.empty()) {
    const size_t i = ready.top();
    ready.pop();
    order.push_back(i);
    for (const size_t a : after[i]) {
      if (--missing[a] == 0) ready.push(a);
    }
  }
  if (order.size() < before.size())
    return Bad(model, "the node needs its own output: the graph has a cycle", NodeText(graph, NodeOfCycle(before, missing)));
  for (const size_t i : order) sorted.push_back(std::move(graph.nodes[i]));
  graph.nodes = std::move(sorted);
  return {};
}

}  // namespace

Result<void> CheckOnnx(OnnxModel& model) {
  OnnxGraph& graph = model.graph;
  if (graph.nodes.size() > OnnxLimits::kNodes)
    return Bad(model, "the model has more than " + std::to_string(OnnxLimits::kNodes) + " nodes", "graph: node");
  TW_ASSIGN(const Names given, GivenNames(model, graph));
  std::vector<std::vector<size_t>> before(graph.nodes.size());
  {
    TW_ASSIGN(const auto makers, Makers(model, graph, given));
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      TW_ASSIGN(const Names needs, NeedsOf(model, graph.nodes[i]));
      for (const std::string_view name : needs) {
        const auto maker = makers.find(name);
        if (maker != makers.end()) {
          before[i].push_back(maker->second);
        } else if (!given.contains(name)) {
          return Bad(model, "nothing makes its input " + Quoted(name), NodeText(graph, i) + ": input");
        }
      }
    }
    for (const OnnxValue& output : graph.outputs) {
      if (!makers.contains(output.name) && !given.contains(output.name))
        return Bad(model, "nothing makes it", "output " + Quoted(output.name));
    }
    if (graph.outputs.empty()) return Bad(model, "the graph has no outputs", "graph: output");
  }
  return SortNodes(model, before);
}

}  // namespace tradewind
