// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/from_onnx.h"

#include "graph/native/onnx_importer.h"
#include "graph/onnx_walk.h"

namespace tradewind {
namespace {

// Of one value that is moved: each of its runs has two offsets in memory (ops/rearrange.cc).
constexpr int64_t kMostMoved = 1 << 26;
// Of all views together, so that a file of many reshapes does not eat memory.
constexpr int64_t kMostCoordinates = 1 << 24;

// How a tensor of a rank lies when nothing says otherwise: N, C, H, W; N, H, C; N, C.
NativeValue LayoutOf(std::span<const int64_t> shape, NativeValue value) {
  value.batch = shape[0];
  value.channels = shape.size() == 3 ? shape[2] : shape[1];
  value.height = shape.size() == 4 ? shape[2] : shape.size() == 3 ? shape[1] : 1;
  value.width = shape.size() == 4 ? shape[3] : 1;
  return value;
}

std::optional<View> LayoutView(size_t rank, const NativeValue& value) {
  if (rank == 3) return View::OfRows(value);
  if (rank == 2) return View::OfPixels(value);
  return std::nullopt;
}

// Whether the view is all of the value, as its rank has it.
bool IsLaidOut(const View& view, const NativeValue& value) {
  return (view.rank() == 3 && value.width == 1 && view == View::OfRows(value)) ||
         (view.rank() == 2 && value.pixels() == 1 && view == View::OfPixels(value));
}

}  // namespace

Result<NativeNet> OnnxImporter::Run() {
  for (const OnnxTensor& t : model_.graph.initializers) known_[t.name] = {.constant = &t};
  for (const OnnxNode& node : model_.graph.nodes) {
    for (const std::string& input : node.inputs) ++uses_[input];
  }
  for (const OnnxValue& output : model_.graph.outputs) ++uses_[output.name];
  for (const OnnxValue& input : model_.graph.inputs) TW_RETURN_IF_ERROR(TakeInput(input));
  for (const OnnxNode& node : model_.graph.nodes) TW_RETURN_IF_ERROR(TakeNode(node));
  std::vector<NativeEdge> outputs;
  for (const OnnxValue& output : model_.graph.outputs) {
    TW_ASSIGN(NativeEdge edge, GiveOutput(output));
    outputs.push_back(std::move(edge));
  }
  NativeNet net = std::move(build_).Finish(model_.source);
  net.inputs = std::move(inputs_);
  net.outputs = std::move(outputs);
  return net;
}

Result<void> OnnxImporter::TakeInput(const OnnxValue& input) {
  if (known_.contains(input.name)) return {};  // an initializer that an older file lists
  if (input.type != OnnxType::kFloat || !input.shape || input.shape->size() != 4) {
    return Fail(StatusCode::kUnsupported, model_.source + ": input '" + input.name + "' is no picture of floats (N, C, H, W)");
  }
  std::vector<int64_t> shape;
  for (const OnnxDimension& d : *input.shape) shape.push_back(d.value.value_or(shape.empty() ? options_.batch : -1));
  if (shape[0] < 1) shape[0] = options_.batch;
  for (const int64_t d : shape) {
    if (d >= 1 && d <= kMostSide) continue;
    return Fail(StatusCode::kUnsupported, model_.source + ": input '" + input.name + "' of " + ShapeText(shape) +
                                              " has a side that is open, or over " + std::to_string(kMostSide));
  }
  const int value = build_.AddValue(LayoutOf(shape, {.name = input.name}));
  known_[input.name] = {.value = value};
  inputs_.push_back({{input.name, ElementType::kFloat, shape}, value, true});
  return {};
}

Result<NativeEdge> OnnxImporter::GiveOutput(const OnnxValue& output) {
  if (known_.at(output.name).value < 0)
    return Fail(StatusCode::kUnsupported, model_.source + ": output '" + output.name + "' is a constant");
  if (known_.at(output.name).grid)
    return Fail(StatusCode::kUnsupported, model_.source + ": output '" + output.name + "' is of whole numbers");
  if (IsFlat(known_.at(output.name))) {
    const NativeValue& v = build_.value(known_.at(output.name).value);
    return NativeEdge{{output.name, ElementType::kFloat, {v.batch, v.channels * v.pixels()}}, known_.at(output.name).value, true};
  }
  const OnnxNode node = {.name = output.name, .op_type = "the output", .inputs = {output.name}};
  TW_ASSIGN(const OnnxName known, LaidOut(node, NodeReader(model_, node), 0));
  const std::vector<int64_t> shape = ShapeOf(known);
  return NativeEdge{{output.name, ElementType::kFloat, shape}, known.value, shape.size() != 3};
}

Result<void> OnnxImporter::TakeNode(const OnnxNode& node) {
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
      {"QuantizeLinear", &OnnxImporter::TakeQuantize},
      {"DequantizeLinear", &OnnxImporter::TakeDequantize},
      {"MaxPool", &OnnxImporter::TakePool},
      {"AveragePool", &OnnxImporter::TakePool},
      {"GlobalAveragePool", &OnnxImporter::TakeGlobalMean},
      {"ReduceMean", &OnnxImporter::TakeGlobalMean},
      {"Flatten", &OnnxImporter::TakeReshape},
      {"Reshape", &OnnxImporter::TakeReshape},
      {"Squeeze", &OnnxImporter::TakeReshape},
      {"Unsqueeze", &OnnxImporter::TakeReshape},
      {"Transpose", &OnnxImporter::TakeTranspose},
      {"Gemm", &OnnxImporter::TakeDense},
      {"MatMul", &OnnxImporter::TakeDense},
      {"Concat", &OnnxImporter::TakeConcat},
      {"Softmax", &OnnxImporter::TakeSoftmax},
      {"Slice", &OnnxImporter::TakeSlice},
      {"Gather", &OnnxImporter::TakeGather},
      {"Split", &OnnxImporter::TakeSplit},
      {"Resize", &OnnxImporter::TakeResize},
      {"Pad", &OnnxImporter::TakePad},
      {"Identity", &OnnxImporter::TakeSame},
      {"Dropout", &OnnxImporter::TakeSame},
      {"Constant", &OnnxImporter::TakeConstant},
  };
  if (node.domain == kTradewindDomain && node.op_type == "IntegrateAndFire" && !node.outputs.empty())
    return TakeIntegrateAndFire(node, read);
  const auto handler = kHandlers.find(node.op_type);
  if (handler == kHandlers.end() || !node.domain.empty() || node.outputs.empty()) {
    return read.Unsupported("the operator is not one of this executor's; set backend=openvino");
  }
  TW_RETURN_IF_ERROR((this->*handler->second)(node, read));
  for (const std::string& output : node.outputs) {
    if (!known_.contains(output) && uses_[output] > 0 && !output.empty())
      return read.Unsupported("its output '" + output + "' is used, and not made here; set backend=openvino");
  }
  return {};
}

