// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The twin of a net in whole numbers of 8 bits: weights with a scale a channel, values with one scale, found from inputs without labels
// (post-training quantisation). Of ONNX's QuantizeLinear and DequantizeLinear, which every engine reads.
//
//   TW_ASSIGN(const OnnxModel twin, MakeInt8Twin(model, pictures, {.threads = 2}));
#pragma once

#include <span>
#include <string>

#include "base/status.h"
#include "graph/backend.h"

namespace tradewind {

// Where a net's twin is looked for: "net.int8.onnx" beside "net.onnx".
std::string Int8TwinOf(const std::string& path);

// The file that a precision runs: as ReadGraph, but the twin where int8 is asked of a net of real numbers. kNotFound says how to make one.
Result<GraphSource> ReadGraphFor(const std::string& path, const std::string& precision);

// Batch norms should be folded before. `inputs` are of a batch of 1; `options` say who runs the net meanwhile. kInvalidInput where there
// are none, or where the net is of whole numbers already.
Result<OnnxModel> MakeInt8Twin(OnnxModel model, std::span<const Tensor> inputs, const GraphOptions& options);

}  // namespace tradewind
