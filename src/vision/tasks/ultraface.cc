// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Faces as the Ultra-Light-Fast-Generic-Face-Detector has them: for each of many prior boxes the probabilities of background and face, and
// how the face lies to the prior, as SSD says it (Liu et al., arXiv:1512.02325, section 2.2) with variances of 0.1 and 0.2.
#include <algorithm>
#include <cmath>

#include "vision/task.h"

namespace tradewind {
namespace {

// A grid of the input: its cells' side and the sides of the boxes that each cell has, in pixels.
struct Grid {
  float cell;
  std::vector<float> sides;
};
const std::vector<Grid>& Grids() {
  static const std::vector<Grid> grids = {{8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}};
  return grids;
}

struct Prior {
  float x, y, width, height;  // center and sides, in shares of the input
};
std::vector<Prior> PriorsOf(const PictureSides& input) {
  std::vector<Prior> priors;
  const auto width = static_cast<float>(input.width), height = static_cast<float>(input.height);
  const auto share = [](float x) { return std::clamp(x, 0.0f, 1.0f); };
  for (const Grid& grid : Grids()) {
    const auto columns = static_cast<int64_t>(std::ceil(width / grid.cell)), rows = static_cast<int64_t>(std::ceil(height / grid.cell));
    for (int64_t i = 0; i < rows * columns; ++i) {
      const float x = (static_cast<float>(i % columns) + 0.5f) * grid.cell / width,
                  y = (static_cast<float>(i / columns) + 0.5f) * grid.cell / height;
      for (const float side : grid.sides) priors.push_back({share(x), share(y), share(side / width), share(side / height)});
    }
  }
  return priors;
}

Result<VisionResult> ReadFaces(const TaskInput& in) {
  if (in.outputs.size() != 2) return Fail(WrongOutput(in.edges[0], in.outputs[0], "ultraface", "two outputs, scores and boxes"));
  const std::vector<Prior> priors = PriorsOf(in.sides);
  const auto count = static_cast<int64_t>(priors.size());
  const std::string expected = std::to_string(count) + " boxes for an input of this size";
  if (in.outputs[0].shape != std::vector<int64_t>{1, count, 2}) return Fail(WrongOutput(in.edges[0], in.outputs[0], "ultraface", expected));
  if (in.outputs[1].shape != std::vector<int64_t>{1, count, 4}) return Fail(WrongOutput(in.edges[1], in.outputs[1], "ultraface", expected));
  const std::span<const float> scores = in.outputs[0].Values<float>();
  const std::span<const float> offsets = in.outputs[1].Values<float>();
  std::vector<FoundBox> found;
  for (size_t i = 0; i < priors.size(); ++i) {
    const float score = scores[2 * i + 1];
    if (!(score > static_cast<float>(in.card.least_score))) continue;
    const Prior& p = priors[i];
    const float* o = offsets.data() + 4 * i;
    const float x = p.x + o[0] * 0.1f * p.width, y = p.y + o[1] * 0.1f * p.height;
    const float width = p.width * std::exp(o[2] * 0.2f), height = p.height * std::exp(o[3] * 0.2f);
    found.push_back({.image = 0,
                     .label = 0,
                     .box = {in.frame.X(x - width / 2), in.frame.Y(y - height / 2), in.frame.X(x + width / 2), in.frame.Y(y + height / 2)},
                     .score = score});
  }
  return VisionResult{.boxes = SuppressOverlaps(std::move(found), in.card.most_overlap)};
}

}  // namespace

void RegisterUltrafaceTask(Registry<VisionTask>& registry) {
  registry.Add("ultraface", {.summary = "faces, as the Ultra-Light-Fast-Generic-Face-Detector has them", .read = ReadFaces});
}

}  // namespace tradewind
