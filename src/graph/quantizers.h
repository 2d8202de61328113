// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Quantisers of a graph: nodes of a domain of ours that round values to a grid of few bits while a net is trained or judged (Jacob et al.,
// arXiv:1712.05877, section 3), and become ONNX's QuantizeLinear and DequantizeLinear when it is written for use. Weights have a scale a
// channel, values one scale; zero is zero. Thread-compatible.
//
//   TW_ASSIGN(std::vector<Quantizer> placed, InsertQuantizers(model, {.weight_bits = 4, .value_bits = 4}));
//   ... scales, which are initializers, are calibrated and trained ...
//   TW_RETURN_IF_ERROR(LowerQuantizers(model));
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "formats/onnx.h"

namespace tradewind {

inline constexpr const char* kFakeQuantize = "FakeQuantize";  // (x, scale) -> y; attributes bits, signed, per_channel

// The whole numbers of a grid: 0 to 15, or -8 to 7.
struct QuantizerRange {
  int64_t low = 0, high = 0;
};
constexpr QuantizerRange RangeOf(int64_t bits, bool is_signed) {
  if (is_signed) return {-(int64_t{1} << (bits - 1)), (int64_t{1} << (bits - 1)) - 1};
  return {0, (int64_t{1} << bits) - 1};
}

struct QuantizerPlan {
  int64_t weight_bits = 8;
  int64_t value_bits = 8;
  int64_t edge_bits = 8;  // of the weights of the first and last layer, of what goes into them, and of what residual sums add
};

struct Quantizer {
  std::string input;  // what is rounded: an initializer, or a value
  std::string scale;  // an initializer of ones until it is calibrated
  int64_t bits = 8;
  bool is_signed = true;
  bool per_channel = false;  // a scale for each of the weights' outputs
};

// Before every convolution and fully connected layer one for the weights and one for the value that goes in, and before every residual sum
// one for what a convolution adds. Batch norms should be folded before. kInvalidInput where a layer's weights are no initializer, or bits
// are not from 2 to 8.
Result<std::vector<Quantizer>> InsertQuantizers(OnnxModel& model, const QuantizerPlan& plan);

// Those that a model has.
std::vector<Quantizer> QuantizersOf(const OnnxModel& model);

// Takes them out: the net in floating point.
Result<void> RemoveQuantizers(OnnxModel& model);

// Weights become whole numbers with a DequantizeLinear behind them; values go through a QuantizeLinear and a DequantizeLinear, with a Clip
// before where the grid has fewer than 8 bits. Every engine that reads such files gives the same numbers.
Result<void> LowerQuantizers(OnnxModel& model);

}  // namespace tradewind
