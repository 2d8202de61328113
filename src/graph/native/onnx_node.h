// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// NodeReader: a node's attributes and constants with their defaults, for importers; errors name the node.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/onnx.h"
#include "graph/native/op.h"

namespace tradewind {

// No picture, kernel or count of channels is larger: products of four stay within 64 bits.
inline constexpr int64_t kMostSide = 1 << 15;

class NodeReader {
 public:
  NodeReader(const OnnxModel& model, const OnnxNode& node) : model_(model), node_(node) {}
  tl::unexpected<Status> Unsupported(std::string_view what) const;
  tl::unexpected<Status> Invalid(std::string_view what) const;

  int64_t Integer(std::string_view key, int64_t fallback) const;
  float Real(std::string_view key, float fallback) const;
  // Of the attribute, or of the constant that newer versions have in its place; empty if there is neither.
  Result<std::vector<int64_t>> Integers(std::string_view key, const OnnxTensor* constant) const;
  // kInvalidInput unless it is there and has so many values.
  Result<std::vector<float>> Floats(const OnnxTensor* constant, int64_t count) const;
  // A number for each channel, of a constant of one value or of a shape that varies along the channels alone; `rank` of what it goes with.
  Result<std::vector<float>> PerChannel(const OnnxTensor* constant, int64_t channels, size_t rank) const;
  // Kernel, strides, dilations and padding; the kernel is that of the weights, or the node's own for a pool (null).
  Result<Window> WindowOf(const OnnxTensor* weights, const NativeValue& input) const;

 private:
  Status Error(StatusCode code, std::string_view what) const;
  const OnnxModel& model_;
  const OnnxNode& node_;
};

}  // namespace tradewind
