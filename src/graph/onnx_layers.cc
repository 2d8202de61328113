// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// OnnxBuilder's layers without parameters.
#include <algorithm>
#include <limits>

#include "graph/onnx_builder.h"
#include "graph/tensor.h"

namespace tradewind {

Result<int> OnnxBuilder::Unary(std::string_view op_type, int x) {
  return Node(std::string(op_type), {NameOf(x)}, {}, shape(x));
}

Result<int> OnnxBuilder::HardSigmoid(int x) {
  return Node("HardSigmoid", {NameOf(x)}, {{"alpha", 1.0f / 6}, {"beta", 0.5f}}, shape(x));
}

Result<int> OnnxBuilder::Clip(int x, float low, float high) {
  const std::string low_name = Constant("low", low);
  const std::string high_name = Constant("high", high);
  return Node("Clip", {NameOf(x), low_name, high_name}, {}, shape(x));
}

Result<int> OnnxBuilder::Binary(std::string_view op_type, int a, int b) {
  const std::vector<int64_t>& x = shape(a);
  const std::vector<int64_t>& y = shape(b);
  if (x.size() != y.size()) return Bad(op_type, ShapeText(x) + " and " + ShapeText(y) + " have different counts of dimensions");
  std::vector<int64_t> out;
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i] && x[i] != 1 && y[i] != 1) return Bad(op_type, ShapeText(x) + " and " + ShapeText(y) + " do not go together");
    out.push_back(std::max(x[i], y[i]));
  }
  return Node(std::string(op_type), {NameOf(a), NameOf(b)}, {}, std::move(out));
}

Result<int> OnnxBuilder::Scale(int x, float factor) {
  const std::string name = Constant("factor", factor);
  return Node("Mul", {NameOf(x), name}, {}, shape(x));
}

Result<int> OnnxBuilder::Pool(std::string op_type, int x, const PoolLayer& layer) {
  if (!Is(x, 3)) return Bad(op_type, "it takes a picture (channels, rows, columns), not " + ShapeText(shape(x)));
  const std::vector<int64_t> in = shape(x);
  if (layer.kernel < 1 || layer.stride < 1 || layer.padding < 0 || layer.padding >= layer.kernel || layer.stride > BuilderLimits::kSide ||
      layer.kernel > BuilderLimits::kSide)
    return Bad(op_type, "its kernel and stride are at least 1, and its padding less than its kernel");
  if (std::min(in[1], in[2]) + 2 * layer.padding < layer.kernel) return Bad(op_type, "its window is larger than " + ShapeText(in));
  const auto side = [&](int64_t s) { return (s + 2 * layer.padding - layer.kernel) / layer.stride + 1; };
  using Integers = std::vector<int64_t>;
  std::vector<OnnxAttribute> attributes{{"kernel_shape", Integers{layer.kernel, layer.kernel}},
                                        {"strides", Integers{layer.stride, layer.stride}},
                                        {"pads", Integers{layer.padding, layer.padding, layer.padding, layer.padding}}};
  return Node(std::move(op_type), {NameOf(x)}, std::move(attributes), {in[0], side(in[1]), side(in[2])});
}

Result<int> OnnxBuilder::MaxPool(int x, const PoolLayer& layer) {
  return Pool("MaxPool", x, layer);
}

Result<int> OnnxBuilder::AveragePool(int x, const PoolLayer& layer) {
  return Pool("AveragePool", x, layer);
}

Result<int> OnnxBuilder::GlobalAveragePool(int x) {
  if (!Is(x, 3)) return Bad("global average pool", "it takes a picture (channels, rows, columns), not " + ShapeText(shape(x)));
  return Node("GlobalAveragePool", {NameOf(x)}, {}, {channels(x), 1, 1});
}

Result<int> OnnxBuilder::Flatten(int x) {
  int64_t count = 1;
  for (const int64_t dim : shape(x)) count *= dim;
  return Node("Flatten", {NameOf(x)}, {{"axis", int64_t{1}}}, {count});
}

