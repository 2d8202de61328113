// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A class for each pixel: classes themselves, [1][rows][columns], or a score of each, [1][rows][columns][classes].
#include <algorithm>

#include "vision/task.h"

namespace tradewind {
namespace {

Result<VisionResult> Segment(const TaskInput& in) {
  const Tensor& out = in.outputs[0];
  const bool scored = out.shape.size() == 4;
  if ((out.shape.size() != 3 && !scored) || out.shape[0] != 1 || out.values() == 0) {
    return Fail(WrongOutput(in.edges[0], out, "segment", "1xROWSxCOLUMNS, or classes' scores behind it"));
  }
  const int64_t classes = scored ? out.shape[3] : 1;
  const std::span<const float> values = out.Values<float>();
  VisionResult finding;
  finding.mask = {.width = out.shape[2], .height = out.shape[1]};
  for (int64_t i = 0; i < out.values(); i += classes) {
    const float* begin = values.data() + i;
    const int64_t best = scored ? std::max_element(begin, begin + classes) - begin : static_cast<int64_t>(*begin);
    finding.mask.classes.push_back(static_cast<int32_t>(best + in.card.first_label));
  }
  return finding;
}

}  // namespace

void RegisterSegmentTask(Registry<VisionTask>& registry) {
  registry.Add("segment", {.summary = "a class for each pixel", .read = Segment});
}

}  // namespace tradewind
