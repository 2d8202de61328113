// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/from_onnx.h"

#include <cmath>
#include <map>
#include <set>

#include "graph/native/net_builder.h"
#include "graph/native/onnx_node.h"

namespace tradewind {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// A name of the file: a constant, or a value that runs. `flat`: the file sees a vector of channels, rows and columns, in this order.
struct Known {
  const OnnxTensor* constant = nullptr;
  int value = -1;
  bool flat = false;
};

class OnnxImporter {
 public:
  OnnxImporter(const OnnxModel& model, const NativeOptions& options) : model_(model), options_(options) {}

  Result<NativeNet> Run() {
    for (const OnnxTensor& t : model_.graph.initializers) known_[t.name] = {.constant = &t};
    for (const OnnxNode& node : model_.graph.nodes) {
      for (const std::string& input : node.inputs) ++uses_[input];
    }
    for (const OnnxValue& output : model_.graph.outputs) ++uses_[output.name];
    for (const OnnxValue& input : model_.graph.inputs) TW_RETURN_IF_ERROR(TakeInput(input));
    for (const OnnxNode& node : model_.graph.nodes) TW_RETURN_IF_ERROR(TakeNode(node));
    std::vector<NativeEdge> outputs;
    for (const OnnxValue& output : model_.graph.outputs) {
      const Known& known = known_.at(output.name);
      if (known.value < 0) return Fail(StatusCode::kUnsupported, model_.source + ": output '" + output.name + "' is a constant");
      const NativeValue& v = build_.value(known.value);
      std::vector<int64_t> shape{v.batch, v.channels, v.height, v.width};
      if (known.flat) shape = {v.batch, v.channels * v.pixels()};
      outputs.push_back({{output.name, ElementType::kFloat, std::move(shape)}, known.value, true});
    }
    NativeNet net = std::move(build_).Finish(model_.source);
    net.inputs = std::move(inputs_);
    net.outputs = std::move(outputs);
    return net;
  }

 private:
  Result<void> TakeInput(const OnnxValue& input) {
    if (known_.contains(input.name)) return {};  // an initializer that an older file lists
    if (input.type != OnnxType::kFloat || !input.shape || input.shape->size() != 4)
      return Fail(StatusCode::kUnsupported, model_.source + ": input '" + input.name + "' is no picture of floats (N, C, H, W)");
    std::vector<int64_t> shape;
    for (const OnnxDimension& d : *input.shape) shape.push_back(d.value.value_or(shape.empty() ? options_.batch : -1));
    if (shape[0] < 1) shape[0] = options_.batch;
    for (const int64_t d : shape) {
      if (d < 1 || d > kMostSide) return Fail(StatusCode::kUnsupported, model_.source + ": input '" + input.name + "' of " + ShapeText(shape) + " has a side that is open, or over " + std::to_string(kMostSide));
    }
    const int value = build_.AddValue({.name = input.name, .batch = shape[0], .height = shape[2], .width = shape[3], .channels = shape[1]});
    known_[input.name] = {.value = value};
    inputs_.push_back({{input.name, ElementType::kFloat, shape}, value, true});
    return {};
  }

