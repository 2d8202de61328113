// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/surgery.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "graph/backend.h"
#include "graph/onnx_walk.h"

namespace tradewind {
namespace {

tl::unexpected<Status> Bad(const OnnxModel& model, StatusCode code, const std::string& value, const std::string& problem) {
  return Fail(Status(code, model.source + ": " + problem).At("value '" + value + "'"));
}

std::vector<float> FloatsOf(const OnnxTensor& tensor) {
  std::vector<float> values(static_cast<size_t>(tensor.values()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = tensor.At<float>(static_cast<int64_t>(i));
  return values;
}

// Scales a convolution's weights and gives it a bias, by what a batch norm does. False where a part is no constant of floats of the due
// size.
bool Fold(OnnxGraph& graph, OnnxNode& conv, const OnnxNode& norm) {
  const auto constant = [&](const std::string& name) -> OnnxTensor* {
    const auto found =
        std::find_if(graph.initializers.begin(), graph.initializers.end(), [&](const OnnxTensor& t) { return t.name == name; });
    return found == graph.initializers.end() || found->type != OnnxType::kFloat ? nullptr : &*found;
  };
  OnnxTensor* weights = conv.inputs.size() > 1 ? constant(conv.inputs[1]) : nullptr;
  if (weights == nullptr || weights->dims.empty() || weights->dims[0] < 1 || norm.inputs.size() != 5) return false;
  const auto channels = static_cast<size_t>(weights->dims[0]);
  std::vector<float> parts[4];
  for (size_t i = 0; i < 4; ++i) {
    const OnnxTensor* part = constant(norm.inputs[i + 1]);
    if (part == nullptr || part->values() != weights->dims[0]) return false;
    parts[i] = FloatsOf(*part);
  }
  std::vector<float> bias(channels);
  if (conv.inputs.size() > 2 && !conv.inputs[2].empty()) {
    const OnnxTensor* given = constant(conv.inputs[2]);
    if (given == nullptr || given->values() != weights->dims[0]) return false;
    bias = FloatsOf(*given);
  }
  const auto* epsilon = norm.Attribute<float>("epsilon");
  std::vector<float> scaled = FloatsOf(*weights);
  const size_t run = scaled.size() / channels;
  for (size_t n = 0; n < channels; ++n) {
    const float scale = parts[0][n] / std::sqrt(parts[3][n] + (epsilon == nullptr ? 1e-5f : *epsilon));
    for (size_t k = 0; k < run; ++k) scaled[n * run + k] *= scale;
    bias[n] = parts[1][n] + (bias[n] - parts[2][n]) * scale;
  }
  // New names: others may read the old weights.
  const std::string name = norm.outputs[0];
  OnnxTensor new_weights = OnnxTensor::Of(name + ".folded_weight", weights->dims, scaled);
  OnnxTensor new_bias = OnnxTensor::Of(name + ".folded_bias", {weights->dims[0]}, bias);
  conv.inputs.resize(3);
  conv.inputs[1] = new_weights.name;
  conv.inputs[2] = new_bias.name;
  conv.outputs[0] = name;
  graph.initializers.push_back(std::move(new_weights));
  graph.initializers.push_back(std::move(new_bias));
  return true;
}

}  // namespace

int64_t RemoveWeightsFromInputs(OnnxModel& model) {
  std::set<std::string_view> weights;
  for (const OnnxTensor& t : model.graph.initializers) weights.insert(t.name);
  return static_cast<int64_t>(std::erase_if(model.graph.inputs, [&](const OnnxValue& v) { return weights.contains(v.name); }));
}

Result<int64_t> FoldBatchNorms(OnnxModel& model) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  OnnxGraph& graph = model.graph;
  int64_t folded = 0;
  std::vector<bool> gone(graph.nodes.size());
  {
    const auto makers = MakersOf(graph);
    const auto uses = UsesOf(graph);
    for (size_t i = 0; i < graph.nodes.size(); ++i) {
      const OnnxNode& norm = graph.nodes[i];
      if (norm.op_type != "BatchNormalization" || norm.inputs.empty() || norm.outputs.size() != 1) continue;
      const auto maker = makers.find(norm.inputs[0]);
      if (maker == makers.end() || graph.nodes[maker->second].op_type != "Conv" || uses.at(norm.inputs[0]) != 1) continue;
      gone[i] = Fold(graph, graph.nodes[maker->second], norm);
      folded += gone[i] ? 1 : 0;
    }
  }
  size_t kept = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!gone[i]) std::swap(graph.nodes[kept++], graph.nodes[i]);
  }
  graph.nodes.resize(kept);
  KeepUsedWeights(graph);
  TW_RETURN_IF_ERROR(CheckOnnx(model));
  return folded;
}

