// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Convolutions of a net: dense over floats and integers (a fully connected layer is one of one pixel), and depthwise.
#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "graph/native/op.h"

namespace tradewind {

struct FloatConvolutionSpec {
  int input = 0;
  int output = 0;
  std::optional<int> residual{};  // added before the bounds; of the output's shape
  Window window{};
  int64_t groups = 1;  // of channels, each a convolution of its own; not of depthwise
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  std::vector<float> weights{};  // [out][tap][in / groups]; depthwise: [tap][channel]
  std::vector<float> bias{};     // [out]
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};
std::unique_ptr<NativeOp> MakeConvolution(FloatConvolutionSpec spec);
std::unique_ptr<NativeOp> MakeDepthwise(FloatConvolutionSpec spec);

struct IntegerConvolutionSpec {
  int input = 0;
  int output = 0;
  Window window{};
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  std::vector<int16_t> weights{};  // less their zero points; [out][tap][in]; depthwise: [tap][channel]
  std::vector<int32_t> bias{};     // [out]
  std::vector<int32_t> multipliers{};
  std::vector<int32_t> shifts{};  // [out]
  int32_t low = 0;                // bounds of the output's numbers, zero point included
  int32_t high = 0;
};
std::unique_ptr<NativeOp> MakeConvolution(IntegerConvolutionSpec spec);
std::unique_ptr<NativeOp> MakeDepthwise(IntegerConvolutionSpec spec);

}  // namespace tradewind
