// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/task.h"

namespace tradewind {

void RegisterAllTasks(Registry<VisionTask>& registry);  // generated

const Registry<VisionTask>& VisionTasks() {
  static const Registry<VisionTask> registry = [] {
    Registry<VisionTask> filled;
    RegisterAllTasks(filled);
    return filled;
  }();
  return registry;
}

Status WrongOutput(const GraphEdge& edge, const Tensor& tensor, const std::string& task, const std::string& expected) {
  return Status(StatusCode::kUnsupported, "output \"" + edge.name + "\" is " + ShapeText(tensor.shape) + ", and the task " + task +
                                              " reads " + expected + "; the card names another task, perhaps")
      .At(edge.name);
}

}  // namespace tradewind
