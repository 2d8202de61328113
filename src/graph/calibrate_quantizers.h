// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Scales for the quantisers of a graph from its weights and from what runs through it: those with the least squared error. Before training
// they are a net's post-training quantisation, and where training starts.
//
//   TW_RETURN_IF_ERROR(CalibrateQuantizers(model, 256, picture_as_it_goes_in, {.threads = 2}));
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/backend.h"
#include "graph/quantizers.h"
#include "graph/tensor.h"

namespace tradewind {

// Of a share of the range's least scale that covers all values; 0 for values that are all 0.
float BestScale(std::span<const float> values, const QuantizerRange& range);

// Sets the scales of all quantisers of the model; values are those of the net without them, run as `options` says on `count` inputs, of
// which `input(i)` is one, a batch of 1. What it fails with ends this.
Result<void> CalibrateQuantizers(OnnxModel& model, int64_t count, const std::function<Result<Tensor>(int64_t i)>& input,
                                 const GraphOptions& options);

}  // namespace tradewind
