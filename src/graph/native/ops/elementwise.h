// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Operators on each number by itself: sums and products of two values, bounds, curves and grids of one, softmax over a pixel's channels.
#pragma once

#include <limits>
#include <vector>

#include "graph/native/op.h"

namespace tradewind {

enum class Curve : uint8_t { kNone, kSigmoid, kHardSigmoid, kHardSwish, kTanh, kSilu };

// out = bound(a + b) or bound(a * b); b may be one pixel, taken for each of a's (as squeeze-and-excite has it).
struct BinarySpec {
  int a = 0;
  int b = 0;
  int output = 0;
  bool multiply = false;
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};
std::unique_ptr<NativeOp> MakeBinary(BinarySpec spec);

// out = bound(curve(scale[c] * x + shift[c])); no scale: 1 and 0.
struct UnarySpec {
  int input = 0;
  int output = 0;
  Curve curve = Curve::kNone;
  std::vector<float> scale{};
  std::vector<float> shift{};
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};
std::unique_ptr<NativeOp> MakeUnary(UnarySpec spec);

// out = step * (clamp(x / step, low, high), rounded half to even): real numbers on a grid of quantised ones; `low` and `high`, whole
// numbers below 2^22, are less the zero point.
struct GridSpec {
  int input = 0;
  int output = 0;
  float step = 1;
  float low = 0;
  float high = 0;
};
std::unique_ptr<NativeOp> MakeGrid(GridSpec spec);

// Over the channels of each pixel.
std::unique_ptr<NativeOp> MakeSoftmax(int input, int output);

// The sum of two quantised values (kernels/convolution.h); the output's zero point is its value's.
struct IntegerAddSpec {
  int a = 0;
  int b = 0;
  int output = 0;
  IntegerAddition how{};
};
std::unique_ptr<NativeOp> MakeIntegerAdd(IntegerAddSpec spec);
// Quantised numbers to real ones.
std::unique_ptr<NativeOp> MakeDequantize(int input, int output);

}  // namespace tradewind
