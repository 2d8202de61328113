// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/tflite_to_onnx.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <optional>

#include "graph/onnx_builder.h"
#include "graph/tensor.h"

namespace tradewind {
namespace {

// A side's padding as TFLite's SAME has it, before and behind.
std::pair<int64_t, int64_t> SamePadding(int64_t side, int64_t kernel, int64_t stride, int64_t dilation) {
  const int64_t total = std::max<int64_t>(0, ((side + stride - 1) / stride - 1) * stride + dilation * (kernel - 1) + 1 - side);
  return {total / 2, total - total / 2};
}

class Converter {
 public:
  explicit Converter(const TfliteModel& model) : tflite_(model), graph_(model.graphs[0]) {
    onnx_.source = model.source;
    onnx_.ir_version = kOnnxIrVersion;
    onnx_.producer = "tradewind";
    onnx_.opsets = {{.version = kOnnxOpset}};
    onnx_.graph.name = "from_tflite";
  }

  Result<OnnxModel> Run() {
    for (const int32_t input : graph_.inputs) onnx_.graph.inputs.push_back(ValueOf(input));
    for (size_t i = 0; i < graph_.operators.size(); ++i) {
      at_ = i;
      TW_RETURN_IF_ERROR(Take(graph_.operators[i]));
    }
    for (const int32_t output : graph_.outputs) onnx_.graph.outputs.push_back(ValueOf(output));
    TW_RETURN_IF_ERROR(CheckOnnx(onnx_));
    return std::move(onnx_);
  }

 private:
  tl::unexpected<Status> Unsupported(const std::string& what) const {
    return Fail(Status(StatusCode::kUnsupported, tflite_.source + ": " + what)
                    .At("operator " + std::to_string(at_) + " (" + graph_.operators[at_].name + ")"));
  }
  const TfliteTensor& TensorOf(int32_t index) const { return graph_.tensors[static_cast<size_t>(index)]; }
  // Tensors' names need not differ in TFLite; their numbers do.
  std::string NameOf(int32_t index) const { return "t" + std::to_string(index); }

  // N, H, W, C to N, C, H, W; a vector stays one.
  OnnxValue ValueOf(int32_t index) const {
    const std::vector<int32_t>& s = TensorOf(index).shape;
    OnnxValue value{.name = NameOf(index), .type = OnnxType::kFloat, .shape = std::vector<OnnxDimension>()};
    std::vector<int64_t> dims(s.begin(), s.end());
    if (dims.size() == 4) dims = {s[0], s[3], s[1], s[2]};
    for (const int64_t d : dims) value.shape->push_back({.value = d});
    return value;
  }

  // The real numbers that a constant stands for.
  Result<std::vector<float>> Reals(int32_t index, std::optional<float> bias_scale = std::nullopt) const {
    const TfliteTensor& t = TensorOf(index);
    if (!t.constant) return Unsupported("tensor '" + t.name + "' is no constant");
    const auto count = static_cast<int64_t>(t.data.size() / std::max<uint64_t>(1, TfliteTypeBytes(t.type)));
    std::vector<float> out(static_cast<size_t>(count));
    const TfliteQuantization& q = t.quantization;
    int64_t behind = 1;  // numbers behind the quantised dimension
    for (size_t d = static_cast<size_t>(q.dimension) + 1; d < t.shape.size(); ++d) behind *= t.shape[d];
    for (int64_t i = 0; i < count; ++i) {
      const size_t channel = q.scale.size() > 1 ? static_cast<size_t>(i / behind) % q.scale.size() : 0;
      const float scale = q.scale.empty() ? bias_scale.value_or(1) : q.scale[channel];
      const auto zero = static_cast<double>(q.zero_point.empty() ? 0 : q.zero_point[q.zero_point.size() > 1 ? channel : 0]);
      const auto raw = [&](auto number) {
        std::memcpy(&number, t.data.data() + static_cast<size_t>(i) * sizeof(number), sizeof(number));
        return number;
      };
      float& to = out[static_cast<size_t>(i)];
      switch (t.type) {
        case TfliteType::kFloat32: to = raw(float{}); break;
        case TfliteType::kUint8: to = static_cast<float>(static_cast<double>(scale) * (raw(uint8_t{}) - zero)); break;
        case TfliteType::kInt8: to = static_cast<float>(static_cast<double>(scale) * (raw(int8_t{}) - zero)); break;
        case TfliteType::kInt32: to = static_cast<float>(static_cast<double>(scale) * (raw(int32_t{}) - zero)); break;
        default: return Unsupported("tensor '" + t.name + "' of " + std::string(TfliteTypeName(t.type)));
      }
    }
    return out;
  }

