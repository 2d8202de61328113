// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Layers with a window or weights.
#include <cmath>
#include <set>

#include "graph/native/onnx_importer.h"

namespace tradewind {

Result<void> OnnxImporter::TakeConvolution(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, PictureOf(node, read, 0));
  TW_ASSIGN(const OnnxTensor* weights, ConstantOf(node, read, 1));
  const NativeValue in = build_.value(input.value);
  TW_ASSIGN(const Window window, read.WindowOf(weights, in));
  const int64_t groups = read.Integer("group", 1);
  const int64_t out_channels = weights->dims[0];
  const int64_t in_of_group = weights->dims[1];
  if (groups < 1 || groups > kMostSide || in_of_group > kMostSide || in_of_group * groups != in.channels || out_channels % groups != 0 ||
      out_channels < 1 || out_channels > kMostSide)
    return read.Invalid("weights of " + ShapeText(weights->dims) + " in " + std::to_string(groups) + " groups do not fit " +
                        std::to_string(in.channels) + " channels");
  TW_ASSIGN(const std::vector<float> values, read.Floats(weights, weights->values()));
  FloatConvolutionSpec spec{
      .input = input.value, .window = window, .groups = groups, .in_channels = in.channels, .out_channels = out_channels};
  spec.bias.resize(static_cast<size_t>(out_channels));
  if (node.inputs.size() > 2 && !node.inputs[2].empty()) {
    TW_ASSIGN(spec.bias, FloatsOf(node, read, 2, out_channels));
  }
  const bool depthwise = groups == in.channels && out_channels == in.channels && groups > 1;
  const int64_t taps = window.taps();
  spec.weights.resize(values.size());
  for (int64_t n = 0; n < out_channels; ++n) {
    for (int64_t c = 0; c < in_of_group; ++c) {
      for (int64_t t = 0; t < taps; ++t) {
        const int64_t to = depthwise ? t * out_channels + n : (n * taps + t) * in_of_group + c;
        spec.weights[static_cast<size_t>(to)] = values[static_cast<size_t>((n * in_of_group + c) * taps + t)];
      }
    }
  }
  NativeValue out = in;
  out.height = window.OutHeight(in.height);
  out.width = window.OutWidth(in.width);
  out.channels = out_channels;
  if (out.height < 1 || out.width < 1) return read.Invalid("the kernel is larger than the picture");
  const int value = NewValue(node, std::move(out));
  if (depthwise) {
    build_.AddOp(DepthwiseSpec{std::move(spec)}, value);
  } else {
    build_.AddOp(std::move(spec), value);
  }
  return {};
}

Result<void> OnnxImporter::TakeBatchNorm(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, WithChannels(node, read, 0));
  const int64_t channels = build_.value(input.value).channels;
  std::vector<float> parts[4];  // scale, bias, mean, variance
  for (size_t i = 0; i < 4; ++i) {
    TW_ASSIGN(parts[i], FloatsOf(node, read, i + 1, channels));
  }
  const float epsilon = read.Real("epsilon", 1e-5f);
  std::vector<float> scale, shift;
  for (size_t c = 0; c < static_cast<size_t>(channels); ++c) {
    scale.push_back(parts[0][c] / std::sqrt(parts[3][c] + epsilon));
    shift.push_back(parts[1][c] - parts[2][c] * scale[c]);
  }
  return ScaleAndShift(node, node.inputs[0], input, std::move(scale), std::move(shift));
}

Result<void> OnnxImporter::TakePool(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, PictureOf(node, read, 0));
  const NativeValue in = build_.value(input.value);
  TW_ASSIGN(const Window window, read.WindowOf(nullptr, in));
  if (read.Integer("ceil_mode", 0) != 0 || node.outputs.size() > 1 || window.dilation_x != 1 || window.dilation_y != 1)
    return read.Unsupported("a pool with ceil_mode, with dilation, or with indices");
  NativeValue out = in;
  out.height = window.OutHeight(in.height);
  out.width = window.OutWidth(in.width);
  if (out.height < 1 || out.width < 1) return read.Invalid("the window is larger than the picture");
  PoolSpec spec{.input = input.value,
                .window = window,
                .greatest = node.op_type == "MaxPool",
                .count_padding = read.Integer("count_include_pad", 0) != 0};
  const int value = NewValue(node, std::move(out));
  build_.AddOp(spec, value);
  return {};
}

