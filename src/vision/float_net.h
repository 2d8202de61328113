// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A net of pictures as an ONNX graph of real numbers that surgery can be done on: batch norms folded, shapes of what lies between written
// down; of a quantised TFLite file its float twin (graph/tflite_to_onnx.h), with a card that says what its bytes stand for.
//
//   TW_ASSIGN(FloatNet net, ReadFloatNet("mobilenet_v2_1.0_224_quant.tflite", ""));
//   TW_ASSIGN(VisionNet runs, VisionNet::Of({net.model.source, net.model}, net.card, {}));
#pragma once

#include <string>

#include "formats/onnx.h"
#include "vision/model_card.h"

namespace tradewind {

struct FloatNet {
  OnnxModel model;
  ModelCard card;
};
// `card` as for FindCard.
Result<FloatNet> ReadFloatNet(const std::string& path, const std::string& card);
// The model's file, and its card beside it (PATH.card.yaml), first: where the net is, its card is, too. Each appears whole or not at all.
Result<void> WriteNet(const OnnxModel& model, const ModelCard& card, const std::string& path);

}  // namespace tradewind
