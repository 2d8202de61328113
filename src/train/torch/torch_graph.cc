// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/torch/torch_graph.h"

#include <algorithm>

namespace tradewind {
namespace {

Result<torch::Tensor> TensorOf(const OnnxTensor& from) {
  torch::ScalarType type;
  switch (from.type) {
    case OnnxType::kFloat: type = torch::kFloat; break;
    case OnnxType::kInt64: type = torch::kLong; break;
    case OnnxType::kInt32: type = torch::kInt; break;
    default: return Fail(StatusCode::kUnsupported, "'" + from.name + "' is a tensor of " + std::string(OnnxTypeName(from.type)));
  }
  torch::Tensor tensor = torch::empty(from.dims, type);
  std::memcpy(tensor.data_ptr(), from.data.data(), from.data.size());
  return tensor;
}

std::string PlaceOf(const OnnxNode& node) {
  return "node '" + node.name + "' (" + node.op_type + ")";
}

}  // namespace

int64_t TorchCall::Integer(const char* key, int64_t fallback) const {
  const auto* value = node.Attribute<int64_t>(key);
  return value == nullptr ? fallback : *value;
}

double TorchCall::Real(const char* key, double fallback) const {
  const auto* value = node.Attribute<float>(key);
  return value == nullptr ? fallback : *value;
}

std::string TorchCall::Text(const char* key, const std::string& fallback) const {
  const auto* value = node.Attribute<std::string>(key);
  return value == nullptr ? fallback : *value;
}

std::vector<int64_t> TorchCall::Integers(const char* key, std::vector<int64_t> fallback) const {
  const auto* value = node.Attribute<std::vector<int64_t>>(key);
  return value == nullptr ? fallback : *value;
}

std::vector<int64_t> TorchCall::IntegersOf(size_t input) const {
  const torch::Tensor numbers = In(input).to(torch::kLong).contiguous();
  return {numbers.data_ptr<int64_t>(), numbers.data_ptr<int64_t>() + numbers.numel()};
}

Result<TorchGraph> TorchGraph::Make(const OnnxModel& model, const std::vector<std::string>& trained) {
  TorchGraph graph;
  for (const OnnxTensor& t : model.graph.initializers) {
    TW_ASSIGN(torch::Tensor tensor, TensorOf(t));
    graph.constants_.emplace(t.name, std::move(tensor));
  }
  for (const std::string& name : trained) {
    const auto found = graph.constants_.find(name);
    if (found == graph.constants_.end() || found->second.scalar_type() != torch::kFloat)
      return Fail(Status(StatusCode::kInvalidInput, model.source + ": it has no weights of that name to train").At("'" + name + "'"));
    found->second.set_requires_grad(true);
    graph.trained_.push_back(name);
    graph.trained_set_.insert(name);
  }
  for (const OnnxValue& input : model.graph.inputs) {
    if (!graph.constants_.contains(input.name)) graph.inputs_.insert(input.name);
  }
  for (const OnnxNode& node : model.graph.nodes) {
    const TorchOp op = FindTorchOp(node);
    if (op == nullptr || node.outputs.empty())
      return Fail(Status(StatusCode::kUnsupported, model.source + ": this operator is not trained here").At(PlaceOf(node)));
    for (const std::string& input : node.inputs) {
      if (!input.empty() && !graph.constants_.contains(input) && !graph.Knows(input))
        return Fail(Status(StatusCode::kUnsupported, model.source + ": a second output of a node is not computed here").At(PlaceOf(node)));
    }
    graph.makers_[node.outputs[0]] = graph.nodes_.size();
    graph.nodes_.push_back(node);
    graph.ops_.push_back(op);
    if (node.op_type == "BatchNormalization" && graph.NormTrains(node)) {
      graph.statistics_.push_back(node.inputs[3]);
      graph.statistics_.push_back(node.inputs[4]);
    }
  }
  return graph;
}

bool TorchGraph::NormTrains(const OnnxNode& node) const {
  return node.inputs.size() > 4 && trained_set_.contains(node.inputs[1]);
}

std::vector<bool> TorchGraph::NeededFor(const std::vector<std::string>& wanted, const std::map<std::string, torch::Tensor>& feeds) const {
  std::vector<bool> needed(nodes_.size());
  std::vector<size_t> waiting;
  const auto want = [&](const std::string& value) {
    const auto maker = makers_.find(value);
    if (feeds.contains(value) || maker == makers_.end() || needed[maker->second]) return;
    needed[maker->second] = true;
    waiting.push_back(maker->second);
  };
  for (const std::string& value : wanted) want(value);
  while (!waiting.empty()) {
    const OnnxNode& node = nodes_[waiting.back()];
    waiting.pop_back();
    for (const std::string& input : node.inputs) want(input);
  }
  return needed;
}

Result<std::vector<torch::Tensor>> TorchGraph::Run(const std::map<std::string, torch::Tensor>& feeds,
                                                   const std::vector<std::string>& wanted, bool training) const {
  const std::vector<bool> needed = NeededFor(wanted, feeds);
  std::map<std::string, size_t> last_reader;  // values go when nobody reads them any more
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (!needed[i]) continue;
    for (const std::string& input : nodes_[i].inputs) last_reader[input] = i;
  }
  for (const std::string& value : wanted) last_reader[value] = nodes_.size();
  std::map<std::string, torch::Tensor> values = feeds;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (!needed[i]) continue;
    TorchCall call{.node = nodes_[i], .inputs = {}, .training = training && NormTrains(nodes_[i])};
    for (const std::string& input : nodes_[i].inputs) {
      const auto constant = constants_.find(input);
      const auto value = values.find(input);
      if (!input.empty() && constant == constants_.end() && value == values.end())
        return Fail(Status(StatusCode::kInvalidInput, "nothing was fed for '" + input + "'").At(PlaceOf(nodes_[i])));
      call.inputs.push_back(input.empty() ? torch::Tensor() : value != values.end() ? value->second : constant->second);
    }
    values[nodes_[i].outputs[0]] = ops_[i](call);
    for (const std::string& input : nodes_[i].inputs) {
      if (const auto last = last_reader.find(input); last != last_reader.end() && last->second == i) values.erase(input);
    }
  }
  std::vector<torch::Tensor> out;
  for (const std::string& value : wanted) {
    const auto found = values.find(value);
    if (found == values.end()) return Fail(StatusCode::kInvalidInput, "the graph has no value '" + value + "'");
    out.push_back(found->second);
  }
  return out;
}

}  // namespace tradewind
