// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/from_tflite.h"

#include <cmath>
#include <cstring>
#include <map>

#include "graph/native/fixed_point.h"
#include "graph/native/onnx_node.h"
#include "graph/native/ops/convolution.h"
#include "graph/native/ops/elementwise.h"
#include "graph/native/ops/pool.h"
#include "graph/native/ops/rearrange.h"

namespace tradewind {
namespace {

struct Bounds {
  float low, high;
};
Bounds BoundsOf(TfliteActivation activation) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (activation) {
    case TfliteActivation::kNone: return {-kInfinity, kInfinity};
    case TfliteActivation::kRelu: return {0, kInfinity};
    case TfliteActivation::kReluN1To1: return {-1, 1};
    case TfliteActivation::kRelu6: return {0, 6};
  }
  return {-kInfinity, kInfinity};
}

template <typename T>
std::vector<T> ValuesOf(const TfliteTensor& tensor) {
  std::vector<T> values(tensor.data.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

// Padding as TFLite has it: "same" makes the output the input's side over the stride, the odd one behind.
Border PaddingOf(bool same, const Window& w, const NativeValue& in) {
  if (!same) return {};
  const auto total = [](int64_t side, int64_t kernel, int64_t stride, int64_t dilation) {
    return std::max<int64_t>(0, ((side + stride - 1) / stride - 1) * stride + dilation * (kernel - 1) + 1 - side);
  };
  const int64_t rows = total(in.height, w.height, w.stride_y, w.dilation_y);
  const int64_t columns = total(in.width, w.width, w.stride_x, w.dilation_x);
  return {rows / 2, columns / 2, rows - rows / 2, columns - columns / 2};
}

class TfliteImporter {
 public:
  explicit TfliteImporter(const TfliteModel& model) : model_(model), graph_(model.graphs[0]), numbers_(graph_.tensors.size(), -1) {
    net_.source = model.source;
  }

  Result<NativeNet> Run() {
    for (const int32_t input : graph_.inputs) {
      TW_RETURN_IF_ERROR(AddValue(input));
      net_.inputs.push_back(EdgeOf(input));
    }
    for (size_t i = 0; i < graph_.operators.size(); ++i) {
      at_ = i;
      TW_RETURN_IF_ERROR(TakeOperator(graph_.operators[i]));
    }
    for (const int32_t output : graph_.outputs) {
      if (Number(output) < 0) return Unsupported("output " + std::to_string(output) + " is a constant");
      net_.outputs.push_back(EdgeOf(output));
    }
    return std::move(net_);
  }

 private:
  tl::unexpected<Status> Error(StatusCode code, const std::string& what) const {
    return Fail(
        Status(code, model_.source + ": " + what)
            .At("operator " + std::to_string(at_) + " (" + (at_ < graph_.operators.size() ? graph_.operators[at_].name : "") + ")"));
  }
  tl::unexpected<Status> Unsupported(const std::string& what) const {
    return Error(StatusCode::kUnsupported, what + "; set backend=openvino");
  }
  tl::unexpected<Status> Invalid(const std::string& what) const { return Error(StatusCode::kInvalidInput, what); }

  const TfliteTensor& TensorOf(int32_t index) const { return graph_.tensors[static_cast<size_t>(index)]; }
  int Number(int32_t index) const { return numbers_[static_cast<size_t>(index)]; }
  NativeValue& Value(int32_t index) { return net_.values[static_cast<size_t>(Number(index))]; }

  NativeEdge EdgeOf(int32_t index) const {
    const TfliteTensor& tensor = TensorOf(index);
    const ElementType type = tensor.type == TfliteType::kFloat32 ? ElementType::kFloat
                             : tensor.type == TfliteType::kUint8 ? ElementType::kUint8
                                                                 : ElementType::kInt8;
    return {{tensor.name, type, std::vector<int64_t>(tensor.shape.begin(), tensor.shape.end())}, Number(index), false};
  }

  static bool Quantized(const TfliteTensor& tensor) { return tensor.type == TfliteType::kUint8 || tensor.type == TfliteType::kInt8; }

  // A value for a tensor: [N, H, W, C], or [N, C] as a picture of one pixel.
  Result<void> AddValue(int32_t index) {
    const TfliteTensor& tensor = TensorOf(index);
    const std::vector<int32_t>& s = tensor.shape;
    if (s.size() != 4 && s.size() != 2)
      return Unsupported("tensor '" + tensor.name + "' has " + std::to_string(s.size()) + " dimensions, not two or four");
    if (std::any_of(s.begin(), s.end(), [](int32_t d) { return d < 1 || d > 2 * kMostSide; }))
      return Unsupported("tensor '" + tensor.name + "' has a side of 0, or over " + std::to_string(kMostSide));
    NativeValue value{.name = tensor.name, .batch = s[0], .channels = s.back()};
    if (s.size() == 4) {
      value.height = s[1];
      value.width = s[2];
    }
    if (Quantized(tensor)) {
      value.integer = true;
      TW_ASSIGN(value.quantization, QuantizationOf(tensor));
    } else if (tensor.type != TfliteType::kFloat32) {
      return Unsupported("tensor '" + tensor.name + "' of " + std::string(TfliteTypeName(tensor.type)));
    }
    numbers_[static_cast<size_t>(index)] = static_cast<int>(net_.values.size());
    net_.values.push_back(std::move(value));
    return {};
  }

  Result<Quantization> QuantizationOf(const TfliteTensor& tensor) const {
    const TfliteQuantization& q = tensor.quantization;
    const bool is_signed = tensor.type == TfliteType::kInt8;
    const Quantization out{q.scale.empty() ? 0.0f : q.scale[0], q.zero_point.empty() ? 0 : static_cast<int32_t>(q.zero_point[0]),
                           is_signed ? -128 : 0, is_signed ? 127 : 255};
    if (q.scale.size() != 1) return Unsupported("tensor '" + tensor.name + "' has " + std::to_string(q.scale.size()) + " scales, not one");
    if (!q.zero_point.empty() && (q.zero_point[0] < out.low || q.zero_point[0] > out.high))
      return Invalid("tensor '" + tensor.name + "' has a zero point out of its range");
    return out;
  }

  Result<void> TakeOperator(const TfliteOperator& op) {
    using Handler = Result<void> (TfliteImporter::*)(const TfliteOperator&);
    static const std::map<std::string_view, Handler> kHandlers = {
        {"CONV_2D", &TfliteImporter::TakeConvolution},   {"DEPTHWISE_CONV_2D", &TfliteImporter::TakeConvolution},
        {"FULLY_CONNECTED", &TfliteImporter::TakeDense}, {"AVERAGE_POOL_2D", &TfliteImporter::TakePool},
        {"MAX_POOL_2D", &TfliteImporter::TakePool},      {"ADD", &TfliteImporter::TakeAdd},
        {"RESHAPE", &TfliteImporter::TakeReshape},       {"SQUEEZE", &TfliteImporter::TakeReshape},
        {"SOFTMAX", &TfliteImporter::TakeSoftmax},       {"CONCATENATION", &TfliteImporter::TakeConcat},
    };
    const auto handler = kHandlers.find(op.name);
    if (handler == kHandlers.end()) return Unsupported("the operator is not one of this executor's");
    if (op.inputs.empty() || op.inputs[0] < 0 || op.outputs.size() != 1) return Invalid("it has no input, or not one output");
    for (size_t i = 0; i < op.inputs.size(); ++i) {
      if (op.inputs[i] >= 0 && Number(op.inputs[i]) < 0 && !TensorOf(op.inputs[i]).constant)
        return Unsupported("its input " + std::to_string(i) + " is a variable");
    }
    if (Number(op.inputs[0]) < 0) return Unsupported("its first input is a constant");
    return (this->*handler->second)(op);
  }

  // The output's value, which must be of the input's kind and of the given shape.
  Result<void> AddOutput(const TfliteOperator& op, int64_t height, int64_t width, int64_t channels) {
    const NativeValue in = Value(op.inputs[0]);
    TW_RETURN_IF_ERROR(AddValue(op.outputs[0]));
    const NativeValue& out = Value(op.outputs[0]);
    if (out.batch != in.batch || out.height != height || out.width != width || out.channels != channels) {
      return Invalid("its output '" + out.name + "' has another shape than follows from its input: " + std::to_string(in.batch) + "x" +
                     std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(channels));
    }
    if (out.integer != in.integer) return Unsupported("its input is quantised and its output not, or the other way about");
    return {};
  }

  Result<void> TakeConvolution(const TfliteOperator& op) {
    const bool depthwise = op.name == "DEPTHWISE_CONV_2D";
    const auto& options = std::get<TfliteConv>(op.options);
    if (op.inputs.size() < 2 || op.inputs[1] < 0) return Invalid("it has no weights");
    const TfliteTensor& weights = TensorOf(op.inputs[1]);
    const NativeValue in = Value(op.inputs[0]);
    if (!weights.constant || weights.shape.size() != 4) return Unsupported("its weights are no constant of four dimensions");
    const int64_t out_channels = weights.shape[depthwise ? 3 : 0];
    if (depthwise ? (weights.shape[0] != 1 || out_channels != in.channels) : weights.shape[3] != in.channels)
      return Unsupported("its weights do not fit " + std::to_string(in.channels) + " channels (or a depth multiplier is not 1)");
    Window window{weights.shape[1], weights.shape[2], options.stride_h, options.stride_w, options.dilation_h, options.dilation_w, {}};
    if (window.height < 1 || window.width < 1 || window.height > kMostSide || window.width > kMostSide)
      return Invalid("its weights have a side of 0, or over " + std::to_string(kMostSide));
    window.padding = PaddingOf(options.same_padding, window, in);
    TW_RETURN_IF_ERROR(AddOutput(op, window.OutHeight(in.height), window.OutWidth(in.width), out_channels));
    return AddProduct(op, window, weights, depthwise, out_channels, options.activation);
  }

  Result<void> TakeDense(const TfliteOperator& op) {
    const auto& options = std::get<TfliteFullyConnected>(op.options);
    if (op.inputs.size() < 2 || op.inputs[1] < 0) return Invalid("it has no weights");
    const TfliteTensor& weights = TensorOf(op.inputs[1]);
    const NativeValue in = Value(op.inputs[0]);
    const int64_t length = in.channels * in.pixels();
    if (!weights.constant || weights.shape.size() != 2 || weights.shape[1] != length)
      return Unsupported("its weights are no constant for a vector of " + std::to_string(length));
    const Window window{.height = in.height, .width = in.width};
    TW_RETURN_IF_ERROR(AddOutput(op, 1, 1, weights.shape[0]));
    return AddProduct(op, window, weights, false, weights.shape[0], options.activation);
  }

  // TFLite's weights lie as the kernels want them: [out][row][column][in], depthwise [row][column][channel].
  Result<void> AddProduct(const TfliteOperator& op, const Window& window, const TfliteTensor& weights, bool depthwise, int64_t out_channels,
                          TfliteActivation activation) {
    const TfliteTensor* bias = op.inputs.size() > 2 && op.inputs[2] >= 0 ? &TensorOf(op.inputs[2]) : nullptr;
    const NativeValue& in = Value(op.inputs[0]);
    const NativeValue& out = Value(op.outputs[0]);
    const TfliteType bias_type = in.integer ? TfliteType::kInt32 : TfliteType::kFloat32;
    if (bias != nullptr && (!bias->constant || bias->type != bias_type || static_cast<int64_t>(bias->data.size()) != 4 * out_channels))
      return Unsupported("its bias is no constant of one number for each output");
    if (!in.integer) {
      if (weights.type != TfliteType::kFloat32)
        return Unsupported("its weights are of " + std::string(TfliteTypeName(weights.type)) + " and its input of floats");
      const Bounds bounds = BoundsOf(activation);
      FloatConvolutionSpec spec{.input = Number(op.inputs[0]),
                                .output = Number(op.outputs[0]),
                                .window = window,
                                .in_channels = in.channels,
                                .out_channels = out_channels};
      spec.weights = ValuesOf<float>(weights);
      spec.bias = bias == nullptr ? std::vector<float>(static_cast<size_t>(out_channels)) : ValuesOf<float>(*bias);
      spec.low = bounds.low;
      spec.high = bounds.high;
      net_.ops.push_back(depthwise ? MakeDepthwise(std::move(spec)) : MakeConvolution(std::move(spec)));
      return {};
    }
    if (weights.type != TensorOf(op.inputs[0]).type)
      return Unsupported("its weights are of " + std::string(TfliteTypeName(weights.type)) + " and its input is not");
    if (window.taps() * (depthwise ? 1 : in.channels) > kMostProducts)
      return Unsupported("a sum of more than " + std::to_string(kMostProducts) + " products may leave 32 bits");
    IntegerConvolutionSpec spec{.input = Number(op.inputs[0]),
                                .output = Number(op.outputs[0]),
                                .window = window,
                                .in_channels = in.channels,
                                .out_channels = out_channels};
    TW_RETURN_IF_ERROR(FillIntegers(weights, in, out, depthwise, spec));
    spec.bias = bias == nullptr ? std::vector<int32_t>(static_cast<size_t>(out_channels)) : ValuesOf<int32_t>(*bias);
    const IntegerBounds bounds = QuantizedBounds(BoundsOf(activation).low, BoundsOf(activation).high, out.quantization);
    spec.low = bounds.low;
    spec.high = bounds.high;
    net_.ops.push_back(depthwise ? MakeDepthwise(std::move(spec)) : MakeConvolution(std::move(spec)));
    return {};
  }

  Result<void> FillIntegers(const TfliteTensor& weights, const NativeValue& in, const NativeValue& out, bool depthwise,
                            IntegerConvolutionSpec& spec) const {
    const TfliteQuantization& q = weights.quantization;
    const auto channels = static_cast<size_t>(spec.out_channels);
    const bool per_channel = q.scale.size() > 1;
    if (q.scale.empty() || (per_channel && q.dimension != (depthwise ? 3 : 0)))
      return Unsupported("its weights have no scales, or not along the outputs");
    for (size_t n = 0; n < channels; ++n) {
      const FixedPoint m = ProductMultiplier(in.quantization.scale, q.scale[per_channel ? n : 0], out.quantization.scale, per_channel);
      spec.multipliers.push_back(m.multiplier);
      spec.shifts.push_back(m.shift);
    }
    const size_t run = weights.data.size() / channels;  // numbers of an output, where they lie together
    spec.weights.resize(weights.data.size());
    for (size_t i = 0; i < weights.data.size(); ++i) {
      const size_t n = depthwise ? i % channels : i / run;
      const int64_t zero_point = q.zero_point.empty() ? 0 : q.zero_point[q.zero_point.size() > 1 ? n : 0];
      const int32_t number =
          weights.type == TfliteType::kInt8 ? static_cast<int8_t>(weights.data[i]) : static_cast<uint8_t>(weights.data[i]);
      if (zero_point < -128 || zero_point > 255) return Invalid("a zero point of its weights is out of their range");
      spec.weights[i] = static_cast<int16_t>(number - zero_point);
    }
    return {};
  }

  Result<void> TakePool(const TfliteOperator& op) {
    const auto& options = std::get<TflitePool>(op.options);
    const NativeValue in = Value(op.inputs[0]);
    Window window{options.filter_h, options.filter_w, options.stride_h, options.stride_w, 1, 1, {}};
    window.padding = PaddingOf(options.same_padding, window, in);
    TW_RETURN_IF_ERROR(AddOutput(op, window.OutHeight(in.height), window.OutWidth(in.width), in.channels));
    const NativeValue& out = Value(op.outputs[0]);
    if (options.activation != TfliteActivation::kNone) return Unsupported("a pool with bounds");
    if (in.integer && (in.quantization.scale != out.quantization.scale || in.quantization.zero_point != out.quantization.zero_point))
      return Unsupported("a pool that changes the scale");
    const PoolSpec spec{
        .input = Number(op.inputs[0]), .output = Number(op.outputs[0]), .window = window, .greatest = op.name == "MAX_POOL_2D"};
    net_.ops.push_back(in.integer ? MakeIntegerPool(spec) : MakePool(spec));
    return {};
  }

  Result<void> TakeAdd(const TfliteOperator& op) {
    const auto& options = std::get<TfliteElementwise>(op.options);
    if (op.inputs.size() != 2 || op.inputs[1] < 0 || Number(op.inputs[1]) < 0) return Unsupported("a sum with a constant");
    const NativeValue a = Value(op.inputs[0]);
    const NativeValue b = Value(op.inputs[1]);
    if (a.height != b.height || a.width != b.width || a.channels != b.channels || a.batch != b.batch || a.integer != b.integer)
      return Unsupported("a sum of values of different shapes");
    TW_RETURN_IF_ERROR(AddOutput(op, a.height, a.width, a.channels));
    const Bounds bounds = BoundsOf(options.activation);
    const int out = Number(op.outputs[0]);
    if (!a.integer) {
      net_.ops.push_back(
          MakeBinary({.a = Number(op.inputs[0]), .b = Number(op.inputs[1]), .output = out, .low = bounds.low, .high = bounds.high}));
      return {};
    }
    IntegerAddSpec spec{.how = AddMultipliers(a.quantization, b.quantization, Value(op.outputs[0]).quantization)};
    const IntegerBounds integer_bounds = QuantizedBounds(bounds.low, bounds.high, Value(op.outputs[0]).quantization);
    spec.a = Number(op.inputs[0]);
    spec.b = Number(op.inputs[1]);
    spec.output = out;
    spec.how.low = integer_bounds.low;
    spec.how.high = integer_bounds.high;
    net_.ops.push_back(MakeIntegerAdd(spec));
    return {};
  }

  // To a vector for each picture: the channels of the last pixel last, as they lie.
  Result<void> TakeReshape(const TfliteOperator& op) {
    const NativeValue in = Value(op.inputs[0]);
    const TfliteTensor& to = TensorOf(op.outputs[0]);
    if (in.pixels() != 1 || to.shape.empty() || to.shape[0] != in.batch || to.shape.back() != in.channels)
      return Unsupported("another shape than a vector of one pixel's channels");
    numbers_[static_cast<size_t>(op.outputs[0])] = Number(op.inputs[0]);
    return {};
  }

  Result<void> TakeSoftmax(const TfliteOperator& op) {
    const NativeValue in = Value(op.inputs[0]);
    if (std::get<TfliteSoftmax>(op.options).beta != 1) return Unsupported("a softmax with a beta other than 1");
    TW_RETURN_IF_ERROR(AddOutput(op, in.height, in.width, in.channels));
    int logits = Number(op.inputs[0]);
    if (in.integer) {
      NativeValue real = in;
      real.integer = false;
      real.name += " (real)";
      logits = static_cast<int>(net_.values.size());
      net_.values.push_back(std::move(real));
      net_.ops.push_back(MakeDequantize(Number(op.inputs[0]), logits));
      Value(op.outputs[0]).integer = false;  // its quantisation stays, for what goes out
    }
    net_.ops.push_back(MakeSoftmax(logits, Number(op.outputs[0])));
    return {};
  }

  Result<void> TakeConcat(const TfliteOperator& op) {
    const auto& options = std::get<TfliteConcatenation>(op.options);
    const NativeValue first = Value(op.inputs[0]);
    std::vector<int> inputs;
    int64_t channels = 0;
    for (const int32_t input : op.inputs) {
      if (input < 0 || Number(input) < 0) return Unsupported("a constant among its inputs");
      const NativeValue& v = Value(input);
      if (v.height != first.height || v.width != first.width || v.batch != first.batch || v.integer != first.integer)
        return Unsupported("inputs of different sides");
      if (v.integer && (v.quantization.scale != first.quantization.scale || v.quantization.zero_point != first.quantization.zero_point))
        return Unsupported("inputs of different scales");
      inputs.push_back(Number(input));
      channels += v.channels;
    }
    const auto last = static_cast<int32_t>(TensorOf(op.inputs[0]).shape.size()) - 1;
    if ((options.axis != last && options.axis != -1) || options.activation != TfliteActivation::kNone)
      return Unsupported("another axis than that of channels, or bounds");
    TW_RETURN_IF_ERROR(AddOutput(op, first.height, first.width, channels));
    const Quantization& q = Value(op.outputs[0]).quantization;
    if (first.integer && (q.scale != first.quantization.scale || q.zero_point != first.quantization.zero_point))
      return Unsupported("an output of another scale");
    RearrangeSpec spec{.output = Number(op.outputs[0])};
    const View out = View::OfPicture(Value(op.outputs[0]));
    int64_t begin = 0;
    for (const int input : inputs) {
      const NativeValue& v = net_.values[static_cast<size_t>(input)];
      spec.parts.push_back({input, View::OfPicture(v), out.Range(1, begin, v.channels)});
      begin += v.channels;
    }
    net_.ops.push_back(MakeRearrange(std::move(spec)));
    return {};
  }

  static constexpr int64_t kMostProducts = 33'000;  // 255 x 255 each, in 32 bits

  const TfliteModel& model_;
  const TfliteGraph& graph_;
  std::vector<int> numbers_;  // of each tensor: its value, or -1
  NativeNet net_;
  size_t at_ = 0;  // the operator, for errors
};

}  // namespace

Result<NativeNet> NativeFromTflite(const TfliteModel& model) {
  return TfliteImporter(model).Run();
}

Result<TfliteModel> LogitsOf(const TfliteModel& model) {
  TfliteModel logits = model;
  TfliteGraph& graph = logits.graphs[0];
  // A quantised file may bring what the softmax gives to another scale.
  while (!graph.operators.empty() && (graph.operators.back().name == "QUANTIZE" || graph.operators.back().name == "DEQUANTIZE"))
    graph.operators.pop_back();
  if (graph.operators.empty() || graph.operators.back().name != "SOFTMAX" || graph.operators.back().inputs.empty())
    return Fail(StatusCode::kUnsupported, model.source + ": its last operator is no softmax, so that nothing says what its logits are");
  graph.outputs = {graph.operators.back().inputs[0]};
  graph.operators.pop_back();
  return logits;
}

}  // namespace tradewind
