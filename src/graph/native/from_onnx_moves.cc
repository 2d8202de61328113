// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What moves numbers, or only says otherwise where they are.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "graph/native/onnx_importer.h"

namespace tradewind {
namespace {

// Of more values than any tensor has, just that.
int64_t Product(std::span<const int64_t> sides) {
  constexpr int64_t kMost = int64_t{1} << 62;
  int64_t product = 1;
  for (const int64_t s : sides) {
    if (s > 1 && product > kMost / s) return kMost;
    product *= std::max<int64_t>(0, s);
  }
  return product;
}

// An axis of a file, which may count from the end; nothing if there is none such.
std::optional<size_t> AxisOf(int64_t axis, size_t rank) {
  const auto count = static_cast<int64_t>(rank);
  if (axis < -count || axis >= count) return std::nullopt;
  return static_cast<size_t>(axis < 0 ? axis + count : axis);
}

// The shape that Flatten, Squeeze and Unsqueeze ask for.
std::optional<std::vector<int64_t>> Flattened(const std::vector<int64_t>& from, int64_t axis) {
  const auto at = axis == static_cast<int64_t>(from.size()) ? std::optional(from.size()) : AxisOf(axis, from.size());
  if (!at) return std::nullopt;
  const std::span<const int64_t> sides = from;
  return std::vector<int64_t>{Product(sides.first(*at)), Product(sides.subspan(*at))};
}
std::optional<std::vector<int64_t>> Squeezed(std::vector<int64_t> shape, const std::vector<int64_t>& axes) {
  std::vector<bool> gone(shape.size(), false);
  for (const int64_t a : axes) {
    const auto at = AxisOf(a, shape.size());
    if (!at || shape[*at] != 1) return std::nullopt;
    gone[*at] = true;
  }
  std::vector<int64_t> kept;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (axes.empty() ? shape[i] != 1 : !gone[i]) kept.push_back(shape[i]);
  }
  return kept;
}
std::optional<std::vector<int64_t>> Unsqueezed(std::vector<int64_t> shape, std::vector<int64_t> axes) {
  for (int64_t& a : axes) a = a < 0 ? a + static_cast<int64_t>(shape.size() + axes.size()) : a;
  std::sort(axes.begin(), axes.end());
  for (const int64_t a : axes) {
    if (a < 0 || a > static_cast<int64_t>(shape.size())) return std::nullopt;
    shape.insert(shape.begin() + a, 1);
  }
  return shape;
}
// Of Reshape: 0 is the side as it was, -1 what is left.
std::optional<std::vector<int64_t>> Reshaped(const std::vector<int64_t>& from, std::vector<int64_t> to) {
  int64_t* open = nullptr;
  for (size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0 && i < from.size()) to[i] = from[i];
    if (to[i] == -1 && open == nullptr) {
      open = &to[i];
    } else if (to[i] < 1) {
      return std::nullopt;
    }
  }
  if (open != nullptr) {
    *open = 1;
    *open = Product(from) / Product(to);
  }
  return to;
}

// Indices from `begin` on, as Slice has them: within [0, side), `end` clamped.
std::vector<int64_t> SliceOf(int64_t side, int64_t begin, int64_t end, int64_t step) {
  std::vector<int64_t> indices;
  const auto inside = [&](int64_t at) {
    return std::clamp(at < 0 ? at + side : at, step > 0 ? int64_t{0} : int64_t{-1}, step > 0 ? side : side - 1);
  };
  if (step > 0) {
    for (int64_t i = inside(begin); i < inside(end); i += std::min(step, side)) indices.push_back(i);
  } else {
    const int64_t last = end < -side ? -1 : inside(end);
    for (int64_t i = inside(begin); i > last; i += std::max(step, -side)) indices.push_back(i);
  }
  return indices;
}

}  // namespace

Result<void> OnnxImporter::TakeReshape(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(OnnxName input, ValueOf(node, read, 0));
  const std::vector<int64_t> from = ShapeOf(input);
  std::optional<std::vector<int64_t>> to;
  if (node.op_type == "Flatten") {
    to = Flattened(from, read.Integer("axis", 1));
  } else if (node.op_type == "Reshape") {
    TW_ASSIGN(std::vector<int64_t> dims, IntegersOf(node, read, 1));
    to = Reshaped(from, std::move(dims));
  } else {
    TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
    TW_ASSIGN(const std::vector<int64_t> axes, read.Integers("axes", given));
    to = node.op_type == "Squeeze" ? Squeezed(from, axes) : Unsqueezed(from, axes);
  }
  if (!to || to->empty() || Product(*to) != Product(from))
    return read.Invalid(ShapeText(from) + " cannot be given the shape that it asks for");
  std::optional<View> view = ViewOf(input).Reshaped(*to);
  if (!view) {
    TW_ASSIGN(input, LaidOut(node, read, 0));
    view = ViewOf(input).Reshaped(*to);
  }
  if (!view) return read.Unsupported("numbers would have to move to turn " + ShapeText(from) + " into " + ShapeText(*to));
  return See(node, read, input.value, std::move(*view));
}

