// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What acts on each number by itself, and on the channels of a pixel.
#include <cmath>
#include <limits>

#include "graph/native/onnx_importer.h"

namespace tradewind {
namespace {

constexpr float kNoBound = std::numeric_limits<float>::infinity();

bool SameSides(const NativeValue& x, const NativeValue& y) {
  return x.batch == y.batch && x.height == y.height && x.width == y.width && x.channels == y.channels;
}

}  // namespace

void OnnxImporter::AddUnary(const OnnxNode& node, const OnnxName& input, UnarySpec spec) {
  spec.input = input.value;
  const int value = NewValue(node, build_.value(input.value));
  known_[node.outputs[0]].view = input.view;
  build_.AddOp(std::move(spec), value);
}

Result<void> OnnxImporter::ScaleAndShift(const OnnxNode& node, const std::string& input_name, const OnnxName& input,
                                         std::vector<float> scale, std::vector<float> shift) {
  if (Free(input_name) && build_.TakeScaleAndShift(input.value, scale, shift)) {
    known_[node.outputs[0]] = input;
    return {};
  }
  AddUnary(node, input, {.scale = std::move(scale), .shift = std::move(shift)});
  return {};
}

Result<void> OnnxImporter::TakeBounds(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  float low = 0;
  float high = kNoBound;
  if (node.op_type == "Clip") {  // bounds are attributes before version 11, inputs since
    low = read.Real("min", -kNoBound);
    high = read.Real("max", kNoBound);
    for (const size_t i : {1, 2}) {
      if (i >= node.inputs.size() || node.inputs[i].empty()) continue;
      TW_ASSIGN(const std::vector<float> bound, FloatsOf(node, read, i, 1));
      (i == 1 ? low : high) = bound[0];
    }
  }
  if (Free(node.inputs[0]) && build_.TakeBounds(input.value, low, high)) {
    known_[node.outputs[0]] = input;
    return {};
  }
  AddUnary(node, input, {.low = low, .high = high});
  return {};
}

Result<void> OnnxImporter::TakeCurve(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  if (node.op_type == "HardSigmoid" && (std::fabs(read.Real("alpha", 0.2f) - 1.0f / 6) > 1e-6f || read.Real("beta", 0.5f) != 0.5f)) {
    return read.Unsupported("a hard sigmoid of another slope than 1/6");
  }
  const Curve curve = node.op_type == "Sigmoid"     ? Curve::kSigmoid
                      : node.op_type == "Tanh"      ? Curve::kTanh
                      : node.op_type == "HardSwish" ? Curve::kHardSwish
                                                    : Curve::kHardSigmoid;
  AddUnary(node, input, {.curve = curve});
  return {};
}

// A number for all, or one for each channel, whichever axis those are.
Result<void> OnnxImporter::TakeBinaryConstant(const OnnxNode& node, const NodeReader& read, size_t running, size_t constant) {
  TW_ASSIGN(const OnnxTensor* numbers_of, ConstantOf(node, read, constant));
  TW_ASSIGN(OnnxName input, ValueOf(node, read, running));
  const auto rank = static_cast<int64_t>(ShapeOf(input).size());
  const auto& dims = numbers_of->dims;
  int64_t axis = -1;  // along which the constant varies; axes are brought together from the last on
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 1) continue;
    if (axis >= 0 || static_cast<int64_t>(dims.size()) > rank)
      return read.Unsupported("a constant of " + ShapeText(dims) + " that is not one number for each channel");
    axis = rank - static_cast<int64_t>(dims.size() - i);
  }
  const auto is_channels = [&] { return axis < 0 || ViewOf(input).IsChannels(static_cast<size_t>(axis), build_.value(input.value)); };
  if (!is_channels()) {
    TW_ASSIGN(input, LaidOut(node, read, running));
    if (!is_channels()) return read.Unsupported("a constant of " + ShapeText(dims) + " that is not one number for each channel");
  }
  const auto count = static_cast<size_t>(build_.value(input.value).channels);
  TW_ASSIGN(std::vector<float> numbers, read.Floats(numbers_of, axis < 0 ? 1 : static_cast<int64_t>(count)));
  if (axis < 0) numbers = std::vector<float>(count, numbers[0]);
  const std::string& name = node.inputs[running];
  return node.op_type == "Mul" ? ScaleAndShift(node, name, input, std::move(numbers), std::vector<float>(count, 0.0f))
                               : ScaleAndShift(node, name, input, std::vector<float>(count, 1.0f), std::move(numbers));
}

