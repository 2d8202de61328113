// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/quantizers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "graph/onnx_walk.h"
#include "graph/surgery.h"

namespace tradewind {
namespace {

constexpr float kLeastStep = 1e-8f;

tl::unexpected<Status> BadLayer(const OnnxModel& model, const OnnxNode& node, const std::string& problem) {
  return Fail(Status(StatusCode::kInvalidInput, model.source + ": " + problem).At("node '" + node.name + "' (" + node.op_type + ")"));
}

// Weights in rows of one output each.
bool IsLayer(const OnnxNode& node) {
  if (!node.domain.empty() || node.inputs.size() < 2) return false;
  if (node.op_type == "Conv") return true;
  const auto* transposed = node.Attribute<int64_t>("transB");
  return node.op_type == "Gemm" && transposed != nullptr && *transposed == 1;
}

bool IsQuantizer(const OnnxNode& node) {
  return node.domain == kTradewindDomain && node.op_type == kFakeQuantize;
}

class Placer {
 public:
  Placer(OnnxModel& model, const QuantizerPlan& plan) : model_(model), plan_(plan) {
    for (size_t i = 0; i < model.graph.nodes.size(); ++i) {
      for (const std::string& output : model.graph.nodes[i].outputs) makers_[output] = i;
    }
  }

  Result<void> PlaceAll() {
    std::vector<size_t> layers;
    for (size_t i = 0; i < model_.graph.nodes.size(); ++i) {
      if (IsLayer(model_.graph.nodes[i])) layers.push_back(i);
      if (model_.graph.nodes[i].op_type == "Add") PlaceAtSum(model_.graph.nodes[i]);
    }
    for (const size_t i : layers) {
      const OnnxNode& node = model_.graph.nodes[i];
      const OnnxTensor* weights = model_.graph.FindInitializer(node.inputs[1]);
      if (weights == nullptr || weights->type != OnnxType::kFloat || weights->dims.empty())
        return BadLayer(model_, node, "its weights are no initializer of floats");
      const bool edge = i == layers.front() || i == layers.back();
      Want({.input = node.inputs[1], .bits = edge ? plan_.edge_bits : plan_.weight_bits, .per_channel = true});
      Want({.input = node.inputs[0], .bits = edge ? plan_.edge_bits : plan_.value_bits, .is_signed = !IsPositive(node.inputs[0])});
    }
    return {};
  }

  std::vector<Quantizer> Insert() {
    OnnxGraph& graph = model_.graph;
    std::vector<Quantizer> placed;
    const size_t old_nodes = graph.nodes.size();
    for (const std::string& input : order_) {
      const Quantizer& q = wanted_.at(input);
      const std::string rounded = input + ".quantized";
      for (size_t i = 0; i < old_nodes; ++i) std::replace(graph.nodes[i].inputs.begin(), graph.nodes[i].inputs.end(), input, rounded);
      const OnnxTensor* weights = q.per_channel ? graph.FindInitializer(input) : nullptr;
      const std::vector<int64_t> dims = weights == nullptr ? std::vector<int64_t>{} : std::vector<int64_t>{weights->dims[0]};
      const std::vector<float> ones(weights == nullptr ? 1 : static_cast<size_t>(weights->dims[0]), 1.0f);
      graph.initializers.push_back(OnnxTensor::Of(q.scale, dims, ones));
      graph.nodes.push_back({.name = rounded,
                             .op_type = kFakeQuantize,
                             .domain = std::string(kTradewindDomain),
                             .inputs = {input, q.scale},
                             .outputs = {rounded},
                             .attributes = {{"bits", q.bits}, {"signed", int64_t{q.is_signed}}, {"per_channel", int64_t{q.per_channel}}}});
      placed.push_back(q);
    }
    return placed;
  }

 private:
  // Where two layers ask for the same value, the finer grid serves both.
  void Want(Quantizer q) {
    q.scale = q.input + ".scale";
    const auto [found, added] = wanted_.try_emplace(q.input, q);
    if (added) {
      order_.push_back(q.input);
    } else {
      found->second.bits = std::max(found->second.bits, q.bits);
    }
  }

  void PlaceAtSum(const OnnxNode& sum) {
    for (const std::string& input : sum.inputs) {
      const auto maker = makers_.find(input);
      if (maker != makers_.end() && IsLayer(model_.graph.nodes[maker->second])) Want({.input = input, .bits = plan_.edge_bits});
    }
  }