Result<void> OnnxImporter::TakeTranspose(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  const View view = ViewOf(input);
  TW_ASSIGN(std::vector<int64_t> order, read.Integers("perm", nullptr));
  if (order.empty()) {
    for (size_t i = view.rank(); i-- > 0;) order.push_back(static_cast<int64_t>(i));
  }
  std::vector<int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  std::vector<int64_t> all(view.rank());
  std::iota(all.begin(), all.end(), 0);
  if (sorted != all) return read.Invalid("perm names other axes than those of " + ShapeText(view.shape()));
  return See(node, read, input.value, view.Transposed(order));
}

Result<void> OnnxImporter::TakeSlice(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  View view = ViewOf(input);
  constexpr const char* kNames[] = {"starts", "ends", "axes", "steps"};  // attributes before version 10
  std::vector<int64_t> parts[4];
  for (size_t i = 0; i < 4; ++i) {
    TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, i + 1));
    TW_ASSIGN(parts[i], read.Integers(kNames[i], given));
  }
  auto& [starts, ends, axes, steps] = parts;
  if (axes.empty()) {
    axes.resize(starts.size());
    std::iota(axes.begin(), axes.end(), 0);
  }
  if (steps.empty()) steps.assign(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    return read.Invalid("starts, ends, axes and steps differ in count");
  for (size_t i = 0; i < starts.size(); ++i) {
    const auto axis = AxisOf(axes[i], view.rank());
    if (!axis || steps[i] == 0)
      return read.Invalid("axis " + std::to_string(axes[i]) + " of " + ShapeText(view.shape()) + " cannot be sliced so");
    const std::vector<int64_t> indices = SliceOf(view.shape()[*axis], starts[i], ends[i], steps[i]);
    if (indices.empty()) return read.Unsupported("a slice that leaves nothing");
    view = view.Taken(*axis, indices);
  }
  return See(node, read, input.value, std::move(view));
}

Result<void> OnnxImporter::TakeGather(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  const View view = ViewOf(input);
  TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
  TW_ASSIGN(std::vector<int64_t> indices, IntegersOf(node, read, 1));
  const auto axis = AxisOf(read.Integer("axis", 0), view.rank());
  if (!axis || given->dims.size() > 1 || indices.empty()) return read.Unsupported("indices of more than one axis");
  std::vector<int64_t> shape = view.shape();
  for (int64_t& i : indices) {
    const auto at = AxisOf(i, static_cast<size_t>(shape[*axis]));
    if (!at) return read.Invalid("index " + std::to_string(i) + " is outside of " + ShapeText(shape));
    i = static_cast<int64_t>(*at);
  }
  View taken = view.Taken(*axis, indices);
  if (given->dims.empty()) {  // one index: the axis goes
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(*axis));
    const auto without = taken.Reshaped(shape);
    if (!without) return read.Unsupported("an axis that cannot be left out");
    taken = *without;
  }
  return See(node, read, input.value, std::move(taken));
}

Result<void> OnnxImporter::TakeSplit(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  const View view = ViewOf(input);
  const auto axis = AxisOf(read.Integer("axis", 0), view.rank());
  if (!axis) return read.Invalid("there is no such axis of " + ShapeText(view.shape()));
  TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
  TW_ASSIGN(std::vector<int64_t> sizes, read.Integers("split", given));
  const int64_t side = view.shape()[*axis];
  const auto count = static_cast<int64_t>(node.outputs.size());
  if (sizes.empty()) {
    const int64_t each = (side + count - 1) / count;
    for (int64_t i = 0; i < count; ++i) sizes.push_back(std::min(each, side - i * each));
  }
  // Each part within the axis, so that their sum cannot wrap.
  const bool inside = std::all_of(sizes.begin(), sizes.end(), [&](int64_t s) { return s >= 1 && s <= side; });
  if (static_cast<int64_t>(sizes.size()) != count || !inside || std::accumulate(sizes.begin(), sizes.end(), int64_t{0}) != side) {
    return read.Invalid("its parts do not make up axis " + std::to_string(*axis) + " of " + ShapeText(view.shape()));
  }
  int64_t begin = 0;
  for (size_t o = 0; o < sizes.size(); ++o) {
    TW_RETURN_IF_ERROR(See(node, read, input.value, view.Range(*axis, begin, sizes[o]), o));
    begin += sizes[o];
  }
  return {};
}

