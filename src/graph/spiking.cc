// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/spiking.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "graph/activation_histogram.h"
#include "graph/native/from_onnx.h"
#include "graph/onnx_walk.h"
#include "graph/surgery.h"
#include "kernels/isa.h"

namespace tradewind {
namespace {

constexpr std::string_view kNeuron = "IntegrateAndFire";

tl::unexpected<Status> NotSpiking(const OnnxModel& model, const OnnxNode& node, const std::string& why) {
  return Fail(Status(StatusCode::kUnsupported, model.source + ": " + why + " cannot be told by spikes")
                  .At("node '" + node.name + "' (" + node.op_type + ")"));
}

bool IsRectifier(const OnnxModel& model, const OnnxNode& node) {
  if (node.op_type == "Relu") return true;
  if (node.op_type != "Clip") return false;
  const auto* low = node.Attribute<float>("min");
  if (low != nullptr) return *low == 0;
  const OnnxTensor* given = node.inputs.size() > 1 ? model.graph.FindInitializer(node.inputs[1]) : nullptr;
  return given != nullptr && given->type == OnnxType::kFloat && given->values() == 1 && given->At<float>(0) == 0;
}

// Spikes add up through what is linear: then the mean of what comes out is what the mean of what goes in gives.
Result<void> CheckCanSpike(const OnnxModel& model) {
  static const std::set<std::string_view> kLinear = {"Conv",
                                                     "BatchNormalization",
                                                     "Gemm",
                                                     "MatMul",
                                                     "Add",
                                                     "AveragePool",
                                                     "GlobalAveragePool",
                                                     "ReduceMean",
                                                     "Flatten",
                                                     "Reshape",
                                                     "Pad",
                                                     "Slice",
                                                     "Concat",
                                                     "Split",
                                                     "Squeeze",
                                                     "Unsqueeze",
                                                     "Transpose",
                                                     "Gather",
                                                     "Mul",
                                                     "Identity",
                                                     "Dropout",
                                                     "Constant"};
  size_t rectifiers = 0;
  for (const OnnxNode& node : model.graph.nodes) {
    if (!node.domain.empty()) return NotSpiking(model, node, "an operator of the domain '" + node.domain + "'");
    if (IsRectifier(model, node)) {
      ++rectifiers;
      continue;
    }
    if (!kLinear.contains(node.op_type)) return NotSpiking(model, node, "an operator that is neither linear nor a rectifier");
    const bool product = node.op_type == "Mul" || node.op_type == "MatMul";
    if (product && std::none_of(node.inputs.begin(), node.inputs.end(),
                                [&](const std::string& name) { return model.graph.FindInitializer(name) != nullptr; })) {
      return NotSpiking(model, node, "a product of two values");
    }
  }
  if (rectifiers == 0) return Fail(StatusCode::kUnsupported, model.source + ": there is no rectifier (Relu) that neurons could stand for");
  return {};
}

Result<void> CheckOptions(const SpikingOptions& options, std::span<const Tensor> pictures) {
  if (pictures.empty()) return Fail(StatusCode::kInvalidInput, "thresholds are found from pictures, and there are none");
  if (!(options.percentile > 0 && options.percentile <= 100))
    return Fail(Status(StatusCode::kInvalidInput, "a percentile lies above 0 and up to 100").At("percentile"));
  if (!(options.start >= 0 && options.start < 1))
    return Fail(Status(StatusCode::kInvalidInput, "potentials start from 0 to below 1 threshold").At("start"));
  if (options.steps < 1 || options.steps > (1 << 16)) return Fail(Status(StatusCode::kInvalidInput, "steps are from 1 up").At("steps"));
  return {};
}

float ThresholdOf(const ActivationHistogram& seen, const SpikingOptions& options) {
  double threshold = seen.greatest();
  if (options.rule == ThresholdRule::kPercentile) threshold = seen.Percentile(options.percentile);
  if (options.rule == ThresholdRule::kLeastError) threshold = seen.LeastErrorCut(options.steps);
  return static_cast<float>(threshold);
}

// What every rectifier gave: seen[rectifier][channel], or [rectifier][0].
using Seen = std::vector<std::vector<ActivationHistogram>>;

// `take(rectifier, channel, value)` for every number that a rectifier gives for the pictures.
template <typename Take>
Result<void> EachActivation(NativeExecutor& executor, size_t first, std::span<const Tensor> pictures, const Take& take) {
  for (const Tensor& picture : pictures) {
    TW_ASSIGN(const std::vector<Tensor> outputs, executor.Run({&picture, 1}));
    for (size_t r = first; r < outputs.size(); ++r) {
      const Tensor& given = outputs[r];
      const auto values = given.Values<float>();
      const auto channels = static_cast<size_t>(given.shape.size() > 1 ? given.shape[1] : 1);
      const size_t batch = given.shape.empty() ? 1 : static_cast<size_t>(given.shape[0]);
      const size_t run = values.size() / (batch * channels);
      for (size_t i = 0; i < values.size(); ++i) take(r - first, i / run % channels, values[i]);
    }
  }
  return {};
}

Result<Seen> Watch(const OnnxModel& model, const std::vector<std::string>& rectified, std::span<const Tensor> pictures, bool by_channel) {
  OnnxModel watched = model;
  const size_t first = watched.graph.outputs.size();
  for (const std::string& name : rectified) watched.graph.outputs.push_back({.name = name, .type = OnnxType::kFloat});
  TW_ASSIGN(NativeNet net, NativeFromOnnx(watched, {}));
  TW_ASSIGN(const Isa isa, SelectIsa());
  TW_ASSIGN(auto executor, NativeExecutor::Make(std::move(net), isa, 1));
  std::vector<std::vector<float>> greatest(rectified.size());
  for (size_t r = 0; r < rectified.size(); ++r) {
    const std::vector<int64_t>& shape = executor->net().outputs[first + r].edge.shape;
    greatest[r].assign(by_channel && shape.size() > 1 ? static_cast<size_t>(shape[1]) : 1, 0.0f);
  }
  TW_RETURN_IF_ERROR(EachActivation(*executor, first, pictures, [&](size_t r, size_t channel, float value) {
    float& most = greatest[r][by_channel ? channel : 0];
    most = std::max(most, value);
  }));
  Seen seen;
  for (const auto& channels : greatest) {
    seen.emplace_back();
    for (const float most : channels) seen.back().emplace_back(most);
  }
  TW_RETURN_IF_ERROR(EachActivation(*executor, first, pictures,
                                    [&](size_t r, size_t channel, float value) { seen[r][by_channel ? channel : 0].Add(value); }));
  return seen;
}

}  // namespace

std::string_view ThresholdRuleName(ThresholdRule rule) {
  switch (rule) {
    case ThresholdRule::kMaximum: return "maximum";
    case ThresholdRule::kPercentile: return "percentile";
    case ThresholdRule::kLeastError: return "least-error";
  }
  return "?";
}

Result<SpikingOptions> ParseSpikingOptions(std::string_view text) {
  const auto wrong = [&](std::string_view part) {
    return Fail(StatusCode::kInvalidInput,
                "\"" + std::string(text) + "\": \"" + std::string(part) +
                    "\" is none of maximum, percentile, least-error, a number behind one of the last two, channel, floor");
  };
  SpikingOptions options;
  bool has_rule = false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const ThresholdRule kRules[] = {ThresholdRule::kMaximum, ThresholdRule::kPercentile, ThresholdRule::kLeastError};
    const auto* rule = std::find_if(std::begin(kRules), std::end(kRules), [&](ThresholdRule r) { return ThresholdRuleName(r) == part; });
    if (!has_rule && rule != std::end(kRules)) {
      options.rule = *rule;
      has_rule = true;
      continue;
    }
    double number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool is_number = error == std::errc() && end == part.data() + part.size();
    if (part == "channel") {
      options.by_channel = true;
    } else if (part == "floor") {
      options.start = 0;
    } else if (is_number && options.rule == ThresholdRule::kPercentile && has_rule) {
      options.percentile = number;
    } else if (is_number && options.rule == ThresholdRule::kLeastError && number >= 1 && number <= 1 << 16) {
      options.steps = static_cast<int64_t>(number);
    } else {
      return wrong(part);
    }
  }
  if (!has_rule) return wrong(text);
  return options;
}