  // Never below zero, as far as the graph says.
  bool IsPositive(const std::string& value) const {
    static const std::set<std::string, std::less<>> moves = {"GlobalAveragePool", "AveragePool", "MaxPool",  "Flatten",
                                                             "Reshape",           "Transpose",   "Identity", "Slice"};
    std::string at = value;
    for (size_t steps = 0; steps <= model_.graph.nodes.size(); ++steps) {
      const auto maker = makers_.find(at);
      if (maker == makers_.end()) return false;
      const OnnxNode& node = model_.graph.nodes[maker->second];
      if (node.op_type == "Relu" || node.op_type == "Sigmoid" || node.op_type == "HardSigmoid" || node.op_type == "Softmax") return true;
      if (node.op_type == "Clip" && node.inputs.size() > 1) {
        const OnnxTensor* low = model_.graph.FindInitializer(node.inputs[1]);
        return low != nullptr && low->type == OnnxType::kFloat && low->values() == 1 && low->At<float>(0) >= 0;
      }
      if (!moves.contains(node.op_type)) return false;
      at = node.inputs[0];
    }
    return false;
  }

  OnnxModel& model_;
  const QuantizerPlan& plan_;
  std::map<std::string, size_t> makers_;
  std::map<std::string, Quantizer> wanted_;
  std::vector<std::string> order_;
};

Quantizer QuantizerOf(const OnnxNode& node) {
  const auto number = [&](const char* key, int64_t fallback) {
    const auto* value = node.Attribute<int64_t>(key);
    return value == nullptr ? fallback : *value;
  };
  return {.input = node.inputs[0],
          .scale = node.inputs[1],
          .bits = number("bits", 8),
          .is_signed = number("signed", 1) != 0,
          .per_channel = number("per_channel", 0) != 0};
}

std::vector<float> StepsOf(const OnnxTensor& scale) {
  std::vector<float> steps;
  for (int64_t i = 0; i < scale.values(); ++i) steps.push_back(std::max(kLeastStep, std::abs(scale.At<float>(i))));
  return steps;
}

template <typename T>
OnnxTensor BytesTensor(std::string name, OnnxType type, std::vector<int64_t> dims, const std::vector<T>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  return OnnxTensor::OfBytes(std::move(name), type, std::move(dims), {bytes.begin(), bytes.end()});
}

// The nodes that stand for a quantiser of weights, and their constants.
void LowerWeights(OnnxGraph& graph, const OnnxNode& node, const Quantizer& q, const OnnxTensor& weights, const std::vector<float>& steps,
                  std::vector<OnnxNode>& nodes) {
  const QuantizerRange range = RangeOf(q.bits, q.is_signed);
  const int64_t run = weights.values() / static_cast<int64_t>(steps.size());
  std::vector<int8_t> whole;
  for (int64_t i = 0; i < weights.values(); ++i) {
    const float v = weights.At<float>(i) / steps[static_cast<size_t>(i / run)];
    whole.push_back(static_cast<int8_t>(std::nearbyint(std::clamp(v, static_cast<float>(range.low), static_cast<float>(range.high)))));
  }
  const std::vector<int8_t> zeros(steps.size(), 0);
  const auto channels = static_cast<int64_t>(steps.size());
  OnnxTensor values = BytesTensor(q.input + ".whole", OnnxType::kInt8, weights.dims, whole);
  graph.initializers.push_back(std::move(values));
  graph.initializers.push_back(OnnxTensor::Of(q.input + ".step", {channels}, steps));
  graph.initializers.push_back(BytesTensor(q.input + ".zero", OnnxType::kInt8, {channels}, zeros));
  nodes.push_back({.name = node.name,
                   .op_type = "DequantizeLinear",
                   .inputs = {q.input + ".whole", q.input + ".step", q.input + ".zero"},
                   .outputs = node.outputs,
                   .attributes = {{"axis", int64_t{0}}}});
}

void LowerValue(OnnxGraph& graph, const OnnxNode& node, const Quantizer& q, float step, std::vector<OnnxNode>& nodes) {
  const QuantizerRange range = RangeOf(q.bits, q.is_signed);
  const std::string step_name = q.input + ".step", zero_name = q.input + ".zero";
  const auto scalar = [&](const std::string& name, float v) {
    graph.initializers.push_back(OnnxTensor::Of(name, {}, std::span<const float>(&v, 1)));
  };
  scalar(step_name, step);
  graph.initializers.push_back(BytesTensor(zero_name, q.is_signed ? OnnxType::kInt8 : OnnxType::kUint8, {}, std::vector<uint8_t>{0}));
  std::string from = q.input;
  if (q.bits < 8) {
    scalar(q.input + ".least", static_cast<float>(range.low) * step);
    scalar(q.input + ".most", static_cast<float>(range.high) * step);
    nodes.push_back({.name = q.input + ".bounded",
                     .op_type = "Clip",
                     .inputs = {from, q.input + ".least", q.input + ".most"},
                     .outputs = {q.input + ".bounded"}});
    from = q.input + ".bounded";
  }
  nodes.push_back(
      {.name = q.input + ".grid", .op_type = "QuantizeLinear", .inputs = {from, step_name, zero_name}, .outputs = {q.input + ".grid"}});
  nodes.push_back(
      {.name = node.name, .op_type = "DequantizeLinear", .inputs = {q.input + ".grid", step_name, zero_name}, .outputs = node.outputs});
}

}  // namespace

Result<std::vector<Quantizer>> InsertQuantizers(OnnxModel& model, const QuantizerPlan& plan) {
  for (const int64_t bits : {plan.weight_bits, plan.value_bits, plan.edge_bits}) {
    if (bits < 2 || bits > 8)
      return Fail(StatusCode::kInvalidInput, model.source + ": a quantiser has from 2 to 8 bits, not " + std::to_string(bits));
  }
  Placer placer(model, plan);
  TW_RETURN_IF_ERROR(placer.PlaceAll());
  std::vector<Quantizer> placed = placer.Insert();
  model.opsets.push_back({.domain = std::string(kTradewindDomain), .version = 1});
  TW_RETURN_IF_ERROR(CheckOnnx(model));
  return placed;
}

std::vector<Quantizer> QuantizersOf(const OnnxModel& model) {
  std::vector<Quantizer> found;
  for (const OnnxNode& node : model.graph.nodes) {
    if (IsQuantizer(node)) found.push_back(QuantizerOf(node));
  }
  return found;
}

Result<void> RemoveQuantizers(OnnxModel& model) {
  std::map<std::string, std::string> originals;
  for (const OnnxNode& node : model.graph.nodes) {
    if (IsQuantizer(node)) originals[node.outputs[0]] = node.inputs[0];
  }
  for (OnnxNode& node : model.graph.nodes) {
    for (std::string& input : node.inputs) {
      if (const auto found = originals.find(input); found != originals.end()) input = found->second;
    }
  }
  std::erase_if(model.opsets, [](const OnnxOpset& o) { return o.domain == kTradewindDomain; });
  TW_ASSIGN(const int64_t removed, RemoveUnused(model));
  (void)removed;
  return CheckOnnx(model);
}

Result<void> LowerQuantizers(OnnxModel& model) {
  OnnxGraph& graph = model.graph;
  std::vector<OnnxNode> nodes;
  const std::vector<OnnxNode> old_nodes = std::move(graph.nodes);
  for (const OnnxNode& node : old_nodes) {
    if (!IsQuantizer(node)) {
      nodes.push_back(node);
      continue;
    }
    const Quantizer q = QuantizerOf(node);
    const OnnxTensor* scale = graph.FindInitializer(q.scale);
    const OnnxTensor* weights = q.per_channel ? graph.FindInitializer(q.input) : nullptr;
    if (scale == nullptr || (q.per_channel && (weights == nullptr || weights->dims[0] != scale->values())))
      return BadLayer(model, node, "its scale is no initializer of the due size");
    const std::vector<float> steps = StepsOf(*scale);
    if (weights != nullptr) {
      LowerWeights(graph, node, q, OnnxTensor(*weights), steps, nodes);
    } else {
      LowerValue(graph, node, q, steps.at(0), nodes);
    }
  }
  graph.nodes = std::move(nodes);
  std::erase_if(model.opsets, [](const OnnxOpset& o) { return o.domain == kTradewindDomain; });
  TW_ASSIGN(const int64_t removed, RemoveUnused(model));
  (void)removed;
  return CheckOnnx(model);
}

}  // namespace tradewind