Result<void> OnnxImporter::TakeGlobalMean(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(const OnnxName input, PictureOf(node, read, 0));
  bool keep = true;
  if (node.op_type == "ReduceMean") {
    TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
    TW_ASSIGN(const std::vector<int64_t> axes, read.Integers("axes", given));
    const std::set<int64_t> over(axes.begin(), axes.end());
    if (over != std::set<int64_t>{2, 3} && over != std::set<int64_t>{-2, -1})
      return read.Unsupported("a mean over other axes than rows and columns");
    keep = read.Integer("keepdims", 1) != 0;
  }
  const NativeValue in = build_.value(input.value);
  NativeValue out = in;
  const PoolSpec spec{.input = input.value, .window = {.height = in.height, .width = in.width}};
  out.height = out.width = 1;
  const int value = NewValue(node, std::move(out));
  if (!keep) known_[node.outputs[0]].view = View::OfPixels(build_.value(value));
  build_.AddOp(spec, value);
  return {};
}

// A vector for each picture, of what must move only if its order is another than channels, rows, columns: a convolution whose window is the
// whole picture. Rows of vectors (N, H, C): one over each pixel.
Result<void> OnnxImporter::TakeDense(const OnnxNode& node, const NodeReader& read) {
  TW_ASSIGN(OnnxName input, ValueOf(node, read, 0));
  if (!IsFlat(input)) {
    TW_ASSIGN(input, LaidOut(node, read, 0));
  }
  const size_t rank = ShapeOf(input).size();
  TW_ASSIGN(const OnnxTensor* weights, ConstantOf(node, read, 1));
  if ((rank != 2 && rank != 3) || weights == nullptr || weights->dims.size() != 2 || read.Integer("transA", 0) != 0 ||
      read.Real("alpha", 1) != 1 || read.Real("beta", 1) != 1) {
    return read.Unsupported("a product that is no fully connected layer over vectors");
  }
  const NativeValue in = build_.value(input.value);
  const int64_t taps = rank == 2 ? in.pixels() : 1;
  const int64_t length = in.channels * taps;
  const bool transposed = read.Integer("transB", 0) != 0;  // [out][in]
  const int64_t out_channels = weights->dims[transposed ? 0 : 1];
  if (weights->dims[transposed ? 1 : 0] != length || out_channels < 1 || out_channels > 2 * kMostSide) {
    return read.Invalid("weights of " + ShapeText(weights->dims) + " do not fit a vector of " + std::to_string(length));
  }
  TW_ASSIGN(const std::vector<float> values, read.Floats(weights, weights->values()));
  FloatConvolutionSpec spec{.input = input.value, .window = {}, .in_channels = in.channels, .out_channels = out_channels};
  if (rank == 2) spec.window = {.height = in.height, .width = in.width};
  spec.weights.resize(values.size());
  for (int64_t n = 0; n < out_channels; ++n) {
    for (int64_t c = 0; c < in.channels; ++c) {
      for (int64_t t = 0; t < taps; ++t) {
        const int64_t k = c * taps + t;
        spec.weights[static_cast<size_t>((n * taps + t) * in.channels + c)] =
            values[static_cast<size_t>(transposed ? n * length + k : k * out_channels + n)];
      }
    }
  }
  spec.bias.resize(static_cast<size_t>(out_channels));
  if (node.inputs.size() > 2 && !node.inputs[2].empty()) {
    TW_ASSIGN(const OnnxTensor* bias, ConstantOf(node, read, 2));
    TW_ASSIGN(spec.bias, read.PerChannel(bias, out_channels, 2));
  }
  NativeValue out = in;
  if (rank == 2) out.height = out.width = 1;
  out.channels = out_channels;
  const int value = NewValue(node, std::move(out));
  known_[node.outputs[0]].view = rank == 2 ? View::OfPixels(build_.value(value)) : View::OfRows(build_.value(value));
  build_.AddOp(std::move(spec), value);
  return {};
}

}  // namespace tradewind
