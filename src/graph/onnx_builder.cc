// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/onnx_builder.h"

#include <algorithm>

#include "graph/tensor.h"

namespace tradewind {
namespace {

OnnxValue ValueOf(const std::string& name, const std::vector<int64_t>& shape) {
  OnnxValue value{.name = name, .type = OnnxType::kFloat, .shape = {{{.name = "N"}}}};
  for (const int64_t dim : shape) value.shape->push_back({.value = dim});
  return value;
}

// One side of a picture under a convolution.
struct PaddedSide {
  int64_t before = 0, behind = 0;  // zeros
  int64_t out = 0;                 // below 1: the kernel is too large
};

PaddedSide SideOf(const ConvLayer& layer, int64_t in, int64_t kernel) {
  const int64_t covered = layer.dilation * (kernel - 1) + 1;
  PaddedSide side{.before = layer.padding, .behind = layer.padding};
  if (layer.same) {
    const int64_t zeros = std::max<int64_t>(0, (in - 1) / layer.stride * layer.stride + covered - in);
    side = {.before = zeros / 2, .behind = zeros - zeros / 2};
  } else if (layer.padding < 0) {
    side = {.before = (covered - 1) / 2, .behind = (covered - 1) / 2};
  }
  const int64_t padded = in + side.before + side.behind;
  side.out = padded < covered ? 0 : (padded - covered) / layer.stride + 1;
  return side;
}

}  // namespace

OnnxBuilder::OnnxBuilder(std::string name, WeightSource& weights) : weights_(weights) {
  model_.source = name;
  model_.ir_version = kOnnxIrVersion;
  model_.producer = "tradewind";
  model_.opsets = {{.version = kOnnxOpset}};
  model_.graph.name = std::move(name);
}

tl::unexpected<Status> OnnxBuilder::Bad(std::string_view layer, const std::string& problem) const {
  return Fail(Status(StatusCode::kInvalidInput, model_.source + ": " + problem)
                  .At("layer " + std::to_string(model_.graph.nodes.size()) + " (" + std::string(layer) + ")"));
}

std::string OnnxBuilder::Named(const std::string& name) {
  return name.empty() ? "layer" + std::to_string(model_.graph.nodes.size()) : name;
}

Result<int> OnnxBuilder::Input(const std::string& name, std::vector<int64_t> shape) {
  if (shape.empty() || std::any_of(shape.begin(), shape.end(), [](int64_t d) { return d < 1 || d > BuilderLimits::kSide; }))
    return Bad("input", "the input's sides are from 1 to " + std::to_string(BuilderLimits::kSide) + ", not " + ShapeText(shape));
  model_.graph.inputs.push_back(ValueOf(name, shape));
  names_.push_back(name);
  shapes_.push_back(std::move(shape));
  return static_cast<int>(names_.size()) - 1;
}

Result<void> OnnxBuilder::Output(const std::string& name, int value) {
  model_.graph.nodes.push_back({.name = name, .op_type = "Identity", .inputs = {NameOf(value)}, .outputs = {name}});
  model_.graph.outputs.push_back(ValueOf(name, shape(value)));
  return {};
}

Result<int> OnnxBuilder::Node(std::string op_type, std::vector<std::string> inputs, std::vector<OnnxAttribute> attributes,
                              std::vector<int64_t> shape) {
  int64_t count = 1;
  for (const int64_t dim : shape) {
    if (dim < 1 || dim > BuilderLimits::kSide * BuilderLimits::kSide) return Bad(op_type, "what comes out would be " + ShapeText(shape));
    count *= dim;
    if (count > BuilderLimits::kValues) return Bad(op_type, "what comes out, " + ShapeText(shape) + ", is too large");
  }
  const size_t index = model_.graph.nodes.size();
  if (index >= OnnxLimits::kNodes) return Bad(op_type, "the net has more than " + std::to_string(OnnxLimits::kNodes) + " layers");
  std::string name = op_type + "_" + std::to_string(index);
  model_.graph.nodes.push_back(
      {.name = name, .op_type = std::move(op_type), .inputs = std::move(inputs), .outputs = {name}, .attributes = std::move(attributes)});
  // Every value's shape goes into the file: who takes the graph apart asks for it.
  model_.graph.values.push_back(ValueOf(name, shape));
  names_.push_back(std::move(name));
  shapes_.push_back(std::move(shape));
  return static_cast<int>(names_.size()) - 1;
}

Result<std::string> OnnxBuilder::Parameter(const std::string& name, std::vector<int64_t> dims, WeightKind kind, int64_t fan_in) {
  int64_t count = 1;
  for (const int64_t dim : dims) {
    if (dim < 1 || dim > BuilderLimits::kParameters) return Bad(name, "its parameters would be " + ShapeText(dims));
    count *= dim;
    if (count > BuilderLimits::kParameters) break;
  }
  parameters_ += count;
  if (parameters_ > BuilderLimits::kParameters)
    return Bad(name, "the net has more than " + std::to_string(BuilderLimits::kParameters) + " parameters");
  if (!parameter_names_.insert(name).second) return Bad(name, "two layers have this name");
  TW_ASSIGN(const std::vector<float> values, weights_.Get(name, dims, kind, fan_in));
  model_.graph.initializers.push_back(OnnxTensor::Of(name, std::move(dims), values));
  return name;
}

std::string OnnxBuilder::Constant(const std::string& hint, std::vector<int64_t> dims, const std::vector<int64_t>& values) {
  std::string name = hint + "_" + std::to_string(model_.graph.initializers.size());
  model_.graph.initializers.push_back(OnnxTensor::Of(name, std::move(dims), values));
  return name;
}

std::string OnnxBuilder::Constant(const std::string& hint, float value) {
  std::string name = hint + "_" + std::to_string(model_.graph.initializers.size());
  model_.graph.initializers.push_back(OnnxTensor::Of(name, {}, std::span<const float>(&value, 1)));
  return name;
}

Result<int> OnnxBuilder::Conv(int x, const ConvLayer& layer) {
  const int64_t width = layer.kernel_width == 0 ? layer.kernel : layer.kernel_width;
  if (!Is(x, 3)) return Bad("conv", "it takes a picture (channels, rows, columns), not " + ShapeText(shape(x)));
  const std::vector<int64_t> in = shape(x);
  const auto within = [](int64_t v) { return v >= 1 && v <= BuilderLimits::kSide; };
  if (!within(layer.out) || !within(layer.kernel) || !within(width) || !within(layer.stride) || !within(layer.groups) ||
      !within(layer.dilation) || layer.padding > BuilderLimits::kSide)
    return Bad("conv", "its outputs, kernel, stride, groups and dilation are from 1 to " + std::to_string(BuilderLimits::kSide));
  if (in[0] % layer.groups != 0 || layer.out % layer.groups != 0)
    return Bad("conv", std::to_string(layer.groups) + " groups do not divide " + std::to_string(in[0]) + " and " +
                           std::to_string(layer.out) + " channels");
  const auto rows = SideOf(layer, in[1], layer.kernel), columns = SideOf(layer, in[2], width);
  if (rows.out < 1 || columns.out < 1) return Bad("conv", "its kernel is larger than " + ShapeText(in));
  const std::string name = Named(layer.name);
  const int64_t in_of_group = in[0] / layer.groups;
  TW_ASSIGN(std::string weights, Parameter(name + ".weight", {layer.out, in_of_group, layer.kernel, width}, WeightKind::kWeights,
                                           in_of_group * layer.kernel * width));
  std::vector<std::string> inputs{NameOf(x), std::move(weights)};
  if (layer.bias) {
    TW_ASSIGN(std::string bias, Parameter(name + ".bias", {layer.out}, WeightKind::kBias));
    inputs.push_back(std::move(bias));
  }
  using Integers = std::vector<int64_t>;
  return Node("Conv", std::move(inputs),
              {{"kernel_shape", Integers{layer.kernel, width}},
               {"strides", Integers{layer.stride, layer.stride}},
               {"pads", Integers{rows.before, columns.before, rows.behind, columns.behind}},
               {"dilations", Integers{layer.dilation, layer.dilation}},
               {"group", layer.groups}},
              {layer.out, rows.out, columns.out});
}

Result<int> OnnxBuilder::BatchNorm(int x, const std::string& given, double epsilon) {
  const std::string name = Named(given);
  const int64_t channels = this->channels(x);
  std::vector<std::string> inputs{NameOf(x)};
  const std::pair<const char*, WeightKind> parts[] = {{".weight", WeightKind::kScale},
                                                      {".bias", WeightKind::kBias},
                                                      {".running_mean", WeightKind::kMean},
                                                      {".running_var", WeightKind::kVariance}};
  for (const auto& [suffix, kind] : parts) {
    TW_ASSIGN(std::string parameter, Parameter(name + suffix, {channels}, kind));
    inputs.push_back(std::move(parameter));
  }
  return Node("BatchNormalization", std::move(inputs), {{"epsilon", static_cast<float>(epsilon)}}, shape(x));
}

Result<int> OnnxBuilder::LayerNorm(int x, const std::string& given) {
  const std::string name = Named(given);
  const int64_t width = shape(x).back();
  TW_ASSIGN(std::string scale, Parameter(name + ".weight", {width}, WeightKind::kScale));
  TW_ASSIGN(std::string bias, Parameter(name + ".bias", {width}, WeightKind::kBias));
  return Node("LayerNormalization", {NameOf(x), std::move(scale), std::move(bias)}, {{"axis", int64_t{-1}}, {"epsilon", 1e-6f}}, shape(x));
}

int OnnxBuilder::Valued(std::string name, std::vector<int64_t> shape) {
  names_.push_back(std::move(name));
  shapes_.push_back(std::move(shape));
  return static_cast<int>(names_.size()) - 1;
}

Result<int> OnnxBuilder::Learned(const std::vector<int64_t>& shape, const std::string& given) {
  if (shape.empty()) return Bad("learned", "it needs at least one side");
  std::vector<int64_t> dims{1};
  dims.insert(dims.end(), shape.begin(), shape.end());
  const std::string base = given.empty() ? "learned" + std::to_string(model_.graph.initializers.size()) : given;
  TW_ASSIGN(std::string name, Parameter(base + ".weight", std::move(dims), WeightKind::kScale));
  return Valued(std::move(name), shape);
}

Result<int> OnnxBuilder::Linear(int x, int64_t out, bool bias, const std::string& given) {
  const std::string name = Named(given);
  if (Is(x, 3)) return Bad("linear", "it takes a vector or tokens, not " + ShapeText(shape(x)) + "; flatten it first");
  if (out < 1 || out > BuilderLimits::kSide * 2)
    return Bad("linear", "its outputs are from 1 to " + std::to_string(BuilderLimits::kSide * 2));
  const int64_t width = shape(x).back();
  std::vector<int64_t> out_shape = shape(x);
  out_shape.back() = out;
  std::string bias_name;
  if (bias) {
    TW_ASSIGN(bias_name, Parameter(name + ".bias", {out}, WeightKind::kBias));
  }
  TW_ASSIGN(const std::string weights, Parameter(name + ".weight", {out, width}, WeightKind::kWeights, width));
  if (Is(x, 1)) {
    std::vector<std::string> inputs{NameOf(x), weights};
    if (bias) inputs.push_back(bias_name);
    return Node("Gemm", std::move(inputs), {{"transB", int64_t{1}}}, std::move(out_shape));
  }
  // MatMul wants them the other way about.
  OnnxTensor& matrix = model_.graph.initializers.back();
  std::vector<float> transposed;
  for (int64_t k = 0; k < width; ++k) {
    for (int64_t n = 0; n < out; ++n) transposed.push_back(matrix.At<float>(n * width + k));
  }
  matrix = OnnxTensor::Of(weights, {width, out}, transposed);
  TW_ASSIGN(const int product, Node("MatMul", {NameOf(x), weights}, {}, out_shape));
  if (!bias) return product;
  return Node("Add", {NameOf(product), bias_name}, {}, std::move(out_shape));
}

Result<OnnxModel> OnnxBuilder::Finish() && {
  if (model_.graph.outputs.empty()) return Bad("output", "the net has no output");
  TW_RETURN_IF_ERROR(CheckOnnx(model_));
  return std::move(model_);
}

}  // namespace tradewind
