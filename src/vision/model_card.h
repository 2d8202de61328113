// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ModelCard: what a file of a graph does not say: how a picture becomes its input, and what its outputs mean. YAML, one a net or family
// (data/cards; docs/cards.md).
//
//   TW_ASSIGN(const ModelCard card, FindCard("FastestDet.onnx", ""));
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "graph/tensor.h"
#include "vision/image.h"

namespace tradewind {

// Numbers that go in are (x - mean) / deviation of values from 0 to 255; a graph whose input is of bytes takes these as they are.
struct PictureInput {
  bool crop = false;      // the middle of the picture; else all of it, stretched
  double crop_share = 1;  // of the shorter side that the crop takes
  bool blue_first = false;
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> deviation = {1, 1, 1};
};

// The same net with other widths of its layers: a file beside it.
struct NetVariant {
  std::string width;  // "0.5"
  std::string file;   // its name
};

struct ModelCard {
  std::string name{};
  std::vector<std::string> files{};  // names of files that it is for; '*' stands for anything
  std::string task = "classify";     // of VisionTasks()
  PictureInput input{};
  std::vector<std::string> labels{};
  int64_t first_label = 0;     // what output 0 is, counted in labels: -1 where output 0 is a background that has no name
  double least_score = 0.3;    // of a box or point that is told
  double most_overlap = 0.45;  // of two boxes of one label
  bool probabilities = false;  // the outputs of a classifier are probabilities already
  std::vector<std::pair<int64_t, int64_t>> limbs{};  // of a body: which points are joined, as labels
  std::vector<NetVariant> variants{};                // ascending by width

  // "tabby", or "class 281" where there is no name for it.
  std::string LabelName(int64_t label) const;
};

// kInvalidInput names the file and the line.
Result<ModelCard> ParseCard(std::string_view yaml, const std::string& origin);
// YAML that ParseCard reads back to the same card.
std::string CardText(const ModelCard& card);

// `given` if it is a file; else PATH.card.yaml, where there is one; else the built-in card that `given` names, or whose `files` match the
// path. kNotFound says what there is.
Result<ModelCard> FindCard(const std::string& path, const std::string& given);
std::vector<std::string> BuiltInCards();
// The card's variants whose files lie in the folder of `path`.
std::vector<NetVariant> VariantsBeside(const std::string& path, const ModelCard& card);

// The picture as the graph takes it: a batch of one, channels first or last as the edge's shape says. kUnsupported where the edge is no
// picture: four sides of which one is 3, all known, of singles or bytes.
Result<Tensor> PictureTensor(const Image& image, const PictureInput& input, const GraphEdge& edge);
// Sides of such an edge.
struct PictureSides {
  int64_t width = 0, height = 0;
  bool channels_first = false;
};
Result<PictureSides> SidesOf(const GraphEdge& edge);

// Where a point of the input, in shares of its sides, lies in the picture.
struct PictureFrame {
  float left = 0, top = 0, width = 0, height = 0;
  float X(float share) const { return left + share * width; }
  float Y(float share) const { return top + share * height; }
};
PictureFrame FrameOf(const Image& image, const PictureInput& input, const PictureSides& sides);

}  // namespace tradewind
