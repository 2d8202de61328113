// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/trainable.h"

#include <algorithm>
#include <map>
#include <set>

#include "graph/onnx_walk.h"
#include "graph/quantizers.h"
#include "graph/surgery.h"

namespace tradewind {
namespace {

using Names = std::set<std::string, std::less<>>;

// Which inputs of a node are parameters.
std::pair<size_t, size_t> ParameterInputs(const OnnxNode& node) {
  if (node.op_type == "Conv" || node.op_type == "Gemm" || node.op_type == "LayerNormalization") return {1, 3};
  if (node.op_type == "BatchNormalization") return {1, 3};  // its statistics follow
  if (node.op_type == "MatMul") return {1, 2};
  if (node.op_type == kFakeQuantize && node.domain == kTradewindDomain) return {0, 2};
  if (node.op_type == "Add") return {0, 2};  // a bias over tokens
  return {0, 0};
}

// Values that a trained parameter has part in.
Names MovingValues(const OnnxModel& model, const std::vector<std::string>& parameters) {
  Names moving(parameters.begin(), parameters.end());
  for (const OnnxNode& node : model.graph.nodes) {
    if (std::any_of(node.inputs.begin(), node.inputs.end(), [&](const std::string& input) { return moving.contains(input); }))
      moving.insert(node.outputs.begin(), node.outputs.end());
  }
  return moving;
}

Names ValuesOf(const OnnxModel& model) {
  Names values;
  for (const OnnxValue& input : model.graph.inputs) values.insert(input.name);
  for (const OnnxNode& node : model.graph.nodes) values.insert(node.outputs.begin(), node.outputs.end());
  return values;
}

// The net of nodes that give these outputs, from `inputs` on; with nothing but what they need.
Result<OnnxModel> PartOf(const OnnxModel& model, std::vector<OnnxNode> nodes, const std::vector<std::string>& outputs,
                         const std::vector<std::string>& inputs) {
  OnnxModel part = model;
  part.graph.nodes = std::move(nodes);
  part.graph.outputs.clear();
  for (const std::string& value : outputs) part.graph.outputs.push_back(DescriptionOf(model.graph, value));
  if (!inputs.empty()) {
    part.graph.inputs.clear();
    for (const std::string& value : inputs) part.graph.inputs.push_back(DescriptionOf(model.graph, value));
    std::erase_if(part.graph.values, [&](const OnnxValue& v) { return std::find(inputs.begin(), inputs.end(), v.name) != inputs.end(); });
  }
  TW_ASSIGN(const int64_t removed, RemoveUnused(part));
  (void)removed;
  return part;
}

}  // namespace

Result<std::vector<std::string>> TrainableParameters(const OnnxModel& model, const std::vector<std::string>& prefixes) {
  std::map<std::string_view, const OnnxTensor*> initializers;
  for (const OnnxTensor& t : model.graph.initializers) initializers[t.name] = &t;
  Names found;
  std::vector<std::string> ordered;
  std::vector<bool> used(prefixes.size());
  for (const OnnxNode& node : model.graph.nodes) {
    const auto [begin, end] = ParameterInputs(node);
    for (size_t i = begin; i < std::min(end, node.inputs.size()); ++i) {
      const auto tensor = initializers.find(node.inputs[i]);
      if (tensor == initializers.end() || tensor->second->type != OnnxType::kFloat || found.contains(node.inputs[i])) continue;
      if (node.op_type == "Add" && tensor->second->dims.empty()) continue;  // a constant
      bool wanted = prefixes.empty();
      for (size_t p = 0; p < prefixes.size(); ++p) {
        if (!node.inputs[i].starts_with(prefixes[p])) continue;
        used[p] = wanted = true;
      }
      if (!wanted) continue;
      found.insert(node.inputs[i]);
      ordered.push_back(node.inputs[i]);
    }
  }
  for (size_t p = 0; p < prefixes.size(); ++p) {
    if (!used[p])
      return Fail(Status(StatusCode::kNotFound, model.source + ": no parameter's name begins with '" + prefixes[p] + "'").At("train"));
  }
  if (ordered.empty()) return Fail(StatusCode::kInvalidInput, model.source + ": the net has no parameters to train");
  return ordered;
}

bool IsFrozen(const OnnxModel& model, const std::vector<std::string>& parameters, const std::string& value) {
  return ValuesOf(model).contains(value) && !MovingValues(model, parameters).contains(value);
}

Result<TrainableNet> SplitFrozen(const OnnxModel& model, const std::vector<std::string>& parameters, const std::vector<std::string>& wanted,
                                 const std::vector<std::string>& kept) {
  const Names moving = MovingValues(model, parameters);
  const Names values = ValuesOf(model);
  for (const auto* list : {&wanted, &kept}) {
    for (const std::string& value : *list) {
      if (!values.contains(value)) return Fail(StatusCode::kNotFound, model.source + ": the net has no value '" + value + "'");
    }
  }
  TrainableNet split;
  Names seen;
  const auto cross = [&](const std::string& value) {
    if (values.contains(value) && !moving.contains(value) && seen.insert(value).second) split.edges.push_back(value);
  };
  // From the wanted values backwards, as far as things move.
  Names needed(wanted.begin(), wanted.end());
  std::vector<OnnxNode> trained;
  for (size_t i = model.graph.nodes.size(); i-- > 0;) {
    const OnnxNode& node = model.graph.nodes[i];
    const auto is_needed = [&](const std::string& output) { return needed.contains(output) && moving.contains(output); };
    if (!std::any_of(node.outputs.begin(), node.outputs.end(), is_needed)) continue;
    trained.push_back(node);
    needed.insert(node.inputs.begin(), node.inputs.end());
  }
  std::reverse(trained.begin(), trained.end());
  for (const OnnxNode& node : trained) {
    for (const std::string& input : node.inputs) cross(input);
  }
  std::vector<std::string> moving_outputs;
  for (const std::string& value : wanted) {
    if (moving.contains(value)) moving_outputs.push_back(value);
  }
  std::vector<std::string> given = split.edges;
  for (const std::string& value : kept) {
    if (moving.contains(value)) return Fail(StatusCode::kInvalidInput, model.source + ": '" + value + "' changes while the net trains");
    if (std::find(given.begin(), given.end(), value) == given.end()) given.push_back(value);
  }
  for (const OnnxValue& input : model.graph.inputs) std::erase(given, input.name);  // nobody has to make these
  TW_ASSIGN(split.frozen, PartOf(model, model.graph.nodes, given, {}));
  TW_ASSIGN(split.trained, PartOf(model, std::move(trained), moving_outputs, split.edges));
  return split;
}

}  // namespace tradewind
