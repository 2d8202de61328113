// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// QuantizeLinear and DequantizeLinear. Weights become the real numbers that they stand for; values are rounded to their grid and stay real,
// so that a net of 4 or 8 bits gives what such a net gives, at the pace of one of singles.
#include <cmath>

#include "graph/native/onnx_importer.h"

namespace tradewind {
namespace {

struct WholeRange {
  int64_t low, high;
};
std::optional<WholeRange> RangeOf(OnnxType type) {
  if (type == OnnxType::kInt8) return WholeRange{-128, 127};
  if (type == OnnxType::kUint8) return WholeRange{0, 255};
  return std::nullopt;
}

int64_t WholeAt(const OnnxTensor& tensor, int64_t i) {
  if (tensor.type == OnnxType::kInt8) return tensor.At<int8_t>(i);
  if (tensor.type == OnnxType::kUint8) return tensor.At<uint8_t>(i);
  return tensor.At<int32_t>(i);
}

}  // namespace

Result<OnnxGrid> OnnxImporter::GridOf(const OnnxNode& node, const NodeReader& read) const {
  TW_ASSIGN(const std::vector<float> scale, FloatsOf(node, read, 1, 1));
  if (!(scale[0] > 0) || std::isinf(scale[0])) return read.Invalid("a scale that is not above 0 and finite");
  TW_ASSIGN(const OnnxTensor* zero, ConstantOf(node, read, 2));
  if (zero == nullptr) return OnnxGrid{.scale = scale[0]};
  if (!RangeOf(zero->type) || zero->values() != 1) return read.Unsupported("a zero point that is not one number of 8 bits");
  return OnnxGrid{.scale = scale[0], .zero_point = WholeAt(*zero, 0)};
}

Result<void> OnnxImporter::TakeQuantize(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  TW_ASSIGN(const OnnxGrid grid, GridOf(node, read));
  TW_ASSIGN(const OnnxTensor* zero, ConstantOf(node, read, 2));
  const WholeRange range = *RangeOf(zero == nullptr ? OnnxType::kUint8 : zero->type);
  const int value = NewValue(node, build_.value(input.value));
  known_[node.outputs[0]].view = input.view;
  known_[node.outputs[0]].grid = grid;
  build_.AddOp(GridSpec{.input = input.value,
                        .step = grid.scale,
                        .low = static_cast<float>(range.low - grid.zero_point),
                        .high = static_cast<float>(range.high - grid.zero_point)},
               value);
  return {};
}

// Weights and biases, with one scale or one for each of an axis.
Result<void> OnnxImporter::FoldDequantize(const OnnxNode& node, const NodeReader& read, const OnnxTensor& whole) {
  TW_ASSIGN(const OnnxTensor* scale, ConstantOf(node, read, 1));
  TW_ASSIGN(const OnnxTensor* zero, ConstantOf(node, read, 2));
  if (scale == nullptr) return read.Invalid("the scale is missing");
  const int64_t count = scale->values();
  TW_ASSIGN(const std::vector<float> scales, read.Floats(scale, count));
  if (!RangeOf(whole.type) && whole.type != OnnxType::kInt32)
    return read.Unsupported("whole numbers of " + std::string(OnnxTypeName(whole.type)));
  if (zero != nullptr && (zero->type != whole.type || zero->values() != count))
    return read.Invalid("zero points that do not fit the whole numbers and their scales");
  int64_t run = whole.values();  // numbers in a row of one scale
  if (count != 1) {
    const auto rank = static_cast<int64_t>(whole.dims.size());
    int64_t axis = read.Integer("axis", 1);
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank || whole.dims[static_cast<size_t>(axis)] != count || read.Integer("block_size", 0) != 0)
      return read.Unsupported(std::to_string(count) + " scales for whole numbers of " + ShapeText(whole.dims));
    run = 1;
    for (auto i = static_cast<size_t>(axis) + 1; i < whole.dims.size(); ++i) run *= whole.dims[i];
  }
  std::vector<float> values(static_cast<size_t>(whole.values()));
  for (int64_t i = 0; i < whole.values(); ++i) {
    const int64_t k = i / run % count;
    const int64_t less = zero == nullptr ? 0 : WholeAt(*zero, k);
    values[static_cast<size_t>(i)] = static_cast<float>(WholeAt(whole, i) - less) * scales[static_cast<size_t>(k)];
  }
  folded_.push_back(OnnxTensor::Of(node.outputs[0], whole.dims, values));
  known_[node.outputs[0]] = {.constant = &folded_.back()};
  return {};
}

Result<void> OnnxImporter::TakeDequantize(const OnnxNode& node, const NodeReader& read) {
  if (node.inputs.empty() || node.inputs[0].empty()) return read.Invalid("input 0 is missing");
  const OnnxName& input = known_.at(node.inputs[0]);
  if (input.constant != nullptr) return FoldDequantize(node, read, *input.constant);
  if (!input.grid) return read.Unsupported("input 0 is not what a QuantizeLinear gave");
  TW_ASSIGN(const OnnxGrid grid, GridOf(node, read));
  if (!(grid == *input.grid)) return read.Unsupported("another scale or zero point than its input was quantised by");
  OnnxName real = input;
  real.grid.reset();
  known_[node.outputs[0]] = std::move(real);
  uses_[node.outputs[0]] = std::max(uses_[node.outputs[0]], uses_[node.inputs[0]] > 1 ? 2 : 0);  // seen by others under either name
  return {};
}

}  // namespace tradewind