bool IsSpiking(const OnnxModel& model) {
  return std::any_of(model.graph.nodes.begin(), model.graph.nodes.end(),
                     [](const OnnxNode& n) { return n.domain == kTradewindDomain && n.op_type == kNeuron; });
}

Result<OnnxModel> ToSpiking(const OnnxModel& given, std::span<const Tensor> pictures, const SpikingOptions& options) {
  TW_RETURN_IF_ERROR(CheckOptions(options, pictures));
  TW_RETURN_IF_ERROR(CheckCanSpike(given));
  OnnxModel model = given;
  TW_RETURN_IF_ERROR(FoldBatchNorms(model));
  std::vector<std::string> rectified;
  for (const OnnxNode& node : model.graph.nodes) {
    if (IsRectifier(model, node)) rectified.push_back(node.outputs[0]);
  }
  TW_ASSIGN(const Seen seen, Watch(model, rectified, pictures, options.by_channel));
  size_t r = 0;
  for (OnnxNode& node : model.graph.nodes) {
    if (!IsRectifier(model, node)) continue;
    std::vector<float> thresholds;
    for (const ActivationHistogram& channel : seen[r]) {
      const float threshold = ThresholdOf(channel, options);
      thresholds.push_back(threshold > 0 ? threshold : 1.0f);  // never seen to give anything
    }
    ++r;
    OnnxTensor tensor = OnnxTensor::Of(node.outputs[0] + ".threshold", {static_cast<int64_t>(thresholds.size())}, thresholds);
    node.op_type = std::string(kNeuron);
    node.domain = std::string(kTradewindDomain);
    node.inputs = {node.inputs[0], tensor.name};
    node.attributes = {{.name = "start", .value = static_cast<float>(options.start)}};
    model.graph.initializers.push_back(std::move(tensor));
  }
  model.opsets.push_back({.domain = std::string(kTradewindDomain), .version = 1});
  TW_RETURN_IF_ERROR(RemoveUnused(model));
  TW_RETURN_IF_ERROR(CheckOnnx(model));
  return model;
}

