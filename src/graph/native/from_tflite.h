// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TFLite graphs of pictures to native nets: convolutions, pools, fully connected layers, sums and softmax, of floats or of 8-bit numbers.
// The quantised ones compute in whole numbers from the input to the logits, with the bits of TFLite's reference (kernels/convolution.h);
// softmax takes the logits as real numbers. Anything else is kUnsupported, with its operator.
//
//   TW_ASSIGN(NativeNet net, NativeFromTflite(model));
#pragma once

#include "formats/tflite.h"
#include "graph/native/net.h"

namespace tradewind {

Result<NativeNet> NativeFromTflite(const TfliteModel& model);

// The model with its logits for outputs: what its last operator, a softmax, takes. kUnsupported where that is none.
Result<TfliteModel> LogitsOf(const TfliteModel& model);

}  // namespace tradewind