Result<void> DescribeValues(OnnxModel& model) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  OnnxModel told = model;
  told.graph.outputs.clear();
  for (const OnnxNode& node : model.graph.nodes) {
    if (node.op_type != "Constant" && node.outputs.size() == 1)
      told.graph.outputs.push_back({.name = node.outputs[0], .type = OnnxType::kFloat});
  }
  const GraphSource source{.path = model.source, .model = std::move(told)};
  auto runner = OpenGraph(source, {});
  if (!runner && GraphBackends().Find("openvino") != nullptr) {
    if (auto other = OpenGraph(source, {.backend = "openvino"})) runner = std::move(other);
  }
  if (!runner) return Fail(std::move(runner).error());
  model.graph.values.clear();
  // A batch that the file leaves open stays open.
  std::optional<OnnxDimension> open_batch;
  for (const OnnxValue& input : model.graph.inputs) {
    if (input.shape && !input.shape->empty() && !input.shape->front().value) open_batch = input.shape->front();
  }
  for (const GraphEdge& edge : (*runner)->outputs()) {
    if (edge.type != ElementType::kFloat) continue;
    OnnxValue value{.name = edge.name, .type = OnnxType::kFloat, .shape = std::vector<OnnxDimension>()};
    for (const int64_t side : edge.shape) value.shape->push_back(side < 0 ? OnnxDimension{} : OnnxDimension{.value = side});
    if (open_batch && !value.shape->empty()) value.shape->front() = *open_batch;
    model.graph.values.push_back(std::move(value));
  }
  for (OnnxValue& output : model.graph.outputs) {
    if (output.shape) continue;
    if (const OnnxValue* found = Described(model.graph, output.name)) output.shape = found->shape;
  }
  return {};
}

Result<void> SetResolution(OnnxModel& model, int64_t height, int64_t width) {
  OnnxGraph& graph = model.graph;
  for (OnnxValue& input : graph.inputs) {
    if (graph.FindInitializer(input.name) != nullptr) continue;  // a weight that an older file lists
    if (!input.shape || input.shape->size() != 4)
      return Bad(model, StatusCode::kUnsupported, input.name, "it is no picture (N, C, H, W), and has no resolution");
    (*input.shape)[2] = {.value = height};
    (*input.shape)[3] = {.value = width};
  }
  graph.values.clear();
  for (OnnxValue& output : graph.outputs) output.shape.reset();
  return {};
}

Result<int64_t> RemoveSoftmaxes(OnnxModel& model) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  OnnxGraph& graph = model.graph;
  const auto makers = MakersOf(graph);
  int64_t changed = 0;
  for (OnnxValue& output : graph.outputs) {
    auto maker = makers.find(output.name);
    while (maker != makers.end() && graph.nodes[maker->second].op_type == "Identity")
      maker = makers.find(graph.nodes[maker->second].inputs[0]);
    if (maker == makers.end() || graph.nodes[maker->second].op_type != "Softmax") continue;
    output.name = graph.nodes[maker->second].inputs[0];
    ++changed;
  }
  TW_RETURN_IF_ERROR(RemoveUnused(model));
  TW_RETURN_IF_ERROR(CheckOnnx(model));
  return changed;
}

Result<int64_t> RemoveUnused(OnnxModel& model) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  OnnxGraph& graph = model.graph;
  std::vector<std::string> outputs;
  for (const OnnxValue& output : graph.outputs) outputs.push_back(output.name);
  const std::vector<bool> needed = NeededFor(graph, outputs);
  std::vector<OnnxNode> kept;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (needed[i]) kept.push_back(std::move(graph.nodes[i]));
  }
  const auto removed = static_cast<int64_t>(graph.nodes.size() - kept.size());
  graph.nodes = std::move(kept);
  KeepUsedWeights(graph);
  return removed;
}

Result<void> Bypass(OnnxModel& model, const std::string& from, const std::string& to) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  OnnxGraph& graph = model.graph;
  const auto makers = MakersOf(graph);
  const bool from_is_there =
      makers.contains(from) || std::any_of(graph.inputs.begin(), graph.inputs.end(), [&](const OnnxValue& v) { return v.name == from; });
  if (!from_is_there) return Bad(model, StatusCode::kNotFound, from, "no node makes it");
  if (!makers.contains(to)) return Bad(model, StatusCode::kNotFound, to, "no node makes it");
  if (makers.contains(from) && NeededFor(graph, {from})[makers.at(to)])
    return Bad(model, StatusCode::kInvalidInput, from, "it needs '" + to + "', and cannot stand in its place");
  const OnnxValue* a = Described(graph, from);
  const OnnxValue* b = Described(graph, to);
  if (a != nullptr && b != nullptr && a->shape && b->shape) {
    const bool same = std::equal(a->shape->begin(), a->shape->end(), b->shape->begin(), b->shape->end(),
                                 [](const OnnxDimension& x, const OnnxDimension& y) { return !x.value || !y.value || x.value == y.value; });
    if (!same) return Bad(model, StatusCode::kInvalidInput, from, "it has another shape than '" + to + "'");
  }
  const size_t maker = makers.at(to);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (i == maker) continue;
    std::replace(graph.nodes[i].inputs.begin(), graph.nodes[i].inputs.end(), to, from);
  }
  for (OnnxValue& output : graph.outputs) {
    if (output.name != to) continue;
    // The output keeps its name: what made it is replaced by a copy.
    graph.nodes[maker] = {.name = to + "_copy", .op_type = "Identity", .inputs = {from}, .outputs = {to}};
  }
  TW_ASSIGN(const int64_t removed, RemoveUnused(model));
  (void)removed;
  return CheckOnnx(model);
}

