// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What surgery puts into graphs: exits and narrow places.
#include <algorithm>
#include <set>

#include "graph/surgery.h"

namespace tradewind {
namespace {

constexpr int64_t kMostWidth = 1 << 20;

tl::unexpected<Status> BadPlace(const OnnxModel& model, StatusCode code, const std::string& value, const std::string& problem) {
  return Fail(Status(code, model.source + ": " + problem).At("value '" + value + "'"));
}

const OnnxNode* MakerOf(const OnnxGraph& graph, std::string_view value) {
  const auto found =
      std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const OnnxNode& n) { return !n.outputs.empty() && n.outputs[0] == value; });
  return found == graph.nodes.end() ? nullptr : &*found;
}

struct PictureValue {
  OnnxDimension batch;
  int64_t channels = 0, height = 0, width = 0;
};

// A picture that a node makes, whose sides the file says.
Result<PictureValue> PictureAt(const OnnxModel& model, const std::string& at) {
  if (MakerOf(model.graph, at) == nullptr) return BadPlace(model, StatusCode::kNotFound, at, "no node makes it");
  for (const auto* list : {&model.graph.values, &model.graph.outputs}) {
    for (const OnnxValue& v : *list) {
      if (v.name != at || !v.shape || v.shape->size() != 4) continue;
      const std::vector<OnnxDimension>& s = *v.shape;
      if (s[1].value && s[2].value && s[3].value) return PictureValue{s[0], *s[1].value, *s[2].value, *s[3].value};
    }
  }
  return BadPlace(model, StatusCode::kInvalidInput, at, "the file does not say that it is a picture, and of how many channels and pixels");
}

// Puts nodes behind a picture, one after the other.
class Chain {
 public:
  Chain(OnnxModel& model, const PictureValue& picture, std::string at, WeightSource& weights)
      : graph_(model.graph), picture_(picture), at_(std::move(at)), weights_(weights) {}

  const std::string& at() const { return at_; }

  void Node(const std::string& name, const std::string& op_type, std::vector<std::string> more, std::vector<OnnxAttribute> attributes,
            const std::vector<int64_t>& sides) {
    std::vector<std::string> inputs{at_};
    inputs.insert(inputs.end(), more.begin(), more.end());
    graph_.nodes.push_back(
        {.name = name, .op_type = op_type, .inputs = std::move(inputs), .outputs = {name}, .attributes = std::move(attributes)});
    OnnxValue value{.name = name, .type = OnnxType::kFloat, .shape = {{picture_.batch}}};
    for (const int64_t side : sides) value.shape->push_back({.value = side});
    graph_.values.push_back(std::move(value));
    at_ = name;
  }

  Result<void> Convolution(const std::string& parameters, const std::string& name, int64_t kernel, int64_t stride,
                           std::vector<int64_t> sides) {
    TW_RETURN_IF_ERROR(Parameters(parameters, {sides[0], channels_, kernel, kernel}));
    using Integers = std::vector<int64_t>;
    const int64_t pad = (kernel - 1) / 2;
    Node(name, "Conv", {parameters + ".weight", parameters + ".bias"},
         {{"kernel_shape", Integers{kernel, kernel}},
          {"strides", Integers{stride, stride}},
          {"pads", Integers{pad, pad, pad, pad}},
          {"dilations", Integers{1, 1}},
          {"group", int64_t{1}}},
         sides);
    channels_ = sides[0];
    return {};
  }

  Result<void> Dense(const std::string& parameters, const std::string& name, int64_t from, int64_t to) {
    TW_RETURN_IF_ERROR(Parameters(parameters, {to, from}));
    Node(name, "Gemm", {parameters + ".weight", parameters + ".bias"}, {{"transB", int64_t{1}}}, {to});
    return {};
  }

 private:
  Result<void> Parameters(const std::string& name, const std::vector<int64_t>& dims) {
    int64_t fan_in = 1;
    for (size_t i = 1; i < dims.size(); ++i) fan_in *= dims[i];
    TW_ASSIGN(const std::vector<float> matrix, weights_.Get(name + ".weight", dims, WeightKind::kWeights, fan_in));
    TW_ASSIGN(const std::vector<float> bias, weights_.Get(name + ".bias", {dims[0]}, WeightKind::kBias, 1));
    graph_.initializers.push_back(OnnxTensor::Of(name + ".weight", dims, matrix));
    graph_.initializers.push_back(OnnxTensor::Of(name + ".bias", {dims[0]}, bias));
    return {};
  }

  OnnxGraph& graph_;
  const PictureValue picture_;
  std::string at_;
  WeightSource& weights_;
  int64_t channels_ = picture_.channels;
};

}  // namespace

Result<std::vector<std::string>> BlockEnds(const OnnxModel& model) {
  TW_ASSIGN(const std::vector<std::string> points, CutPoints(model));
  const std::set<std::string, std::less<>> cuts(points.begin(), points.end());
  std::vector<std::string> ends;
  for (const std::string& point : points) {
    const OnnxNode* maker = MakerOf(model.graph, point);
    if (maker == nullptr) continue;
    if (maker->op_type == "Add") ends.push_back(point);
    const bool activation = maker->op_type == "Relu" || maker->op_type == "Clip" || maker->op_type == "HardSwish";
    const OnnxNode* before = activation ? MakerOf(model.graph, maker->inputs[0]) : nullptr;
    if (before == nullptr || before->op_type != "Add") continue;
    if (!ends.empty() && ends.back() == maker->inputs[0]) ends.pop_back();  // the sum itself was one
    ends.push_back(point);
  }
  return ends;
}

