// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The operators that are trained here, as ONNX defines them.
#include <limits>

#include "graph/onnx_walk.h"
#include "graph/quantizers.h"
#include "train/torch/torch_graph.h"

namespace tradewind {
namespace {

using Values = torch::Tensor;
using Integers = std::vector<int64_t>;

// Padding in front and behind differ: laid around the picture before.
Values Padded(const Values& x, const Integers& pads, double value) {
  return torch::constant_pad_nd(x, {pads[1], pads[3], pads[0], pads[2]}, value);
}
bool IsEven(const Integers& pads) {
  return pads[0] == pads[2] && pads[1] == pads[3];
}

Values ConvOp(const TorchCall& c) {
  const Integers pads = c.Integers("pads", {0, 0, 0, 0});
  const bool even = IsEven(pads);
  return torch::conv2d(even ? c.In(0) : Padded(c.In(0), pads, 0), c.In(1), c.Has(2) ? c.In(2) : Values(), c.Integers("strides", {1, 1}),
                       even ? Integers{pads[0], pads[1]} : Integers{0, 0}, c.Integers("dilations", {1, 1}), c.Integer("group", 1));
}

// ONNX's momentum is what stays of the old statistics, LibTorch's what comes of the new.
Values BatchNormOp(const TorchCall& c) {
  return torch::batch_norm(c.In(0), c.In(1), c.In(2), c.In(3), c.In(4), c.training, 1 - c.Real("momentum", 0.9), c.Real("epsilon", 1e-5),
                           false);
}

Values LayerNormOp(const TorchCall& c) {
  const int64_t axis = c.Integer("axis", -1);
  const auto sides = c.In(0).sizes();
  const auto from = axis < 0 ? static_cast<int64_t>(sides.size()) + axis : axis;
  return torch::layer_norm(c.In(0), Integers(sides.begin() + from, sides.end()), c.In(1), c.Has(2) ? c.In(2) : Values(),
                           c.Real("epsilon", 1e-5));
}

Values ClipOp(const TorchCall& c) {
  constexpr double kEnd = std::numeric_limits<float>::infinity();
  return torch::clamp(c.In(0), c.Has(1) ? c.In(1).item<double>() : -kEnd, c.Has(2) ? c.In(2).item<double>() : kEnd);
}

Values HardSigmoidOp(const TorchCall& c) {
  return torch::clamp(c.In(0) * c.Real("alpha", 0.2) + c.Real("beta", 0.5), 0, 1);
}

Values MaxPoolOp(const TorchCall& c) {
  const Integers pads = c.Integers("pads", {0, 0, 0, 0});
  const Integers kernel = c.Integers("kernel_shape", {});
  const Values x = IsEven(pads) ? c.In(0) : Padded(c.In(0), pads, -std::numeric_limits<float>::infinity());
  return torch::max_pool2d(x, kernel, c.Integers("strides", Integers(kernel.size(), 1)),
                           IsEven(pads) ? Integers{pads[0], pads[1]} : Integers{0, 0});
}

Values AveragePoolOp(const TorchCall& c) {
  const Integers pads = c.Integers("pads", {0, 0, 0, 0});
  const Integers kernel = c.Integers("kernel_shape", {});
  return torch::avg_pool2d(c.In(0), kernel, c.Integers("strides", Integers(kernel.size(), 1)), {pads[0], pads[1]}, false,
                           c.Integer("count_include_pad", 0) != 0);
}

Values GemmOp(const TorchCall& c) {
  const Values a = c.Integer("transA", 0) != 0 ? c.In(0).t() : c.In(0);
  const Values b = c.Integer("transB", 0) != 0 ? c.In(1).t() : c.In(1);
  const Values product = torch::matmul(a, b) * c.Real("alpha", 1);
  return c.Has(2) ? product + c.In(2) * c.Real("beta", 1) : product;
}

Values FlattenOp(const TorchCall& c) {
  return torch::flatten(c.In(0), c.Integer("axis", 1));
}

Values ReshapeOp(const TorchCall& c) {
  Integers to = c.IntegersOf(1);
  for (size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0) to[i] = c.In(0).size(static_cast<int64_t>(i));
  }
  return c.In(0).reshape(to);
}

Values SliceOp(const TorchCall& c) {
  Values x = c.In(0);
  const Integers begins = c.IntegersOf(1), ends = c.IntegersOf(2);
  Integers axes(begins.size()), steps(begins.size(), 1);
  for (size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<int64_t>(i);
  if (c.Has(3)) axes = c.IntegersOf(3);
  if (c.Has(4)) steps = c.IntegersOf(4);
  for (size_t i = 0; i < begins.size(); ++i) x = x.slice(axes[i], begins[i], ends[i], steps[i]);
  return x;
}

Values PadOp(const TorchCall& c) {
  const Integers pads = c.IntegersOf(1);
  const size_t rank = pads.size() / 2;
  Integers backwards;  // LibTorch counts from the last axis
  for (size_t i = rank; i-- > 0;) backwards.insert(backwards.end(), {pads[i], pads[rank + i]});
  return torch::constant_pad_nd(c.In(0), backwards, c.Has(2) ? c.In(2).item<double>() : 0);
}

Values ReduceMeanOp(const TorchCall& c) {
  return c.In(0).mean(c.Integers("axes", {}), c.Integer("keepdims", 1) != 0);
}

Values ResizeOp(const TorchCall& c) {
  Values x = c.In(0);
  for (int64_t axis = 2; axis < 4; ++axis) x = x.repeat_interleave(static_cast<int64_t>(c.In(2)[axis].item<float>()), axis);
  return x;
}

Values FakeQuantizeOp(const TorchCall& c) {
  const QuantizerRange range = RangeOf(c.Integer("bits", 8), c.Integer("signed", 1) != 0);
  return FakeQuantized(c.In(0), c.In(1), static_cast<double>(range.low), static_cast<double>(range.high), c.Integer("per_channel", 0) != 0);
}

// Whether the attributes say what is computed here.
bool Understood(const OnnxNode& node) {
  const auto text = [&](const char* key, const char* fallback) {
    const auto* value = node.Attribute<std::string>(key);
    return value == nullptr ? std::string(fallback) : *value;
  };
  const auto integers = [&](const char* key) {
    const auto* value = node.Attribute<std::vector<int64_t>>(key);
    return value == nullptr ? Integers{} : *value;
  };
  if (node.op_type == "Conv" || node.op_type == "MaxPool" || node.op_type == "AveragePool") {
    const Integers pads = integers("pads");
    if (text("auto_pad", "NOTSET") != "NOTSET" || (!pads.empty() && pads.size() != 4)) return false;
    const auto* ceil = node.Attribute<int64_t>("ceil_mode");
    if (ceil != nullptr && *ceil != 0) return false;
    if (node.op_type == "AveragePool" && !pads.empty() && !IsEven(pads)) return false;
    if (node.op_type == "MaxPool" && node.FindAttribute("dilations") != nullptr) return false;
    return true;
  }
  if (node.op_type == "Pad") return text("mode", "constant") == "constant";
  if (node.op_type == "Resize") return text("mode", "nearest") == "nearest" && node.inputs.size() == 3;
  if (node.op_type == "ReduceMean") return node.inputs.size() == 1 && !integers("axes").empty();
  return true;
}

const std::map<std::string, TorchOp, std::less<>>& Ops() {
  static const std::map<std::string, TorchOp, std::less<>> ops = {
      {"Conv", ConvOp},
      {"BatchNormalization", BatchNormOp},
      {"LayerNormalization", LayerNormOp},
      {"Relu", [](const TorchCall& c) { return torch::relu(c.In(0)); }},
      {"Sigmoid", [](const TorchCall& c) { return torch::sigmoid(c.In(0)); }},
      {"Tanh", [](const TorchCall& c) { return torch::tanh(c.In(0)); }},
      {"Erf", [](const TorchCall& c) { return torch::erf(c.In(0)); }},
      {"HardSwish", [](const TorchCall& c) { return torch::hardswish(c.In(0)); }},
      {"HardSigmoid", HardSigmoidOp},
      {"Clip", ClipOp},
      {"Add", [](const TorchCall& c) { return c.In(0) + c.In(1); }},
      {"Mul", [](const TorchCall& c) { return c.In(0) * c.In(1); }},
      {"MatMul", [](const TorchCall& c) { return torch::matmul(c.In(0), c.In(1)); }},
      {"Gemm", GemmOp},
      {"GlobalAveragePool", [](const TorchCall& c) { return c.In(0).mean({2, 3}, true); }},
      {"AveragePool", AveragePoolOp},
      {"MaxPool", MaxPoolOp},
      {"ReduceMean", ReduceMeanOp},
      {"Softmax", [](const TorchCall& c) { return torch::softmax(c.In(0), c.Integer("axis", -1)); }},
      {"Flatten", FlattenOp},
      {"Reshape", ReshapeOp},
      {"Concat", [](const TorchCall& c) { return torch::cat(c.inputs, c.Integer("axis", 1)); }},
      {"Slice", SliceOp},
      {"Pad", PadOp},
      {"Resize", ResizeOp},
      {"Transpose", [](const TorchCall& c) { return c.In(0).permute(c.Integers("perm", {})); }},
      {"Identity", [](const TorchCall& c) { return c.In(0); }},
  };
  return ops;
}

}  // namespace

TorchOp FindTorchOp(const OnnxNode& node) {
  if (node.domain == kTradewindDomain && node.op_type == kFakeQuantize) return FakeQuantizeOp;
  if (!node.domain.empty() || !Understood(node)) return nullptr;
  const auto found = Ops().find(node.op_type);
  return found == Ops().end() ? nullptr : found->second;
}

}  // namespace tradewind
