// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Scales for the quantisers of a graph from its weights and from what runs through it: those with the least squared error. Before training
// they are a net's post-training quantisation, and where training starts.
//
//   TW_RETURN_IF_ERROR(CalibrateQuantizers(model, pictures, 256, 2));
#pragma once

#include <span>

#include "base/status.h"
#include "formats/onnx.h"
#include "graph/quantizers.h"
#include "train/training_pictures.h"

namespace tradewind {

// Of a share of the range's least scale that covers all values; 0 for values that are all 0.
float BestScale(std::span<const float> values, const QuantizerRange& range);

// Sets the scales of all quantisers of the model; values are those of the net without them, over an even share of the pictures.
Result<void> CalibrateQuantizers(OnnxModel& model, const TrainingPictures& pictures, int64_t count, int threads);

}  // namespace tradewind
