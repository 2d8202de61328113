// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// VisionTask: what the outputs of a net mean. One file a task in tasks/; a card says which one its net is for.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "base/status.h"
#include "core/registry.h"
#include "graph/tensor.h"
#include "vision/model_card.h"
#include "vision/vision_result.h"

namespace tradewind {

// What a task reads: the outputs in the order in which the graph has them, as singles.
struct TaskInput {
  const ModelCard& card;
  PictureFrame frame{};
  PictureSides sides{};  // of the input
  std::span<const GraphEdge> edges;
  std::span<const Tensor> outputs;
};

struct VisionTask {
  std::string summary;
  // kUnsupported names the output whose shape is another than the task reads.
  std::function<Result<VisionResult>(const TaskInput&)> read;
};
const Registry<VisionTask>& VisionTasks();

// "output "scores": 1x80 numbers, where segment reads 1xROWSxCOLUMNS".
Status WrongOutput(const GraphEdge& edge, const Tensor& tensor, const std::string& task, const std::string& expected);

}  // namespace tradewind