  Result<void> TakeNode(const OnnxNode& node) {
    const NodeReader read(model_, node);
    using Handler = Result<void> (OnnxImporter::*)(const OnnxNode&, const NodeReader&);
    static const std::map<std::string_view, Handler> kHandlers = {
        {"Conv", &OnnxImporter::TakeConvolution},
        {"BatchNormalization", &OnnxImporter::TakeBatchNorm},
        {"Relu", &OnnxImporter::TakeBounds},
        {"Clip", &OnnxImporter::TakeBounds},
        {"Sigmoid", &OnnxImporter::TakeCurve},
        {"HardSigmoid", &OnnxImporter::TakeCurve},
        {"HardSwish", &OnnxImporter::TakeCurve},
        {"Tanh", &OnnxImporter::TakeCurve},
        {"Add", &OnnxImporter::TakeBinary},
        {"Mul", &OnnxImporter::TakeBinary},
        {"MaxPool", &OnnxImporter::TakePool},
        {"AveragePool", &OnnxImporter::TakePool},
        {"GlobalAveragePool", &OnnxImporter::TakeGlobalMean},
        {"ReduceMean", &OnnxImporter::TakeGlobalMean},
        {"Flatten", &OnnxImporter::TakeFlatten},
        {"Reshape", &OnnxImporter::TakeFlatten},
        {"Squeeze", &OnnxImporter::TakeFlatten},
        {"Gemm", &OnnxImporter::TakeDense},
        {"MatMul", &OnnxImporter::TakeDense},
        {"Concat", &OnnxImporter::TakeConcat},
        {"Softmax", &OnnxImporter::TakeSoftmax},
        {"Slice", &OnnxImporter::TakeSlice},
        {"Pad", &OnnxImporter::TakePad},
        {"Identity", &OnnxImporter::TakeSame},
        {"Dropout", &OnnxImporter::TakeSame},
        {"Constant", &OnnxImporter::TakeConstant},
    };
    const auto handler = kHandlers.find(node.op_type);
    if (handler == kHandlers.end() || !node.domain.empty() || node.outputs.empty()) return read.Unsupported("the operator is not one of this executor's; set backend=openvino");
    return (this->*handler->second)(node, read);
  }

  // What input `i` is: a value that runs.
  Result<Known> ValueOf(const OnnxNode& node, const NodeReader& read, size_t i) const {
    if (i >= node.inputs.size() || node.inputs[i].empty()) return read.Unsupported("input " + std::to_string(i) + " is missing");
    const Known known = known_.at(node.inputs[i]);
    if (known.value < 0) return read.Unsupported("input " + std::to_string(i) + " is a constant");
    return known;
  }
  // A constant of floats; nullptr where it is left out.
  Result<const OnnxTensor*> ConstantOf(const OnnxNode& node, const NodeReader& read, size_t i) const {
    if (i >= node.inputs.size() || node.inputs[i].empty()) return nullptr;
    const OnnxTensor* constant = known_.at(node.inputs[i]).constant;
    if (constant == nullptr) return read.Unsupported("input " + std::to_string(i) + " is no constant");
    return constant;
  }
  Result<std::vector<float>> FloatsOf(const OnnxNode& node, const NodeReader& read, size_t i, int64_t count) const {
    TW_ASSIGN(const OnnxTensor* constant, ConstantOf(node, read, i));
    return read.Floats(constant, count);
  }
  // Whether nobody but this node sees a name.
  bool Free(const std::string& name) const { return uses_.at(name) == 1; }
  void Name(const OnnxNode& node, Known known) { known_[node.outputs[0]] = known; }
  int NewValue(const OnnxNode& node, NativeValue like) {
    like.name = node.outputs[0];
    like.border = {};
    const int value = build_.AddValue(std::move(like));
    Name(node, {.value = value});
    return value;
  }

  Result<void> TakeSame(const OnnxNode& node, const NodeReader&) {
    Name(node, known_.at(node.inputs.at(0)));
    if (uses_[node.outputs[0]] > 1 || uses_[node.inputs[0]] > 1) uses_[node.outputs[0]] = 2;  // seen by others under either name
    return {};
  }
  Result<void> TakeConstant(const OnnxNode& node, const NodeReader& read) {
    const auto* value = node.Attribute<OnnxTensor>("value");
    if (value == nullptr) return read.Unsupported("a constant that is no tensor");
    Name(node, {.constant = value});
    return {};
  }