  std::string AddWeights(int32_t index, std::vector<int64_t> dims, const std::vector<float>& values) {
    std::string name = NameOf(index) + "_" + std::to_string(at_);  // a constant may be read in two layouts
    onnx_.graph.initializers.push_back(OnnxTensor::Of(name, std::move(dims), values));
    return name;
  }
  std::string AddScalar(const std::string& name, float value) {
    onnx_.graph.initializers.push_back(OnnxTensor::Of(name, {}, std::span<const float>(&value, 1)));
    return name;
  }
  void AddNode(std::string op, std::vector<std::string> inputs, std::string output, std::vector<OnnxAttribute> attributes) {
    std::string name = op + "_" + std::to_string(onnx_.graph.nodes.size());
    onnx_.graph.nodes.push_back({.name = std::move(name),
                                 .op_type = std::move(op),
                                 .inputs = std::move(inputs),
                                 .outputs = {std::move(output)},
                                 .attributes = std::move(attributes)});
  }
  // Adds a node whose output goes through the operator's bounds.
  void AddBounded(std::string op, std::vector<std::string> inputs, int32_t output, std::vector<OnnxAttribute> attributes,
                  TfliteActivation activation) {
    const std::string out = NameOf(output);
    if (activation == TfliteActivation::kNone) return AddNode(std::move(op), std::move(inputs), out, std::move(attributes));
    const std::string between = out + "_unbounded";
    AddNode(std::move(op), std::move(inputs), between, std::move(attributes));
    if (activation == TfliteActivation::kRelu) return AddNode("Relu", {between}, out, {});
    const bool six = activation == TfliteActivation::kRelu6;
    const std::string low = AddScalar(out + "_low", six ? 0.0f : -1.0f);
    const std::string high = AddScalar(out + "_high", six ? 6.0f : 1.0f);
    AddNode("Clip", {between, low, high}, out, {});
  }

  Result<void> Take(const TfliteOperator& op) {
    using Handler = Result<void> (Converter::*)(const TfliteOperator&);
    static const std::map<std::string_view, Handler> kHandlers = {
        {"CONV_2D", &Converter::TakeConvolution},
        {"DEPTHWISE_CONV_2D", &Converter::TakeConvolution},
        {"FULLY_CONNECTED", &Converter::TakeDense},
        {"AVERAGE_POOL_2D", &Converter::TakePool},
        {"MAX_POOL_2D", &Converter::TakePool},
        {"ADD", &Converter::TakeAdd},
        {"CONCATENATION", &Converter::TakeConcat},
        {"RESHAPE", &Converter::TakeReshape},
        {"SQUEEZE", &Converter::TakeReshape},
        {"SOFTMAX", &Converter::TakeSoftmax},
        {"QUANTIZE", &Converter::TakeSame},
        {"DEQUANTIZE", &Converter::TakeSame},
        {"MEAN", &Converter::TakeMean},
    };
    const auto handler = kHandlers.find(op.name);
    if (handler == kHandlers.end()) return Unsupported("the operator has no counterpart here");
    if (op.inputs.empty() || op.inputs[0] < 0 || op.outputs.size() != 1) return Unsupported("it has no input, or not one output");
    return (this->*handler->second)(op);
  }

