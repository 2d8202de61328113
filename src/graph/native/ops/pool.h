// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Pools: the greatest or the mean of a window, each channel by itself. A mean counts the pixels inside the picture, or all of the window
// (ONNX's count_include_pad). Sums run in the order of the window's taps.
#pragma once

#include "graph/native/op.h"

namespace tradewind {

struct PoolSpec {
  int input = 0;
  int output = 0;
  Window window{};
  bool greatest = false;
  bool count_padding = false;
};
std::unique_ptr<NativeOp> MakePool(PoolSpec spec);
// The mean as TFLite's quantised operator has it: the sum, half of the count added away from zero, divided; scales are the same on both
// sides.
std::unique_ptr<NativeOp> MakeIntegerPool(PoolSpec spec);

}  // namespace tradewind