Result<OnnxName> OnnxImporter::ValueOf(const OnnxNode& node, const NodeReader& read, size_t i) const {
  if (i >= node.inputs.size() || node.inputs[i].empty()) return read.Unsupported("input " + std::to_string(i) + " is missing");
  const OnnxName& known = known_.at(node.inputs[i]);
  if (known.value < 0) return read.Unsupported("input " + std::to_string(i) + " is a constant");
  if (known.grid) return read.Unsupported("input " + std::to_string(i) + " is of whole numbers, which only DequantizeLinear takes here");
  return known;
}

Result<OnnxName> OnnxImporter::LaidOut(const OnnxNode& node, const NodeReader& read, size_t i) {
  TW_ASSIGN(const OnnxName known, ValueOf(node, read, i));
  if (!known.view) return known;
  const std::vector<int64_t> shape = known.view->shape();
  if (IsLaidOut(*known.view, build_.value(known.value))) return known;
  if (*known.view == View::OfPicture(build_.value(known.value))) return OnnxName{.value = known.value};
  TW_ASSIGN(const OnnxName moved, NewTensor(read, node.inputs[i], shape, build_.value(known.value)));
  RearrangeSpec spec;
  spec.parts.push_back({known.value, *known.view, ViewOf(moved)});
  build_.AddOp(std::move(spec), moved.value);
  known_[node.inputs[i]] = moved;  // who reads it next finds it moved
  return moved;
}

Result<OnnxName> OnnxImporter::PictureOf(const OnnxNode& node, const NodeReader& read, size_t i) {
  TW_ASSIGN(const OnnxName known, LaidOut(node, read, i));
  if (known.view)
    return read.Unsupported("it works on a picture (N, C, H, W), and input " + std::to_string(i) + " is " + ShapeText(ShapeOf(known)));
  return known;
}

Result<OnnxName> OnnxImporter::WithChannels(const OnnxNode& node, const NodeReader& read, size_t i) {
  TW_ASSIGN(const OnnxName known, ValueOf(node, read, i));
  if (!known.view || (known.view->rank() > 1 && known.view->IsChannels(1, build_.value(known.value)))) return known;
  TW_ASSIGN(const OnnxName moved, LaidOut(node, read, i));
  if (moved.view && !moved.view->IsChannels(1, build_.value(moved.value))) return read.Unsupported("its channels are not axis 1");
  return moved;
}

