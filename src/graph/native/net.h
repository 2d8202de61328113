// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// NativeNet: values and the operators that make them, in an order that can be run; and where each value lies while it is needed. Made from
// a file by from_onnx.h or from_tflite.h, then planned once. A move-only value.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graph/native/op.h"
#include "graph/tensor.h"

namespace tradewind {

// An input or output: how the file has it, and which value it is here.
struct NativeEdge {
  GraphEdge edge;
  int value = 0;
  bool channels_first = false;  // of four dimensions: N, C, H, W; else N, H, W, C
};

struct NativeNet {
  std::string source;  // the path, for errors
  std::vector<NativeValue> values{};
  std::vector<std::unique_ptr<NativeOp>> ops{};
  std::vector<NativeEdge> inputs{};
  std::vector<NativeEdge> outputs{};

  double multiply_adds() const;
  int64_t weight_bytes() const;
  // kUnsupported naming the first operator between an input and `value` that computes with floats.
  Result<void> CheckIntegerOnly(int value) const;
};

// Offsets into one block of memory: values that are needed at the same time do not overlap; the largest is placed first, each at the lowest
// place that is free for as long as it is needed.
struct MemoryPlan {
  std::vector<int64_t> offsets{};  // of each value, in bytes, multiples of 64
  int64_t bytes = 0;
};
// Gives values the borders that their readers need, prepares the operators, and plans memory. kResourceExhausted names a value, or the
// whole, of more than 64 GiB: a lie of a file, or no net for this executor.
Result<MemoryPlan> PlanNet(NativeNet& net);

}  // namespace tradewind
