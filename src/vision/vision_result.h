// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// VisionResult: what a net says of one picture, in that picture's own pixels; drawn on it, or as lines. A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vision/image.h"
#include "vision/model_card.h"
#include "vision/scorers/detection.h"

namespace tradewind {

struct LabelScore {
  int64_t label = 0;
  float score = 0;
};

// A point of a body, by its place in the card's labels.
struct Keypoint {
  int64_t label = 0;
  float x = 0, y = 0;
  float score = 0;
};

// A class for each pixel of the net's own grid, which covers the whole picture.
struct Mask {
  int64_t width = 0, height = 0;
  std::vector<int32_t> classes{};  // [row][column]
};

struct VisionResult {
  std::vector<LabelScore> labels{};  // the best first
  std::vector<FoundBox> boxes{};     // the best first
  std::vector<Keypoint> points{};
  Mask mask{};
};

// A line each: the best labels, the boxes, the points, the classes of a mask with their shares.
std::string VisionResultText(const VisionResult& finding, const ModelCard& card);

// Draws it on the picture: boxes with their names, points with the limbs between them, a mask as a tint, the best label in a corner.
void Annotate(Image& image, const VisionResult& finding, const ModelCard& card);

}  // namespace tradewind
