// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers moved, not changed: transposes, slices, concatenations and padding with zeros are all one operator over views.
#pragma once

#include <vector>

#include "graph/native/op.h"
#include "graph/native/view.h"

namespace tradewind {

// A part of the output, and what of an input goes there; of one shape.
struct RearrangePart {
  int input = 0;
  View from;
  View to;
};
struct RearrangeSpec {
  std::vector<RearrangePart> parts{};
  int output = 0;
  bool zeros = false;  // the parts do not cover the output; the rest is zeros
};
// Floats, or integers of one quantisation.
std::unique_ptr<NativeOp> MakeRearrange(RearrangeSpec spec);

}  // namespace tradewind