  Result<void> TakeConvolution(const TfliteOperator& op) {
    const bool depthwise = op.name == "DEPTHWISE_CONV_2D";
    const auto& options = std::get<TfliteConv>(op.options);
    const std::vector<int32_t>& in = TensorOf(op.inputs[0]).shape;
    if (op.inputs.size() < 2 || op.inputs[1] < 0 || in.size() != 4 || TensorOf(op.inputs[1]).shape.size() != 4)
      return Unsupported("its input or weights have not four dimensions");
    const std::vector<int32_t>& w = TensorOf(op.inputs[1]).shape;
    const int64_t height = w[1], width = w[2], last = w[3];
    const int64_t out_channels = depthwise ? last : w[0];
    const int64_t in_of_group = depthwise ? 1 : last;
    if (depthwise ? (w[0] != 1 || in[3] < 1 || last % in[3] != 0) : last != in[3]) return Unsupported("its weights do not fit its input");
    TW_ASSIGN(const std::vector<float> values, Reals(op.inputs[1]));
    std::vector<float> turned(values.size());
    for (int64_t n = 0; n < out_channels; ++n) {
      for (int64_t c = 0; c < in_of_group; ++c) {
        for (int64_t t = 0; t < height * width; ++t) {
          const int64_t from = depthwise ? t * out_channels + n : (n * height * width + t) * in_of_group + c;
          turned[static_cast<size_t>((n * in_of_group + c) * height * width + t)] = values[static_cast<size_t>(from)];
        }
      }
    }
    std::vector<std::string> inputs{NameOf(op.inputs[0]), AddWeights(op.inputs[1], {out_channels, in_of_group, height, width}, turned)};
    TW_RETURN_IF_ERROR(AddBias(op, out_channels, inputs));
    std::pair<int64_t, int64_t> rows{0, 0}, columns{0, 0};
    if (options.same_padding) {
      rows = SamePadding(in[1], height, options.stride_h, options.dilation_h);
      columns = SamePadding(in[2], width, options.stride_w, options.dilation_w);
    }
    using Integers = std::vector<int64_t>;
    AddBounded("Conv", std::move(inputs), op.outputs[0],
               {{"kernel_shape", Integers{height, width}},
                {"strides", Integers{options.stride_h, options.stride_w}},
                {"dilations", Integers{options.dilation_h, options.dilation_w}},
                {"pads", Integers{rows.first, columns.first, rows.second, columns.second}},
                {"group", depthwise ? int64_t{in[3]} : int64_t{1}}},
               options.activation);
    return {};
  }

  Result<void> AddBias(const TfliteOperator& op, int64_t out_channels, std::vector<std::string>& inputs) {
    if (op.inputs.size() < 3 || op.inputs[2] < 0) return {};
    TW_ASSIGN(const std::vector<float> bias, Reals(op.inputs[2]));
    if (static_cast<int64_t>(bias.size()) != out_channels) return Unsupported("its bias is not one number for each output");
    inputs.push_back(AddWeights(op.inputs[2], {out_channels}, bias));
    return {};
  }

  Result<void> TakeDense(const TfliteOperator& op) {
    const auto& options = std::get<TfliteFullyConnected>(op.options);
    const std::vector<int32_t>& in = TensorOf(op.inputs[0]).shape;
    if (op.inputs.size() < 2 || op.inputs[1] < 0 || TensorOf(op.inputs[1]).shape.size() != 2)
      return Unsupported("its weights have not two dimensions");
    if (in.size() != 2 && !(in.size() == 4 && in[1] == 1 && in[2] == 1)) return Unsupported("its input is no vector");
    const std::vector<int32_t>& w = TensorOf(op.inputs[1]).shape;
    TW_ASSIGN(const std::vector<float> values, Reals(op.inputs[1]));
    std::string from = NameOf(op.inputs[0]);
    if (in.size() == 4) {
      AddNode("Flatten", {from}, NameOf(op.outputs[0]) + "_flat", {{"axis", int64_t{1}}});
      from = NameOf(op.outputs[0]) + "_flat";
    }
    std::vector<std::string> inputs{from, AddWeights(op.inputs[1], {w[0], w[1]}, values)};
    TW_RETURN_IF_ERROR(AddBias(op, w[0], inputs));
    AddBounded("Gemm", std::move(inputs), op.outputs[0], {{"transB", int64_t{1}}}, options.activation);
    return {};
  }

  Result<void> TakePool(const TfliteOperator& op) {
    const auto& options = std::get<TflitePool>(op.options);
    const std::vector<int32_t>& in = TensorOf(op.inputs[0]).shape;
    if (in.size() != 4) return Unsupported("its input has not four dimensions");
    std::pair<int64_t, int64_t> rows{0, 0}, columns{0, 0};
    if (options.same_padding) {
      rows = SamePadding(in[1], options.filter_h, options.stride_h, 1);
      columns = SamePadding(in[2], options.filter_w, options.stride_w, 1);
    }
    using Integers = std::vector<int64_t>;
    AddBounded(op.name == "MAX_POOL_2D" ? "MaxPool" : "AveragePool", {NameOf(op.inputs[0])}, op.outputs[0],
               {{"kernel_shape", Integers{options.filter_h, options.filter_w}},
                {"strides", Integers{options.stride_h, options.stride_w}},
                {"pads", Integers{rows.first, columns.first, rows.second, columns.second}}},
               options.activation);
    return {};
  }