  Result<void> TakeConvolution(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    TW_ASSIGN(const OnnxTensor* weights, ConstantOf(node, read, 1));
    const NativeValue& in = build_.value(input.value);
    TW_ASSIGN(const Window window, read.WindowOf(weights, in));
    const int64_t groups = read.Integer("group", 1);
    const int64_t out_channels = weights->dims[0];
    const int64_t in_of_group = weights->dims[1];
    if (input.flat || groups < 1 || groups > kMostSide || in_of_group > kMostSide || in_of_group * groups != in.channels || out_channels % groups != 0 || out_channels < 1 || out_channels > kMostSide)
      return read.Invalid("weights of " + ShapeText(weights->dims) + " in " + std::to_string(groups) + " groups do not fit " + std::to_string(in.channels) + " channels");
    TW_ASSIGN(const std::vector<float> values, read.Floats(weights, weights->values()));
    FloatConvolutionSpec spec{.input = input.value, .window = window, .groups = groups, .in_channels = in.channels, .out_channels = out_channels};
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

  Result<void> TakeBatchNorm(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
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
    return ScaleAndShift(node, input, std::move(scale), std::move(shift));
  }

  Result<void> ScaleAndShift(const OnnxNode& node, const Known& input, std::vector<float> scale, std::vector<float> shift) {
    if (Free(node.inputs[0]) && build_.TakeScaleAndShift(input.value, scale, shift)) {
      Name(node, input);
      return {};
    }
    UnarySpec spec{.input = input.value, .scale = std::move(scale), .shift = std::move(shift)};
    const int value = NewValue(node, build_.value(input.value));
    known_[node.outputs[0]].flat = input.flat;
    build_.AddOp(std::move(spec), value);
    return {};
  }

  Result<void> TakeBounds(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    float low = 0;
    float high = kInfinity;
    if (node.op_type == "Clip") {  // bounds are attributes before version 11, inputs since
      low = read.Real("min", -kInfinity);
      high = read.Real("max", kInfinity);
      for (const size_t i : {1, 2}) {
        if (i >= node.inputs.size() || node.inputs[i].empty()) continue;
        TW_ASSIGN(const std::vector<float> bound, FloatsOf(node, read, i, 1));
        (i == 1 ? low : high) = bound[0];
      }
    }
    if (Free(node.inputs[0]) && build_.TakeBounds(input.value, low, high)) {
      Name(node, input);
      return {};
    }
    const int value = NewValue(node, build_.value(input.value));
    known_[node.outputs[0]].flat = input.flat;
    build_.AddOp(UnarySpec{.input = input.value, .low = low, .high = high}, value);
    return {};
  }

  Result<void> TakeCurve(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    UnarySpec spec{.input = input.value};
    spec.curve = node.op_type == "Sigmoid" ? Curve::kSigmoid : node.op_type == "Tanh" ? Curve::kTanh : node.op_type == "HardSwish" ? Curve::kHardSwish : Curve::kHardSigmoid;
    if (node.op_type == "HardSigmoid" && (std::fabs(read.Real("alpha", 0.2f) - 1.0f / 6) > 1e-6f || read.Real("beta", 0.5f) != 0.5f))
      return read.Unsupported("a hard sigmoid of another slope than 1/6");
    const int value = NewValue(node, build_.value(input.value));
    known_[node.outputs[0]].flat = input.flat;
    build_.AddOp(std::move(spec), value);
    return {};
  }

  Result<void> TakeBinary(const OnnxNode& node, const NodeReader& read) {
    const bool multiply = node.op_type == "Mul";
    if (node.inputs.size() != 2) return read.Invalid("it takes two inputs");
    Known a = known_.at(node.inputs[0]);
    Known b = known_.at(node.inputs[1]);
    if (a.constant != nullptr && b.constant != nullptr) return read.Unsupported("a product or sum of constants");
    if (a.constant != nullptr || b.constant != nullptr) {
      const Known& running = a.constant != nullptr ? b : a;
      const int64_t channels = build_.value(running.value).channels;
      TW_ASSIGN(const std::vector<float> numbers, read.PerChannel(a.constant != nullptr ? a.constant : b.constant, channels, running.flat ? 2 : 4));
      OnnxNode one_input = node;
      if (a.constant != nullptr) std::swap(one_input.inputs[0], one_input.inputs[1]);
      const auto count = static_cast<size_t>(channels);
      return multiply ? ScaleAndShift(one_input, running, numbers, std::vector<float>(count, 0.0f))
                      : ScaleAndShift(one_input, running, std::vector<float>(count, 1.0f), numbers);
    }
    if (!multiply) {
      const auto& x = build_.value(a.value);
      const auto& y = build_.value(b.value);
      const bool alike = x.batch == y.batch && x.height == y.height && x.width == y.width && x.channels == y.channels;
      const auto sum = alike ? build_.TakeSum(a.value, Free(node.inputs[0]), b.value, Free(node.inputs[1])) : std::nullopt;
      if (sum) {
        Name(node, {.value = *sum, .flat = a.flat});
        return {};
      }
    }
    if (build_.value(a.value).pixels() < build_.value(b.value).pixels()) std::swap(a, b);
    const auto& x = build_.value(a.value);
    const auto& y = build_.value(b.value);
    if (x.batch != y.batch || x.channels != y.channels || (y.pixels() != 1 && (x.height != y.height || x.width != y.width)) || a.flat != b.flat)
      return read.Unsupported("two values of shapes that are brought together in another way than by pixels or by channels");
    const int value = NewValue(node, x);
    known_[node.outputs[0]].flat = a.flat;
    build_.AddOp(BinarySpec{.a = a.value, .b = b.value, .multiply = multiply}, value);
    return {};
  }

  Result<void> TakePool(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    const NativeValue& in = build_.value(input.value);
    TW_ASSIGN(const Window window, read.WindowOf(nullptr, in));
    if (input.flat || read.Integer("ceil_mode", 0) != 0 || node.outputs.size() > 1 || window.dilation_x != 1 || window.dilation_y != 1)
      return read.Unsupported("a pool over a vector, with ceil_mode, with dilation, or with indices");
    NativeValue out = in;
    out.height = window.OutHeight(in.height);
    out.width = window.OutWidth(in.width);
    if (out.height < 1 || out.width < 1) return read.Invalid("the window is larger than the picture");
    PoolSpec spec{.input = input.value, .window = window, .greatest = node.op_type == "MaxPool", .count_padding = read.Integer("count_include_pad", 0) != 0};
    const int value = NewValue(node, std::move(out));
    build_.AddOp(spec, value);
    return {};
  }

  Result<void> TakeGlobalMean(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    bool keep = true;
    if (node.op_type == "ReduceMean") {
      TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
      TW_ASSIGN(const std::vector<int64_t> axes, read.Integers("axes", given));
      const std::set<int64_t> over(axes.begin(), axes.end());
      if (over != std::set<int64_t>{2, 3} && over != std::set<int64_t>{-2, -1}) return read.Unsupported("a mean over other axes than rows and columns");
      keep = read.Integer("keepdims", 1) != 0;
    }
    const NativeValue& in = build_.value(input.value);
    if (input.flat) return read.Unsupported("a mean over a vector");
    NativeValue out = in;
    const PoolSpec spec{.input = input.value, .window = {.height = in.height, .width = in.width}};
    out.height = out.width = 1;
    const int value = NewValue(node, std::move(out));
    known_[node.outputs[0]].flat = !keep;
    build_.AddOp(spec, value);
    return {};
  }

  // To a vector a picture: nothing moves here, as readers know the file's order.
  Result<void> TakeFlatten(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(Known input, ValueOf(node, read, 0));
    const NativeValue& in = build_.value(input.value);
    bool to_vector = node.op_type == "Flatten" && read.Integer("axis", 1) == 1;
    if (node.op_type == "Reshape") {
      TW_ASSIGN(const OnnxTensor* shape, ConstantOf(node, read, 1));
      TW_ASSIGN(const std::vector<int64_t> dims, read.Integers("shape", shape));
      const int64_t each = in.channels * in.pixels();
      to_vector = dims.size() == 2 && (dims[0] == 0 || dims[0] == in.batch || dims[0] == -1) && (dims[1] == -1 || dims[1] == each) && dims[0] != dims[1];
    } else if (node.op_type == "Squeeze") {
      to_vector = in.pixels() == 1;
    }
    if (!to_vector) return read.Unsupported("another shape than a vector for each picture");
    input.flat = true;
    Name(node, input);
    if (!Free(node.inputs[0])) uses_[node.outputs[0]] = 2;
    return {};
  }

  // A convolution whose window is the whole picture.
  Result<void> TakeDense(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    TW_ASSIGN(const OnnxTensor* weights, ConstantOf(node, read, 1));
    const NativeValue& in = build_.value(input.value);
    const int64_t length = in.channels * in.pixels();
    if (!input.flat || weights == nullptr || weights->dims.size() != 2 || read.Integer("transA", 0) != 0 || read.Real("alpha", 1) != 1 || read.Real("beta", 1) != 1)
      return read.Unsupported("a product that is no fully connected layer over a vector");
    const bool transposed = read.Integer("transB", 0) != 0;  // [out][in]
    const int64_t out_channels = weights->dims[transposed ? 0 : 1];
    if (weights->dims[transposed ? 1 : 0] != length || out_channels < 1 || out_channels > 2 * kMostSide) return read.Invalid("weights of " + ShapeText(weights->dims) + " do not fit a vector of " + std::to_string(length));
    TW_ASSIGN(const std::vector<float> values, read.Floats(weights, weights->values()));
    FloatConvolutionSpec spec{.input = input.value, .window = {.height = in.height, .width = in.width}, .in_channels = in.channels, .out_channels = out_channels};
    spec.weights.resize(values.size());
    for (int64_t n = 0; n < out_channels; ++n) {
      for (int64_t c = 0; c < in.channels; ++c) {
        for (int64_t t = 0; t < in.pixels(); ++t) {
          const int64_t k = c * in.pixels() + t;
          spec.weights[static_cast<size_t>((n * in.pixels() + t) * in.channels + c)] = values[static_cast<size_t>(transposed ? n * length + k : k * out_channels + n)];
        }
      }
    }
    spec.bias.resize(static_cast<size_t>(out_channels));
    if (node.inputs.size() > 2 && !node.inputs[2].empty()) {
      TW_ASSIGN(const OnnxTensor* bias, ConstantOf(node, read, 2));
      TW_ASSIGN(spec.bias, read.PerChannel(bias, out_channels, 2));
    }
    NativeValue out = in;
    out.height = out.width = 1;
    out.channels = out_channels;
    const int value = NewValue(node, std::move(out));
    known_[node.outputs[0]].flat = true;
    build_.AddOp(std::move(spec), value);
    return {};
  }

  Result<void> TakeConcat(const OnnxNode& node, const NodeReader& read) {
    ConcatSpec spec{};
    int64_t channels = 0;
    bool flat = false;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      TW_ASSIGN(const Known input, ValueOf(node, read, i));
      const NativeValue& v = build_.value(input.value);
      const NativeValue& first = build_.value(spec.inputs.empty() ? input.value : spec.inputs[0]);
      if (v.height != first.height || v.width != first.width || v.batch != first.batch || (i > 0 && input.flat != flat) || (input.flat && v.pixels() != 1))
        return read.Unsupported("values of different sides, or vectors of pictures");
      flat = input.flat;
      spec.inputs.push_back(input.value);
      channels += v.channels;
    }
    const int64_t axis = read.Integer("axis", 1);
    if (spec.inputs.empty() || (axis != 1 && axis != (flat ? -1 : -3))) return read.Unsupported("another axis than that of channels");
    if (channels > kMostSide) return read.Invalid("there are too many channels");
    NativeValue out = build_.value(spec.inputs[0]);
    out.channels = channels;
    const int value = NewValue(node, std::move(out));
    known_[node.outputs[0]].flat = flat;
    build_.AddOp(std::move(spec), value);
    return {};
  }

