// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Points of one body: [1][1][points][y, x, score], in shares of the picture. MoveNet is of this kind.
#include "vision/task.h"

namespace tradewind {
namespace {

Result<VisionResult> Pose(const TaskInput& in) {
  const Tensor& out = in.outputs[0];
  if (out.shape.size() != 4 || out.shape[0] != 1 || out.shape[1] != 1 || out.shape[3] != 3) {
    return Fail(WrongOutput(in.edges[0], out, "pose", "1x1xPOINTSx3"));
  }
  const std::span<const float> values = out.Values<float>();
  VisionResult finding;
  for (int64_t i = 0; i < out.shape[2]; ++i) {
    const float* point = values.data() + 3 * i;
    finding.points.push_back({.label = i, .x = in.frame.X(point[1]), .y = in.frame.Y(point[0]), .score = point[2]});
  }
  return finding;
}

}  // namespace

void RegisterPoseTask(Registry<VisionTask>& registry) {
  registry.Add("pose", {.summary = "the points of a body", .read = Pose});
}

}  // namespace tradewind