Result<GraphCut> CutGraph(const OnnxModel& model, const std::string& at) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  const OnnxGraph& graph = model.graph;
  const auto makers = MakersOf(graph);
  if (!makers.contains(at)) return Bad(model, StatusCode::kNotFound, at, "no node makes it");
  const std::vector<bool> in_head = NeededFor(graph, {at});
  std::set<std::string> weights;
  for (const OnnxTensor& t : graph.initializers) weights.insert(t.name);
  // What the tail takes from the head, or from the graph's inputs.
  std::vector<std::string> crossing{at};
  std::vector<std::string> given;
  const auto take = [&](const std::string& value) {
    if (value.empty() || weights.contains(value)) return;
    const auto maker = makers.find(value);
    if (maker != makers.end() && !in_head[maker->second]) return;
    std::vector<std::string>& list = maker == makers.end() ? given : crossing;
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
  };
  bool any = false;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (in_head[i]) continue;
    any = true;
    for (const std::string& input : graph.nodes[i].inputs) take(input);
  }
  if (!any) return Bad(model, StatusCode::kInvalidInput, at, "nothing is behind it: the head would be the whole graph");
  GraphCut cut{model, model, crossing};
  OnnxGraph& head = cut.head.graph;
  OnnxGraph& tail = cut.tail.graph;
  head.nodes.clear();
  tail.nodes.clear();
  for (size_t i = 0; i < graph.nodes.size(); ++i) (in_head[i] ? head : tail).nodes.push_back(graph.nodes[i]);
  head.outputs.clear();
  for (const std::string& value : crossing) head.outputs.push_back(DescriptionOf(graph, value));
  tail.inputs.clear();
  for (const std::string& value : crossing) tail.inputs.push_back(DescriptionOf(graph, value));
  for (const std::string& value : given) tail.inputs.push_back(DescriptionOf(graph, value));
  // An output of the graph that the head makes goes out of the head, and through the tail as it is.
  for (const OnnxValue& output : graph.outputs) {
    const auto maker = makers.find(output.name);
    if (maker == makers.end() || !in_head[maker->second]) continue;
    if (std::find(crossing.begin(), crossing.end(), output.name) == crossing.end()) head.outputs.push_back(output);
    std::erase_if(tail.outputs, [&](const OnnxValue& v) { return v.name == output.name; });
  }
  KeepUsedWeights(head);
  KeepUsedWeights(tail);
  std::set<std::string_view> head_inputs;
  for (const OnnxNode& node : head.nodes) head_inputs.insert(node.inputs.begin(), node.inputs.end());
  std::erase_if(head.inputs, [&](const OnnxValue& v) { return !head_inputs.contains(v.name); });
  cut.head.source += " (head)";
  cut.tail.source += " (tail)";
  TW_RETURN_IF_ERROR(CheckOnnx(cut.head));
  TW_RETURN_IF_ERROR(CheckOnnx(cut.tail));
  return cut;
}

Result<std::vector<std::string>> CutPoints(const OnnxModel& model) {
  TW_RETURN_IF_ERROR(CheckFlat(model));
  const OnnxGraph& graph = model.graph;
  const auto makers = MakersOf(graph);
  // The last reader of each value that runs; a cut behind node i sends what was made before and is read behind.
  std::map<std::string_view, size_t> last_reader;
  for (const OnnxValue& input : graph.inputs) last_reader[input.name] = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& input : graph.nodes[i].inputs) {
      if (makers.contains(input) || last_reader.contains(input)) last_reader[input] = i;
    }
  }
  for (const OnnxTensor& t : graph.initializers) last_reader.erase(t.name);
  for (const OnnxNode& node : graph.nodes) {
    if (node.op_type == "Constant" && !node.outputs.empty())
      last_reader.erase(node.outputs[0]);  // a cut leaves it on the side that reads it
  }
  for (const OnnxValue& output : graph.outputs) last_reader[output.name] = graph.nodes.size();
  std::vector<int64_t> ends(graph.nodes.size() + 1);  // values whose last reader is node i
  for (const auto& [value, reader] : last_reader) ++ends[reader];
  int64_t alive = static_cast<int64_t>(
      std::count_if(graph.inputs.begin(), graph.inputs.end(), [&](const OnnxValue& v) { return last_reader.contains(v.name); }));
  std::vector<std::string> points;
  for (size_t i = 0; i + 1 < graph.nodes.size(); ++i) {
    for (const std::string& output : graph.nodes[i].outputs) alive += last_reader.contains(output) ? 1 : 0;
    alive -= ends[i];
    const bool one = alive == 1 && graph.nodes[i].outputs.size() == 1 && last_reader.contains(graph.nodes[i].outputs[0]) &&
                     last_reader.at(graph.nodes[i].outputs[0]) > i;
    if (one) points.push_back(graph.nodes[i].outputs[0]);
  }
  return points;
}

}  // namespace tradewind