  Result<void> TakeAdd(const TfliteOperator& op) {
    if (op.inputs.size() != 2 || op.inputs[1] < 0 || TensorOf(op.inputs[0]).constant || TensorOf(op.inputs[1]).constant)
      return Unsupported("a sum with a constant");
    if (TensorOf(op.inputs[0]).shape != TensorOf(op.inputs[1]).shape) return Unsupported("a sum of different shapes");
    AddBounded("Add", {NameOf(op.inputs[0]), NameOf(op.inputs[1])}, op.outputs[0], {}, std::get<TfliteElementwise>(op.options).activation);
    return {};
  }

  Result<void> TakeConcat(const TfliteOperator& op) {
    const auto& options = std::get<TfliteConcatenation>(op.options);
    const auto rank = static_cast<int32_t>(TensorOf(op.inputs[0]).shape.size());
    if (options.axis != rank - 1 && options.axis != -1) return Unsupported("another axis than the last");
    std::vector<std::string> inputs;
    for (const int32_t input : op.inputs) {
      if (input < 0 || TensorOf(input).constant) return Unsupported("a constant among its inputs");
      inputs.push_back(NameOf(input));
    }
    AddBounded("Concat", std::move(inputs), op.outputs[0], {{"axis", int64_t{1}}}, options.activation);
    return {};
  }

  // To a vector of each picture's one pixel.
  Result<void> TakeReshape(const TfliteOperator& op) {
    const std::vector<int32_t>& from = TensorOf(op.inputs[0]).shape;
    const std::vector<int32_t>& to = TensorOf(op.outputs[0]).shape;
    const bool pixel = from.size() == 2 || (from.size() == 4 && from[1] == 1 && from[2] == 1);
    if (!pixel || to.size() != 2 || to[0] != from[0]) return Unsupported("another shape than a vector of one pixel's channels");
    AddNode("Flatten", {NameOf(op.inputs[0])}, NameOf(op.outputs[0]), {{"axis", int64_t{1}}});
    return {};
  }

  Result<void> TakeMean(const TfliteOperator& op) {
    const std::vector<int32_t>& from = TensorOf(op.inputs[0]).shape;
    const std::vector<int32_t>& to = TensorOf(op.outputs[0]).shape;
    if (op.inputs.size() < 2 || op.inputs[1] < 0 || !TensorOf(op.inputs[1]).constant || TensorOf(op.inputs[1]).type != TfliteType::kInt32)
      return Unsupported("its axes are no constant");
    std::vector<int32_t> axes(TensorOf(op.inputs[1]).data.size() / 4);
    if (!axes.empty()) std::memcpy(axes.data(), TensorOf(op.inputs[1]).data.data(), TensorOf(op.inputs[1]).data.size());
    std::sort(axes.begin(), axes.end());
    if (from.size() != 4 || axes != std::vector<int32_t>{1, 2} || (to.size() != 2 && to.size() != 4))
      return Unsupported("a mean over other axes than rows and columns");
    const std::string pooled = to.size() == 4 ? NameOf(op.outputs[0]) : NameOf(op.outputs[0]) + "_pooled";
    AddNode("GlobalAveragePool", {NameOf(op.inputs[0])}, pooled, {});
    if (to.size() == 2) AddNode("Flatten", {pooled}, NameOf(op.outputs[0]), {{"axis", int64_t{1}}});
    return {};
  }

  Result<void> TakeSoftmax(const TfliteOperator& op) {
    if (TensorOf(op.inputs[0]).shape.size() != 2 || std::get<TfliteSoftmax>(op.options).beta != 1)
      return Unsupported("a softmax over something else than a vector of classes");
    AddNode("Softmax", {NameOf(op.inputs[0])}, NameOf(op.outputs[0]), {{"axis", int64_t{1}}});
    return {};
  }

  Result<void> TakeSame(const TfliteOperator& op) {
    AddNode("Identity", {NameOf(op.inputs[0])}, NameOf(op.outputs[0]), {});
    return {};
  }

  const TfliteModel& tflite_;
  const TfliteGraph& graph_;
  OnnxModel onnx_;
  size_t at_ = 0;  // the operator, for errors
};

}  // namespace

Result<OnnxModel> TfliteToOnnx(const TfliteModel& model) {
  return Converter(model).Run();
}

}  // namespace tradewind