Result<int> OnnxBuilder::Concat(const std::vector<int>& values, int64_t axis) {
  if (values.empty()) return Bad("concat", "it takes at least one value");
  std::vector<int64_t> out = shape(values[0]);
  if (axis < 0 || axis >= static_cast<int64_t>(out.size())) return Bad("concat", "there is no dimension " + std::to_string(axis));
  std::vector<std::string> inputs{NameOf(values[0])};
  const auto along = static_cast<size_t>(axis);
  for (size_t i = 1; i < values.size(); ++i) {
    std::vector<int64_t> other = shape(values[i]);
    if (other.size() != out.size()) return Bad("concat", ShapeText(out) + " and " + ShapeText(other) + " do not go together");
    const int64_t sum = out[along] + other[along];
    other[along] = out[along];
    if (other != out) return Bad("concat", ShapeText(out) + " and " + ShapeText(shape(values[i])) + " do not go together");
    out[along] = sum;
    inputs.push_back(NameOf(values[i]));
  }
  return Node("Concat", std::move(inputs), {{"axis", axis + 1}}, std::move(out));
}

Result<int> OnnxBuilder::Slice(int x, int64_t axis, int64_t begin, int64_t end, int64_t step) {
  std::vector<int64_t> out = shape(x);
  if (axis < 0 || axis >= static_cast<int64_t>(out.size())) return Bad("slice", "there is no dimension " + std::to_string(axis));
  int64_t& side = out[static_cast<size_t>(axis)];
  if (begin < 0 || begin >= end || end > side || step < 1)
    return Bad("slice", std::to_string(begin) + " to " + std::to_string(end) + " by " + std::to_string(step) + " is no part of " +
                            std::to_string(side));
  // Up to the last, whatever the side becomes: pictures of other sides then go through the same graph.
  const int64_t to = end == side ? std::numeric_limits<int64_t>::max() : end;
  side = (end - begin + step - 1) / step;
  const std::string starts = Constant("begin", {1}, {begin});
  const std::string ends = Constant("end", {1}, {to});
  const std::string axes = Constant("axis", {1}, {axis + 1});
  const std::string steps = Constant("step", {1}, {step});
  return Node("Slice", {NameOf(x), starts, ends, axes, steps}, {}, std::move(out));
}

Result<int> OnnxBuilder::PadChannels(int x, int64_t before, int64_t behind) {
  if (!Is(x, 3) || before < 0 || behind < 0 || before > BuilderLimits::kSide || behind > BuilderLimits::kSide)
    return Bad("pad channels", "it takes a picture, and counts from 0 up");
  std::vector<int64_t> out = shape(x);
  out[0] += before + behind;
  const std::string pads = Constant("pads", {8}, {0, before, 0, 0, 0, behind, 0, 0});
  return Node("Pad", {NameOf(x), pads}, {}, std::move(out));
}

Result<int> OnnxBuilder::Reshape(int x, std::vector<int64_t> to) {
  int64_t from_count = 1;
  for (const int64_t dim : shape(x)) from_count *= dim;
  int64_t to_count = 1;
  for (const int64_t dim : to) {
    if (dim < 1 || dim > from_count) return Bad("reshape", ShapeText(shape(x)) + " cannot become " + ShapeText(to));
    to_count *= dim;
    if (to_count > from_count) break;
  }
  if (to.empty() || to_count != from_count) return Bad("reshape", ShapeText(shape(x)) + " cannot become " + ShapeText(to));
  std::vector<int64_t> dims{0};  // the batch, as it is
  dims.insert(dims.end(), to.begin(), to.end());
  const std::string name = Constant("shape", {static_cast<int64_t>(dims.size())}, dims);
  return Node("Reshape", {NameOf(x), name}, {}, std::move(to));
}

Result<int> OnnxBuilder::Transpose(int x, const std::vector<int64_t>& order) {
  std::vector<int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  std::vector<int64_t> out;
  std::vector<int64_t> with_batch{0};
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i] != static_cast<int64_t>(i) || sorted.size() != shape(x).size())
      return Bad("transpose", "the order is no order of the dimensions of " + ShapeText(shape(x)));
  }
  if (order.empty()) return Bad("transpose", "the order is empty");
  for (const int64_t axis : order) {
    out.push_back(shape(x)[static_cast<size_t>(axis)]);
    with_batch.push_back(axis + 1);
  }
  return Node("Transpose", {NameOf(x)}, {{"perm", std::move(with_batch)}}, std::move(out));
}

