// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/raise_opset.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "graph/onnx_walk.h"

namespace tradewind {
namespace {

constexpr int64_t kOldest = 7, kNewest = 13;
constexpr int64_t kItsIrVersion = 7;  // of the file format that came with set 13: since 4, weights need not be inputs, too

// Changed since, and what for: from the set in which they got today's meaning.
struct Changed {
  std::string_view op_type;
  int64_t since;
};
constexpr Changed kNotRewritten[] = {{"Pad", 11},      {"Resize", 11}, {"Slice", 10},   {"TopK", 11},
                                     {"Upsample", 99}, {"OneHot", 11}, {"Dropout", 12}, {"Scatter", 99},
                                     {"Hardmax", 13},  {"Loop", 11},   {"Scan", 11},    {"BatchNormalization", 9}};

class Raiser {
 public:
  explicit Raiser(OnnxModel& model) : model_(model), graph_(model.graph), opset_(model.opset()), makers_(MakersOf(model.graph)) {}

  Result<void> Raise() {
    for (OnnxNode& node : graph_.nodes) {
      if (!node.domain.empty() || node.inputs.empty() || node.outputs.empty()) continue;
      for (const Changed& c : kNotRewritten) {
        if (c.op_type == node.op_type && opset_ < c.since) return Unsupported(node, "its meaning has changed since");
      }
      if (node.op_type == "Softmax" || node.op_type == "LogSoftmax") TW_RETURN_IF_ERROR(RaiseSoftmax(node));
      if (node.op_type == "Squeeze" || node.op_type == "Unsqueeze" || node.op_type == "ReduceSum") MakeInput(node, "axes");
      if (node.op_type == "Split") MakeInput(node, "split");
      if (node.op_type == "Clip" && opset_ < 11) RaiseClip(node);
    }
    for (OnnxOpset& opset : model_.opsets) {
      if (opset.domain.empty()) opset.version = kNewest;
    }
    model_.ir_version = std::max(model_.ir_version, kItsIrVersion);
    return CheckOnnx(model_);
  }

 private:
  tl::unexpected<Status> Unsupported(const OnnxNode& node, const std::string& why) const {
    return Fail(Status(StatusCode::kUnsupported, model_.source + ": it is of operator set " + std::to_string(opset_) + ", and " + why +
                                                     "; export it for set 13 or newer")
                    .At("node '" + node.name + "' (" + node.op_type + ")"));
  }

  std::string Add(const std::string& hint, OnnxTensor tensor) {
    tensor.name = hint;
    while (graph_.FindInitializer(tensor.name) != nullptr || makers_.contains(tensor.name)) tensor.name += "_";
    graph_.initializers.push_back(std::move(tensor));
    return graph_.initializers.back().name;
  }

  // An attribute that became the second input.
  void MakeInput(OnnxNode& node, std::string_view key) {
    const auto* values = node.Attribute<std::vector<int64_t>>(key);
    if (values == nullptr) return;
    const std::vector<int64_t> copy = *values;
    node.inputs.push_back(Add(node.outputs[0] + "." + std::string(key), OnnxTensor::Of("", {static_cast<int64_t>(copy.size())}, copy)));
    std::erase_if(node.attributes, [&](const OnnxAttribute& a) { return a.name == key; });
  }

  // Bounds that became inputs.
  void RaiseClip(OnnxNode& node) {
    const auto* low = node.Attribute<float>("min");
    const auto* high = node.Attribute<float>("max");
    const std::array<float, 2> bounds{low == nullptr ? std::numeric_limits<float>::lowest() : *low,
                                      high == nullptr ? std::numeric_limits<float>::max() : *high};
    node.attributes.clear();
    node.inputs.push_back(Add(node.outputs[0] + ".min", OnnxTensor::Of("", {}, std::span(&bounds[0], 1))));
    node.inputs.push_back(Add(node.outputs[0] + ".max", OnnxTensor::Of("", {}, std::span(&bounds[1], 1))));
  }

  // Of old over all dimensions from the axis on, today over that one: the same where it is the last.
  Result<void> RaiseSoftmax(OnnxNode& node) const {
    const auto* given = node.Attribute<int64_t>("axis");
    const int64_t axis = given == nullptr ? 1 : *given;
    const std::optional<int64_t> rank = RankOf(node.inputs[0], 0);
    if (axis != -1 && (!rank || axis != *rank - 1)) return Unsupported(node, "it may be over several dimensions");
    std::erase_if(node.attributes, [](const OnnxAttribute& a) { return a.name == "axis"; });
    node.attributes.push_back({"axis", int64_t{-1}});
    return {};
  }

  // How many dimensions a value has, where the file or the node that makes it says so.
  std::optional<int64_t> RankOf(const std::string& name, int depth) const {
    constexpr int kMostSteps = 100;
    const OnnxValue* described = Described(graph_, name);
    if (described != nullptr && described->shape && !described->shape->empty()) return static_cast<int64_t>(described->shape->size());
    const auto maker = makers_.find(name);
    if (maker == makers_.end() || depth > kMostSteps) return std::nullopt;
    const OnnxNode& node = graph_.nodes[maker->second];
    if (node.op_type == "Reshape") {
      const OnnxTensor* shape = node.inputs.size() > 1 ? graph_.FindInitializer(node.inputs[1]) : nullptr;
      return shape == nullptr ? std::nullopt : std::optional(shape->values());
    }
    if (const auto* order = node.Attribute<std::vector<int64_t>>("perm"); node.op_type == "Transpose" && order != nullptr)
      return static_cast<int64_t>(order->size());
    static const std::set<std::string_view> kKeepers = {"Concat", "Relu", "Sigmoid", "Identity", "Transpose", "Conv", "BatchNormalization"};
    if (node.op_type == "Flatten" || node.op_type == "Gemm") return 2;
    return kKeepers.contains(node.op_type) && !node.inputs.empty() ? RankOf(node.inputs[0], depth + 1) : std::nullopt;
  }

  OnnxModel& model_;
  OnnxGraph& graph_;
  int64_t opset_;
  std::map<std::string, size_t> makers_;
};

}  // namespace

Result<void> RaiseOpset(OnnxModel& model) {
  if (model.opset() >= kNewest) return {};
  if (model.opset() < kOldest)
    return Fail(StatusCode::kUnsupported,
                model.source + ": operator set " + std::to_string(model.opset()) + " is too old; export the net for set 13 or newer");
  TW_RETURN_IF_ERROR(CheckFlat(model));
  return Raiser(model).Raise();
}

}  // namespace tradewind
