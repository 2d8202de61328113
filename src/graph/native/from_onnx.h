// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ONNX graphs of pictures to native nets. Understood: convolutions (dense, grouped, depthwise), batch norms, bounds and curves, sums and
// products, pools, fully connected layers, concatenation of channels, softmax, and the moves between. Batch norms, activations and residual
// sums go into the convolution before them. Anything else is kUnsupported, with its node: OpenVINO runs it.
//
//   TW_ASSIGN(NativeNet net, NativeFromOnnx(model, {.batch = 1}));
#pragma once

#include <string_view>

#include "formats/onnx.h"
#include "graph/native/net.h"

namespace tradewind {

struct NativeOptions {
  int64_t batch = 1;  // where the file leaves it open
};

Result<NativeNet> NativeFromOnnx(const OnnxModel& model, const NativeOptions& options);

}  // namespace tradewind