Result<int> OnnxBuilder::MatMul(int a, int b) {
  const std::vector<int64_t>& x = shape(a);
  const std::vector<int64_t>& y = shape(b);
  const size_t rank = x.size();
  const bool fits = rank >= 2 && y.size() == rank && x[rank - 1] == y[rank - 2] && std::equal(x.begin(), x.end() - 2, y.begin());
  if (!fits) return Bad("matmul", ShapeText(x) + " and " + ShapeText(y) + " do not go together");
  std::vector<int64_t> out = x;
  out[rank - 1] = y[rank - 1];
  return Node("MatMul", {NameOf(a), NameOf(b)}, {}, std::move(out));
}

Result<int> OnnxBuilder::Softmax(int x, int64_t axis) {
  if (axis < 0 || axis >= static_cast<int64_t>(shape(x).size())) return Bad("softmax", "there is no dimension " + std::to_string(axis));
  return Node("Softmax", {NameOf(x)}, {{"axis", axis + 1}}, shape(x));
}

Result<int> OnnxBuilder::Mean(int x, int64_t axis) {
  std::vector<int64_t> out = shape(x);
  if (axis < 0 || axis >= static_cast<int64_t>(out.size()) || out.size() < 2)
    return Bad("mean", "there is no dimension " + std::to_string(axis) + " that can go");
  out.erase(out.begin() + axis);
  return Node("ReduceMean", {NameOf(x)}, {{"axes", std::vector<int64_t>{axis + 1}}, {"keepdims", int64_t{0}}}, std::move(out));
}

Result<int> OnnxBuilder::Gather(int x, int64_t axis, const std::vector<int64_t>& indices) {
  std::vector<int64_t> out = shape(x);
  if (axis < 0 || axis >= static_cast<int64_t>(out.size())) return Bad("gather", "there is no dimension " + std::to_string(axis));
  int64_t& side = out[static_cast<size_t>(axis)];
  for (const int64_t i : indices) {
    if (i < 0 || i >= side) return Bad("gather", "there is no place " + std::to_string(i) + " among " + std::to_string(side));
  }
  side = static_cast<int64_t>(indices.size());
  const std::string name = Constant("indices", {side}, indices);
  return Node("Gather", {NameOf(x), name}, {{"axis", axis + 1}}, std::move(out));
}

Result<int> OnnxBuilder::Fixed(std::span<const float> values, std::vector<int64_t> shape) {
  std::vector<int64_t> dims{1};
  int64_t count = 1;
  for (const int64_t side : shape) {
    if (side < 1 || side > static_cast<int64_t>(values.size())) return Bad("constant", ShapeText(shape) + " is not what the numbers fill");
    dims.push_back(side);
    count *= side;
    if (count > static_cast<int64_t>(values.size())) break;
  }
  if (shape.empty() || count != static_cast<int64_t>(values.size()))
    return Bad("constant", std::to_string(values.size()) + " numbers do not fill " + ShapeText(shape));
  std::string name = "fixed_" + std::to_string(model_.graph.initializers.size());
  model_.graph.initializers.push_back(OnnxTensor::Of(name, std::move(dims), values));
  return Valued(std::move(name), std::move(shape));
}

Result<int> OnnxBuilder::Upsample(int x, int64_t factor) {
  if (!Is(x, 3)) return Bad("upsample", "it takes a picture (channels, rows, columns), not " + ShapeText(shape(x)));
  if (factor < 1 || factor > BuilderLimits::kSide)
    return Bad("upsample", "its factor is from 1 to " + std::to_string(BuilderLimits::kSide));
  const std::vector<int64_t>& in = shape(x);
  std::string scales = "scales_" + std::to_string(model_.graph.initializers.size());
  const float times = static_cast<float>(factor);
  model_.graph.initializers.push_back(OnnxTensor::Of(scales, {4}, std::vector<float>{1, 1, times, times}));
  return Node("Resize", {NameOf(x), "", scales},
              {{"mode", std::string("linear")}, {"coordinate_transformation_mode", std::string("half_pixel")}},
              {in[0], in[1] * factor, in[2] * factor});
}

}  // namespace tradewind