Result<void> InsertExit(OnnxModel& model, const std::string& at, const ExitHead& head, WeightSource& weights) {
  TW_ASSIGN(const PictureValue picture, PictureAt(model, at));
  if (head.classes < 1 || head.classes > kMostWidth || head.hidden < 0 || head.hidden > kMostWidth || head.name.empty())
    return BadPlace(model, StatusCode::kInvalidInput, at,
                    "an exit has a name and from 1 to 1048576 classes, and at most as many hidden sums");
  if (head.grid < 1 || picture.height % head.grid != 0 || picture.width % head.grid != 0)
    return BadPlace(model, StatusCode::kInvalidInput, at,
                    "a grid of " + std::to_string(head.grid) + " does not divide " + std::to_string(picture.height) + " rows and " +
                        std::to_string(picture.width) + " columns");
  Chain chain(model, picture, at, weights);
  using Integers = std::vector<int64_t>;
  const std::vector<int64_t> pooled = {picture.channels, head.grid, head.grid};
  if (head.grid == 1) {
    chain.Node(head.name + ".pooled", "GlobalAveragePool", {}, {}, pooled);
  } else {
    const Integers part{picture.height / head.grid, picture.width / head.grid};
    chain.Node(head.name + ".pooled", "AveragePool", {}, {{"kernel_shape", part}, {"strides", part}}, pooled);
  }
  const int64_t features = picture.channels * head.grid * head.grid;
  chain.Node(head.name + ".flat", "Flatten", {}, {{"axis", int64_t{1}}}, {features});
  if (head.hidden > 0) {
    TW_RETURN_IF_ERROR(chain.Dense(head.name + ".hidden", head.name + ".sums", features, head.hidden));
    chain.Node(head.name + ".rectified", "Relu", {}, {}, {head.hidden});
  }
  TW_RETURN_IF_ERROR(chain.Dense(head.name, head.name, head.hidden > 0 ? head.hidden : features, head.classes));
  model.graph.outputs.insert(model.graph.outputs.end() - 1, std::move(model.graph.values.back()));
  model.graph.values.pop_back();
  return CheckOnnx(model);
}

Result<void> InsertBottleneck(OnnxModel& model, const std::string& at, const BottleneckPlan& plan, WeightSource& weights) {
  TW_ASSIGN(const PictureValue picture, PictureAt(model, at));
  if (plan.channels < 1 || plan.channels > kMostWidth || plan.kernel < 1 || plan.kernel > 15 || plan.kernel % 2 == 0 || plan.name.empty())
    return BadPlace(model, StatusCode::kInvalidInput, at, "a bottleneck has a name, channels, and an odd kernel of at most 15");
  if (plan.stride < 1 || picture.height % plan.stride != 0 || picture.width % plan.stride != 0)
    return BadPlace(model, StatusCode::kInvalidInput, at, "the bottleneck's stride does not divide the picture's sides");
  OnnxGraph& graph = model.graph;
  const bool rectified = MakerOf(graph, at)->op_type == "Relu";
  const std::string restored = plan.name + ".restored";
  for (OnnxNode& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), at, restored);
  Chain chain(model, picture, at, weights);
  const int64_t rows = picture.height / plan.stride, columns = picture.width / plan.stride;
  TW_RETURN_IF_ERROR(
      chain.Convolution(plan.name + ".encoder", plan.name + ".code", plan.kernel, plan.stride, {plan.channels, rows, columns}));
  if (plan.stride > 1) {
    const auto factor = static_cast<float>(plan.stride);
    const std::string factors = plan.name + ".factors";
    graph.initializers.push_back(OnnxTensor::Of(factors, {4}, std::vector<float>{1, 1, factor, factor}));
    chain.Node(plan.name + ".spread", "Resize", {"", factors},
               {{"mode", std::string("nearest")},
                {"coordinate_transformation_mode", std::string("asymmetric")},
                {"nearest_mode", std::string("floor")}},
               {plan.channels, picture.height, picture.width});
  }
  const std::vector<int64_t> sides = {picture.channels, picture.height, picture.width};
  TW_RETURN_IF_ERROR(chain.Convolution(plan.name + ".decoder1", plan.name + ".drawn", plan.kernel, 1, sides));
  chain.Node(plan.name + ".rectified", "Relu", {}, {}, sides);
  TW_RETURN_IF_ERROR(chain.Convolution(plan.name + ".decoder2", rectified ? plan.name + ".redrawn" : restored, plan.kernel, 1, sides));
  if (rectified) chain.Node(restored, "Relu", {}, {}, sides);
  model.metadata.emplace_back(kBottleneckKey, plan.name + ".code");
  return CheckOnnx(model);
}

}  // namespace tradewind
