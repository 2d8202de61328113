// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TFLite graphs of pictures as ONNX graphs of real numbers: quantised weights and biases become the numbers that they stand for, N, H, W, C
// becomes N, C, H, W. What quantisation rounds between is left out; bounds stay. For a float twin of a quantised net, and for surgery,
// which works on ONNX.
//
//   TW_ASSIGN(const OnnxModel model, TfliteToOnnx(tflite));
#pragma once

#include "formats/onnx.h"
#include "formats/tflite.h"

namespace tradewind {

// kUnsupported names an operator that is not a convolution, pool, fully connected layer, sum, concatenation of channels, reshape to a
// vector, mean of all pixels or softmax.
Result<OnnxModel> TfliteToOnnx(const TfliteModel& model);

}  // namespace tradewind
