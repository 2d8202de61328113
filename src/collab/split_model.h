// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SplitModel: a classifier of pictures with what splitting needs of it. An early exit is an output named exit.* (graph/surgery.h), a
// trained bottleneck an edge that the file's metadata names ("split.bottleneck"). TFLite files are taken as their float twins, batch norms
// are folded, so that no cut parts them from their convolutions. A plain value.
//
//   TW_ASSIGN(const SplitModel model, ReadSplitModel("net.onnx", ""));
//   TW_ASSIGN(const SplitGraph split, SplitAt(model.graph, "Relu_12"));
#pragma once

#include <string>
#include <vector>

#include "formats/onnx.h"
#include "vision/model_card.h"

namespace tradewind {

struct SplitModel {
  OnnxModel graph{};
  ModelCard card{};
  std::vector<std::string> cuts{};  // edges where one picture of channels crosses, in order; graph.values has their shapes
  std::string bottleneck{};         // the edge that was trained narrow; empty if none was
};
// `card` as for FindCard. kUnsupported for what is no classifier of one picture.
Result<SplitModel> ReadSplitModel(const std::string& path, const std::string& card);
Result<SplitModel> MakeSplitModel(OnnxModel graph, ModelCard card);

// The graph without its early exits.
Result<OnnxModel> WithoutExits(const OnnxModel& model);

struct SplitGraph {
  OnnxModel head;  // its first output is the cut's edge
  OnnxModel tail;
  std::string exit;  // the head's last early exit, its second output; empty if it has none
};
// kNotFound for an edge that is none; kInvalidInput where more than one value crosses.
Result<SplitGraph> SplitAt(const OnnxModel& model, const std::string& cut);

}  // namespace tradewind
