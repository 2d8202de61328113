// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// OnnxBuilder: puts an ONNX model together layer by layer, shapes known at each step, weights from a source. Shapes are those of one
// sample: the first dimension of every value, the batch, stays open. Values are numbers that it gives out. Thread-compatible.
//
//   OnnxBuilder net("tiny", *weights);
//   TW_ASSIGN(const int image, net.Input("image", {3, 32, 32}));
//   TW_ASSIGN(const int x, net.Conv(image, {.out = 16, .kernel = 3, .name = "conv1"}));
//   TW_RETURN_IF_ERROR(net.Output("features", x));
//   TW_ASSIGN(OnnxModel model, std::move(net).Finish());
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/weight_source.h"

namespace tradewind {

// Of the models that we write: the first operator set with LayerNormalization; every engine of today reads it.
inline constexpr int64_t kOnnxIrVersion = 8;
inline constexpr int64_t kOnnxOpset = 17;

struct BuilderLimits {
  static constexpr int64_t kSide = 1 << 15;
  static constexpr int64_t kValues = int64_t{1} << 31;  // of one tensor
  static constexpr int64_t kParameters = int64_t{1} << 29;
};

struct ConvLayer {
  int64_t out = 0;
  int64_t kernel = 1;
  int64_t kernel_width = 0;  // 0: as high
  int64_t stride = 1;
  int64_t groups = 1;
  int64_t dilation = 1;
  int64_t padding = -1;  // -1: half of what the kernel covers, so that stride 1 keeps the sides
  bool same = false;     // as TensorFlow pads: side / stride outputs, rounded up, and an odd row or column of zeros behind
  bool bias = false;
  std::string name{};  // of its parameters: NAME.weight, NAME.bias; empty: a number
};

struct PoolLayer {
  int64_t kernel = 2;
  int64_t stride = 2;
  int64_t padding = 0;
};

class OnnxBuilder {
 public:
  // Borrows the weights' source.
  OnnxBuilder(std::string name, WeightSource& weights);

  const std::vector<int64_t>& shape(int value) const { return shapes_[static_cast<size_t>(value)]; }  // of one sample
  int64_t channels(int value) const { return shape(value).front(); }                                  // of a picture or vector
  int64_t parameters() const { return parameters_; }

  // kInvalidInput names the layer and what does not fit, here and below.
  Result<int> Input(const std::string& name, std::vector<int64_t> shape);
  Result<void> Output(const std::string& name, int value);

  Result<int> Conv(int x, const ConvLayer& layer);
  Result<int> BatchNorm(int x, const std::string& name, double epsilon = 1e-5);
  // Over the last dimension.
  Result<int> LayerNorm(int x, const std::string& name);
  // A parameter as a value: ones, as those of scales and of biases of positions that nothing is trained of yet. The same for every sample.
  Result<int> Learned(const std::vector<int64_t>& shape, const std::string& name);
  // Of a vector, or of the last dimension of tokens.
  Result<int> Linear(int x, int64_t out, bool bias, const std::string& name);
  // "Relu", "Sigmoid", "HardSwish", ...: an operator without attributes, of the input's shape.
  Result<int> Unary(std::string_view op_type, int x);
  Result<int> HardSigmoid(int x);  // max(0, min(1, x / 6 + 1 / 2))
  Result<int> Clip(int x, float low, float high);
  // "Add", "Mul", ...: dimensions of 1 are taken as often as the other side asks.
  Result<int> Binary(std::string_view op_type, int a, int b);
  Result<int> Scale(int x, float factor);
  Result<int> MaxPool(int x, const PoolLayer& layer);
  Result<int> AveragePool(int x, const PoolLayer& layer);
  Result<int> GlobalAveragePool(int x);
  Result<int> Flatten(int x);
  // Axes count the sample's dimensions from 0: of a picture the channels.
  Result<int> Concat(const std::vector<int>& values, int64_t axis);
  Result<int> Slice(int x, int64_t axis, int64_t begin, int64_t end, int64_t step = 1);
  Result<int> PadChannels(int x, int64_t before, int64_t behind);
  Result<int> Reshape(int x, std::vector<int64_t> shape);
  Result<int> Transpose(int x, const std::vector<int64_t>& order);
  Result<int> MatMul(int a, int b);
  Result<int> Softmax(int x, int64_t axis);
  Result<int> Mean(int x, int64_t axis);  // over one dimension, which goes
  Result<int> Gather(int x, int64_t axis, const std::vector<int64_t>& indices);
  Result<int> Fixed(std::span<const float> values, std::vector<int64_t> shape);  // numbers that are not trained
  Result<int> Upsample(int x, int64_t factor);                                   // a picture, bilinear

  Result<OnnxModel> Finish() &&;

 private:
  tl::unexpected<Status> Bad(std::string_view layer, const std::string& problem) const;
  bool Is(int value, size_t rank) const { return shape(value).size() == rank; }
  // An initializer, which has a batch of one, as a value.
  int Valued(std::string name, std::vector<int64_t> shape);
  // A node of one output.
  Result<int> Node(std::string op_type, std::vector<std::string> inputs, std::vector<OnnxAttribute> attributes, std::vector<int64_t> shape);
  Result<int> Pool(std::string op_type, int x, const PoolLayer& layer);
  Result<std::string> Parameter(const std::string& name, std::vector<int64_t> dims, WeightKind kind, int64_t fan_in = 1);
  std::string Constant(const std::string& hint, std::vector<int64_t> dims, const std::vector<int64_t>& values);
  std::string Constant(const std::string& hint, float value);
  std::string Named(const std::string& name);
  const std::string& NameOf(int value) const { return names_[static_cast<size_t>(value)]; }

  WeightSource& weights_;
  OnnxModel model_;
  std::vector<std::string> names_;
  std::vector<std::vector<int64_t>> shapes_;
  int64_t parameters_ = 0;
  std::unordered_set<std::string> parameter_names_;
};

}  // namespace tradewind
