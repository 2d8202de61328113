// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// An ONNX model of an old operator set rewritten for a newer one that means the same, for what only the newer one has: numbers quantised by
// channel (DequantizeLinear of set 13).
#pragma once

#include "formats/onnx.h"

namespace tradewind {

// To operator set 13, of a model of 7 or more; of a newer one nothing is changed. kUnsupported names an operator whose meaning has changed
// in between and is not rewritten here, and a Softmax over what may be several dimensions; the model is then half changed: drop it.
Result<void> RaiseOpset(OnnxModel& model);

}  // namespace tradewind
