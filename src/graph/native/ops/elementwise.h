// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Operators on each number by itself: sums and products of two values, bounds and curves of one, channels brought together, softmax over a
// pixel's channels.
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

// Every input's channels one after the other; floats or integers of one quantisation.
std::unique_ptr<NativeOp> MakeConcat(std::vector<int> inputs, int output);
// Over the channels of each pixel.
std::unique_ptr<NativeOp> MakeSoftmax(int input, int output);
// Every step-th pixel of both sides, from the first, with channels of zeros before and behind: a shortcut without weights (He et al.,
// arXiv:1512.03385, section 3.3, option A).
struct SubsampleSpec {
  int input = 0;
  int output = 0;
  int64_t step_y = 1;
  int64_t step_x = 1;
  int64_t channels_before = 0;
};
std::unique_ptr<NativeOp> MakeSubsample(SubsampleSpec spec);

// The sum of two quantised values, each brought to a common scale with 20 bits more, as TFLite's ADD has it.
struct IntegerAddSpec {
  int a = 0;
  int b = 0;
  int output = 0;
  int32_t multiplier_a = 0, shift_a = 0;
  int32_t multiplier_b = 0, shift_b = 0;
  int32_t multiplier_out = 0, shift_out = 0;
  int32_t low = 0;
  int32_t high = 0;
};
std::unique_ptr<NativeOp> MakeIntegerAdd(IntegerAddSpec spec);
// Quantised numbers to real ones.
std::unique_ptr<NativeOp> MakeDequantize(int input, int output);

}  // namespace tradewind