Result<std::unique_ptr<SpikingNet>> SpikingNet::Open(const OnnxModel& model, int threads) {
  TW_ASSIGN(NativeNet net, NativeFromOnnx(model, {}));
  if (net.inputs.size() != 1 || net.outputs.empty())
    return Fail(StatusCode::kUnsupported, model.source + ": a spiking net has one input, and an output");
  TW_ASSIGN(const Isa isa, SelectIsa());
  TW_ASSIGN(auto executor, NativeExecutor::Make(std::move(net), isa, threads));
  return std::unique_ptr<SpikingNet>(new SpikingNet(std::move(executor)));
}

SpikingNet::SpikingNet(std::unique_ptr<NativeExecutor> executor) : executor_(std::move(executor)) {
  const NativeNet& net = executor_->net();
  std::map<int, size_t> fired_by;  // a value: the layer of neurons that gives it
  for (const auto& op : net.ops) {
    if (op->counter() < 0) continue;
    const NativeValue& out = net.values[static_cast<size_t>(op->output())];
    fired_by[op->output()] = layers_.size();
    layers_.push_back({.spikes = op->counter(), .neurons = static_cast<double>(out.batch * out.pixels() * out.channels)});
    neurons_ += out.batch * out.pixels() * out.channels;
  }
  for (const auto& op : net.ops) {
    const double products = op->multiply_adds(net.values);
    if (products == 0) continue;
    const auto layer = fired_by.find(op->inputs()[0]);
    if (layer == fired_by.end()) {
      first_products_ += products;
    } else {
      layers_[layer->second].fan_out += products / layers_[layer->second].neurons;
    }
  }
}

void SpikingNet::Begin(const Tensor& picture) {
  picture_ = picture;
  executor_->Reset();
  sums_.clear();
  means_.clear();
  steps_ = 0;
}

Result<void> SpikingNet::Step() {
  TW_ASSIGN(std::vector<Tensor> outputs, executor_->Run({&picture_, 1}));
  ++steps_;
  if (steps_ == 1) {
    means_ = outputs;
    sums_ = std::move(outputs);
    return {};
  }
  const float share = 1.0f / static_cast<float>(steps_);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const auto sum = sums_[i].Values<float>(), mean = means_[i].Values<float>();
    const auto more = outputs[i].Values<float>();
    for (size_t k = 0; k < sum.size(); ++k) {
      sum[k] += more[k];
      mean[k] = sum[k] * share;
    }
  }
  return {};
}

std::span<const float> SpikingNet::logits() const {
  assert(steps_ > 0);
  return static_cast<const Tensor&>(means_[0]).Values<float>();
}

double SpikingNet::spikes() const {
  double sum = 0;
  for (const Layer& layer : layers_) {
    for (const float row : executor_->Kept(layer.spikes)) sum += static_cast<double>(row);
  }
  return sum;
}

double SpikingNet::synaptic_operations() const {
  double sum = first_products_;
  for (const Layer& layer : layers_) {
    for (const float row : executor_->Kept(layer.spikes)) sum += static_cast<double>(row) * layer.fan_out;
  }
  return sum;
}

}  // namespace tradewind