  Result<void> TakeSoftmax(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    const int64_t axis = read.Integer("axis", model_.opset() >= 13 ? -1 : 1);
    if (!input.flat || build_.value(input.value).pixels() != 1 || (axis != 1 && axis != -1)) return read.Unsupported("a softmax over something else than a vector of classes");
    const int value = NewValue(node, build_.value(input.value));
    known_[node.outputs[0]].flat = true;
    build_.AddOp(SoftmaxSpec{input.value, value}, value);
    return {};
  }

  // Every n-th pixel, from the first to the last.
  Result<void> TakeSlice(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    std::vector<int64_t> parts[4];  // starts, ends, axes, steps
    for (size_t i = 0; i < 4; ++i) {
      TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, i + 1));
      if (given == nullptr) return read.Unsupported("a slice without axes and steps");
      TW_ASSIGN(parts[i], read.Integers("", given));
    }
    const NativeValue& in = build_.value(input.value);
    SubsampleSpec spec{.input = input.value};
    for (size_t i = 0; i < parts[2].size(); ++i) {
      const int64_t axis = parts[2][i] < 0 ? parts[2][i] + 4 : parts[2][i];
      const int64_t side = axis == 2 ? in.height : in.width;
      if ((axis != 2 && axis != 3) || i >= parts[0].size() || i >= parts[1].size() || i >= parts[3].size() || parts[0][i] != 0 || parts[1][i] < side || parts[3][i] < 1)
        return read.Unsupported("a slice that is not every n-th row or column from the first to the last");
      (axis == 2 ? spec.step_y : spec.step_x) = parts[3][i];
    }
    NativeValue out = in;
    out.height = (in.height + spec.step_y - 1) / spec.step_y;
    out.width = (in.width + spec.step_x - 1) / spec.step_x;
    const int value = NewValue(node, std::move(out));
    build_.AddOp(spec, value);
    return {};
  }

  // Channels of zeros before and behind.
  Result<void> TakePad(const OnnxNode& node, const NodeReader& read) {
    TW_ASSIGN(const Known input, ValueOf(node, read, 0));
    TW_ASSIGN(const OnnxTensor* given, ConstantOf(node, read, 1));
    TW_ASSIGN(const std::vector<int64_t> pads, read.Integers("pads", given));
    const auto* mode = node.Attribute<std::string>("mode");
    const bool others = pads.size() != 8 || pads[0] != 0 || pads[2] != 0 || pads[3] != 0 || pads[4] != 0 || pads[6] != 0 || pads[7] != 0 || pads[1] < 0 || pads[5] < 0;
    if (input.flat || others || (mode != nullptr && *mode != "constant")) return read.Unsupported("padding of something else than channels with zeros");
    if (node.inputs.size() > 2 && !node.inputs[2].empty()) {
      TW_ASSIGN(const std::vector<float> with, FloatsOf(node, read, 2, 1));
      if (with[0] != 0) return read.Unsupported("padding with something else than zeros");
    }
    NativeValue out = build_.value(input.value);
    out.channels += pads[1] + pads[5];
    if (out.channels > kMostSide) return read.Invalid("there are too many channels");
    const int value = NewValue(node, std::move(out));
    build_.AddOp(SubsampleSpec{.input = input.value, .channels_before = pads[1]}, value);
    return {};
  }

  const OnnxModel& model_;
  const NativeOptions& options_;
  NetBuilder build_;
  std::map<std::string, Known, std::less<>> known_;
  std::map<std::string, int, std::less<>> uses_;
  std::vector<NativeEdge> inputs_;
};

}  // namespace

Result<NativeNet> NativeFromOnnx(const OnnxModel& model, const NativeOptions& options) {
  return OnnxImporter(model, options).Run();
}

}  // namespace tradewind