Result<void> OnnxImporter::TakeBinary(const OnnxNode& node, const NodeReader& read) {
  const bool multiply = node.op_type == "Mul";
  if (node.inputs.size() != 2 || node.inputs[0].empty() || node.inputs[1].empty()) return read.Invalid("it takes two inputs");
  const bool constants[] = {known_.at(node.inputs[0]).constant != nullptr, known_.at(node.inputs[1]).constant != nullptr};
  if (constants[0] && constants[1]) return read.Unsupported("a product or sum of constants");
  if (constants[0] || constants[1]) return TakeBinaryConstant(node, read, constants[0] ? 1 : 0, constants[0] ? 0 : 1);
  TW_ASSIGN(OnnxName a, ValueOf(node, read, 0));
  TW_ASSIGN(OnnxName b, ValueOf(node, read, 1));
  if (!SameSides(build_.value(a.value), build_.value(b.value)) || a.view != b.view) {
    TW_ASSIGN(a, LaidOut(node, read, 0));
    TW_ASSIGN(b, LaidOut(node, read, 1));
  }
  if (!multiply && SameSides(build_.value(a.value), build_.value(b.value)) && a.view == b.view) {
    if (const auto sum = build_.TakeSum(a.value, Free(node.inputs[0]), b.value, Free(node.inputs[1]))) {
      known_[node.outputs[0]] = {.value = *sum, .view = a.view};
      return {};
    }
  }
  if (build_.value(a.value).pixels() < build_.value(b.value).pixels()) std::swap(a, b);
  const NativeValue x = build_.value(a.value);
  const NativeValue y = build_.value(b.value);
  const bool one_for_all = y.pixels() == 1 && ShapeOf(a).size() == ShapeOf(b).size();
  if (x.batch != y.batch || x.channels != y.channels || !(one_for_all || (SameSides(x, y) && a.view == b.view))) {
    return read.Unsupported("two values of shapes that are brought together in another way than by pixels or by channels");
  }
  const int value = NewValue(node, x);
  known_[node.outputs[0]].view = a.view;
  build_.AddOp(BinarySpec{.a = a.value, .b = b.value, .multiply = multiply}, value);
  return {};
}

Result<void> OnnxImporter::TakeIntegrateAndFire(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
  const NativeValue like = build_.value(input.value);
  const bool one = given != nullptr && given->values() == 1;
  TW_ASSIGN(std::vector<float> thresholds, read.Floats(given, one ? 1 : like.channels));
  if (one) thresholds = std::vector<float>(static_cast<size_t>(like.channels), thresholds[0]);
  const float start = read.Real("start", 0);
  for (const float t : thresholds) {
    if (!(t > 0) || std::isinf(t)) return read.Invalid("a threshold that is not above 0 and finite");
  }
  if (!(start >= 0 && start < 1)) return read.Invalid("potentials that start outside of 0 to 1 threshold");
  NativeValue potential = {.name = node.outputs[0] + ".potential", .batch = like.batch, .height = like.height, .width = like.width};
  potential.channels = like.channels;
  potential.kept = true;
  NativeValue spikes = {.name = node.outputs[0] + ".spikes", .height = like.batch * like.height};
  spikes.kept = true;
  IntegrateFireSpec spec{.input = input.value, .thresholds = std::move(thresholds), .start = start};
  spec.potential = build_.AddValue(std::move(potential));
  spec.spikes = build_.AddValue(std::move(spikes));
  const int value = NewValue(node, like);
  known_[node.outputs[0]].view = input.view;
  build_.AddOp(std::move(spec), value);
  return {};
}

// Over all channels of each pixel, wherever the file has them; another axis is made the last first.
Result<void> OnnxImporter::TakeSoftmax(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(OnnxName input, ValueOf(node, read, 0));
  const auto rank = static_cast<int64_t>(ShapeOf(input).size());
  int64_t axis = read.Integer("axis", model_.opset() >= 13 ? -1 : 1);
  if (axis < 0) axis += rank;
  // Before version 13 the axes from this one on are one.
  if (axis < 0 || axis >= rank || (model_.opset() < 13 && axis != rank - 1)) return read.Unsupported("a softmax over several axes");
  const auto over = static_cast<size_t>(axis);
  if (!ViewOf(input).IsChannels(over, build_.value(input.value))) {
    TW_ASSIGN(input, LaidOut(node, read, 0));
    if (!ViewOf(input).IsChannels(over, build_.value(input.value))) return read.Unsupported("a softmax over another axis than channels");
  }
  const int value = NewValue(node, build_.value(input.value));
  known_[node.outputs[0]].view = input.view;
  build_.AddOp(SoftmaxSpec{input.value, value}, value);
  return {};
}

}  // namespace tradewind
