// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Boxes that the graph has placed already: an output of classes' probabilities for each, the first of which is the background, and one of
// corners in shares of the picture (left, top, right, bottom). Ultraface is of this kind.
#include "vision/task.h"

namespace tradewind {
namespace {

Result<Finding> Detect(const TaskInput& in) {
  if (in.outputs.size() != 2) return Fail(WrongOutput(in.edges[0], in.outputs[0], "boxes", "two outputs, scores and corners"));
  const Tensor& scores = in.outputs[0];
  const Tensor& corners = in.outputs[1];
  if (scores.shape.size() != 3 || scores.shape[0] != 1 || scores.shape[2] < 2) {
    return Fail(WrongOutput(in.edges[0], scores, "boxes", "1xBOXESx(1 + CLASSES)"));
  }
  if (corners.shape != std::vector<int64_t>{1, scores.shape[1], 4}) return Fail(WrongOutput(in.edges[1], corners, "boxes", "1xBOXESx4"));
  const int64_t classes = scores.shape[2];
  const std::span<const float> score = scores.Values<float>();
  const std::span<const float> corner = corners.Values<float>();
  std::vector<FoundBox> found;
  for (int64_t i = 0; i < scores.shape[1]; ++i) {
    for (int64_t c = 1; c < classes; ++c) {
      const float s = score[static_cast<size_t>(i * classes + c)];
      if (!(s > static_cast<float>(in.card.least_score))) continue;
      const float* box = corner.data() + 4 * i;
      found.push_back({.image = 0,
                       .label = c - 1 + in.card.first_label,
                       .box = {in.frame.X(box[0]), in.frame.Y(box[1]), in.frame.X(box[2]), in.frame.Y(box[3])},
                       .score = s});
    }
  }
  return Finding{.boxes = SuppressOverlaps(std::move(found), in.card.most_overlap)};
}

}  // namespace

void RegisterBoxesTask(Registry<VisionTask>& registry) {
  registry.Add("boxes", {.summary = "boxes by their corners, with a background class", .read = Detect});
}

}  // namespace tradewind