// The nearest pixel, by whole factors: each is seen several times.
Result<void> OnnxImporter::TakeResize(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  View view = ViewOf(input);
  const auto* mode = node.Attribute<std::string>("mode");
  if (mode != nullptr && *mode != "nearest") return read.Unsupported("a resize in another mode than nearest");
  TW_ASSIGN(const OnnxTensor* scales, ConstantOf(node, read, model_.opset() < 11 ? 1 : 2));
  TW_ASSIGN(const OnnxTensor* sizes, ConstantOf(node, read, 3));
  const std::vector<int64_t> from = view.shape();
  std::vector<int64_t> to;
  if (scales != nullptr && scales->values() > 0) {
    TW_ASSIGN(const std::vector<float> factors, read.Floats(scales, static_cast<int64_t>(from.size())));
    for (size_t i = 0; i < factors.size(); ++i)
      to.push_back(std::isfinite(factors[i]) && factors[i] < 1024 ? static_cast<int64_t>(static_cast<float>(from[i]) * factors[i]) : -1);
  } else {
    TW_ASSIGN(to, read.Integers("", sizes));
  }
  if (to.size() != from.size()) return read.Invalid("its scales or sizes are not those of " + ShapeText(from));
  for (size_t i = 0; i < to.size(); ++i) {
    if (to[i] < from[i] || to[i] % from[i] != 0 || to[i] > kMostSide)
      return read.Unsupported("a resize of " + ShapeText(from) + " by another than a whole factor");
    std::vector<int64_t> indices;
    for (int64_t k = 0; k < to[i]; ++k) indices.push_back(k / (to[i] / from[i]));
    view = view.Taken(i, indices);
  }
  return See(node, read, input.value, std::move(view));
}

Result<void> OnnxImporter::TakeConcat(const OnnxNode& node, const NodeReader& read) {
  std::vector<OnnxName> inputs;
  std::vector<int64_t> shape;
  std::optional<size_t> axis;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    TW_ASSIGN(const OnnxName input, ValueOf(node, read, i));
    std::vector<int64_t> sides = ShapeOf(input);
    if (i == 0) axis = AxisOf(read.Integer("axis", 1), sides.size());
    if (!axis || (i > 0 && sides.size() != shape.size())) return read.Invalid("its inputs do not have the same axes");
    if (i > 0) {
      const int64_t side = sides[*axis];
      sides[*axis] = shape[*axis];
      if (sides != shape) return read.Invalid("its inputs differ in other axes than " + std::to_string(*axis));
      shape[*axis] += side;
    } else {
      shape = sides;
    }
    inputs.push_back(input);
  }
  if (inputs.empty()) return read.Invalid("it has no inputs");
  TW_ASSIGN(const OnnxName out, NewTensor(read, node.outputs[0], shape, build_.value(inputs[0].value)));
  RearrangeSpec spec;
  int64_t begin = 0;
  for (const OnnxName& input : inputs) {
    const View from = ViewOf(input);
    const int64_t side = from.shape()[*axis];
    spec.parts.push_back({input.value, from, ViewOf(out).Range(*axis, begin, side)});
    begin += side;
  }
  known_[node.outputs[0]] = out;
  build_.AddOp(std::move(spec), out.value);
  return {};
}

// Zeros before and behind.
Result<void> OnnxImporter::TakePad(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, ValueOf(node, read, 0));
  TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
  TW_ASSIGN(const std::vector<int64_t> pads, read.Integers("pads", given));
  const auto* mode = node.Attribute<std::string>("mode");
  const View from = ViewOf(input);
  std::vector<int64_t> shape = from.shape();
  const bool wrong =
      pads.size() != 2 * shape.size() || std::any_of(pads.begin(), pads.end(), [](int64_t p) { return p < 0 || p > kMostSide; });
  if (wrong || (mode != nullptr && *mode != "constant"))
    return read.Unsupported("padding that is not of zeros before and behind each axis");
  if (node.inputs.size() > 2 && !node.inputs[2].empty()) {
    TW_ASSIGN(const std::vector<float> with, FloatsOf(node, read, 2, 1));
    if (with[0] != 0) return read.Unsupported("padding with something else than zeros");
  }
  if (std::all_of(pads.begin(), pads.end(), [](int64_t p) { return p == 0; })) {
    return See(node, read, input.value, from);
  }
  const size_t rank = shape.size();
  for (size_t i = 0; i < rank; ++i) shape[i] += pads[i] + pads[rank + i];
  TW_ASSIGN(const OnnxName out, NewTensor(read, node.outputs[0], shape, build_.value(input.value)));
  View to = ViewOf(out);
  for (size_t i = 0; i < rank; ++i) to = to.Range(i, pads[i], from.shape()[i]);
  RearrangeSpec spec{.zeros = true};
  spec.parts.push_back({input.value, from, std::move(to)});
  known_[node.outputs[0]] = out;
  build_.AddOp(std::move(spec), out.value);
  return {};
}

}  // namespace tradewind
