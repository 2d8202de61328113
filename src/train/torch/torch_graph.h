// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TorchGraph: an ONNX graph as LibTorch computes it, with gradients. Initializers are its parameters and constants. For the plugin's files
// alone. LibTorch's exceptions pass through: plugin.cc ends them. Thread-compatible.
#pragma once

#include <torch/torch.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"

namespace tradewind {

// A node that is computed: its inputs in order, undefined where one is left out.
struct TorchCall {
  const OnnxNode& node;
  std::vector<torch::Tensor> inputs;
  bool training = false;  // of norms: batch statistics, and the running ones learn

  const torch::Tensor& In(size_t i) const { return inputs[i]; }
  bool Has(size_t i) const { return i < inputs.size() && inputs[i].defined(); }
  int64_t Integer(const char* key, int64_t fallback) const;
  double Real(const char* key, double fallback) const;
  std::string Text(const char* key, const std::string& fallback) const;
  std::vector<int64_t> Integers(const char* key, std::vector<int64_t> fallback) const;
  // A constant input's numbers.
  std::vector<int64_t> IntegersOf(size_t input) const;
};
using TorchOp = torch::Tensor (*)(const TorchCall& call);
// nullptr where the operator is not trained here.
TorchOp FindTorchOp(const OnnxNode& node);

// y = s * round(clamp(x / s, low, high)), with the gradients of Esser et al. (arXiv:1902.08153, section 2.1): straight through for x, and
// what rounding adds for s. Scales stand for the whole tensor or, where `per_channel`, for each slice of its first axis.
torch::Tensor FakeQuantized(const torch::Tensor& x, const torch::Tensor& scale, double low, double high, bool per_channel);

class TorchGraph {
 public:
  // kUnsupported names a node; kInvalidInput a trained name that is no initializer of floats.
  static Result<TorchGraph> Make(const OnnxModel& model, const std::vector<std::string>& trained);

  const std::vector<std::string>& trained() const { return trained_; }
  torch::Tensor& parameter(const std::string& name) { return constants_.at(name); }
  const torch::Tensor& parameter(const std::string& name) const { return constants_.at(name); }
  // Running statistics of the norms that train.
  const std::vector<std::string>& statistics() const { return statistics_; }

  bool Knows(const std::string& value) const { return makers_.contains(value) || inputs_.contains(value); }
  // The values asked for, in order. Computes only what they need.
  Result<std::vector<torch::Tensor>> Run(const std::map<std::string, torch::Tensor>& feeds, const std::vector<std::string>& wanted,
                                         bool training) const;

 private:
  TorchGraph() = default;
  std::vector<bool> NeededFor(const std::vector<std::string>& wanted, const std::map<std::string, torch::Tensor>& feeds) const;
  bool NormTrains(const OnnxNode& node) const;

  std::vector<OnnxNode> nodes_;
  std::vector<TorchOp> ops_;
  std::map<std::string, size_t> makers_;
  std::set<std::string> inputs_;
  std::map<std::string, torch::Tensor> constants_;
  std::vector<std::string> trained_;
  std::set<std::string> trained_set_;
  std::vector<std::string> statistics_;
};

}  // namespace tradewind