Result<const OnnxTensor*> OnnxImporter::ConstantOf(const OnnxNode& node, const NodeReader& read, size_t i) const {
  if (i >= node.inputs.size() || node.inputs[i].empty()) return nullptr;
  const OnnxTensor* constant = known_.at(node.inputs[i]).constant;
  if (constant == nullptr) return read.Unsupported("input " + std::to_string(i) + " is no constant");
  return constant;
}

Result<std::vector<float>> OnnxImporter::FloatsOf(const OnnxNode& node, const NodeReader& read, size_t i, int64_t count) const {
  TW_ASSIGN(const OnnxTensor* constant, ConstantOf(node, read, i));
  return read.Floats(constant, count);
}

Result<std::vector<int64_t>> OnnxImporter::IntegersOf(const OnnxNode& node, const NodeReader& read, size_t i) const {
  TW_ASSIGN(const OnnxTensor* constant, ConstantOf(node, read, i));
  if (constant == nullptr) return read.Unsupported("input " + std::to_string(i) + " is missing");
  return read.Integers("", constant);
}

View OnnxImporter::ViewOf(const OnnxName& known) const {
  return known.view ? *known.view : View::OfPicture(build_.value(known.value));
}

std::vector<int64_t> OnnxImporter::ShapeOf(const OnnxName& known) const {
  const NativeValue& v = build_.value(known.value);
  return known.view ? known.view->shape() : std::vector<int64_t>{v.batch, v.channels, v.height, v.width};
}

bool OnnxImporter::IsFlat(const OnnxName& known) const {
  const NativeValue& v = build_.value(known.value);
  if (!known.view || known.view->rank() != 2 || v.channels * v.pixels() > View::kMostCoordinates) return false;
  return known.view == View::OfPicture(v).Reshaped(std::vector<int64_t>{v.batch, v.channels * v.pixels()});
}

int OnnxImporter::NewValue(const OnnxNode& node, NativeValue like) {
  like.name = node.outputs[0];
  like.border = {};
  const int value = build_.AddValue(std::move(like));
  known_[node.outputs[0]] = {.value = value};
  return value;
}

Result<OnnxName> OnnxImporter::NewTensor(const NodeReader& read, const std::string& name, std::span<const int64_t> shape,
                                         const NativeValue& like) {
  if (shape.size() < 2 || shape.size() > 4)
    return read.Unsupported("numbers would have to move into " + ShapeText(shape) + ", and only two to four axes have a place in memory");
  for (const int64_t side : shape) {
    if (side < 1 || side > kMostSide) return read.Unsupported("a side of " + ShapeText(shape) + " is over " + std::to_string(kMostSide));
  }
  int64_t numbers = 1;
  for (const int64_t side : shape) numbers *= side;
  if (numbers > kMostMoved)
    return read.Unsupported("numbers would have to move into " + ShapeText(shape) + ", more than " + std::to_string(kMostMoved));
  NativeValue value = LayoutOf(shape, like);
  value.name = name;
  value.border = {};
  OnnxName known{.value = build_.AddValue(value)};
  known.view = LayoutView(shape.size(), value);
  return known;
}

Result<void> OnnxImporter::See(const OnnxNode& node, const NodeReader& read, int value, View view, size_t o) {
  if (o >= node.outputs.size() || node.outputs[o].empty()) return {};
  for (const int64_t side : view.shape()) coordinates_ += side;
  if (coordinates_ > kMostCoordinates)
    return read.Unsupported("the file reshapes more than this executor keeps track of; set backend=openvino");
  known_[node.outputs[o]] = {.value = value, .view = std::move(view)};
  // Seen by others under either name.
  if (!Free(node.inputs[0]) || node.outputs.size() > 1) uses_[node.outputs[o]] += 1;
  return {};
}

Result<void> OnnxImporter::TakeSame(const OnnxNode& node, const NodeReader& read) {
  if (node.inputs.empty() || node.inputs[0].empty()) return read.Invalid("input 0 is missing");
  known_[node.outputs[0]] = known_.at(node.inputs.at(0));
  if (uses_[node.outputs[0]] > 1 || uses_[node.inputs[0]] > 1) uses_[node.outputs[0]] = 2;  // seen by others under either name
  return {};
}

Result<void> OnnxImporter::TakeConstant(const OnnxNode& node, const NodeReader& read) {
  const auto* value = node.Attribute<OnnxTensor>("value");
  if (value == nullptr) return read.Unsupported("a constant that is no tensor");
  known_[node.outputs[0]] = {.constant = value};
  return {};
}

Result<NativeNet> NativeFromOnnx(const OnnxModel& model, const NativeOptions& options) {
  return OnnxImporter(model, options).Run();
}

}  // namespace tradewind
