// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// How a picture becomes a graph's input.
#include <algorithm>

#include "vision/model_card.h"

namespace tradewind {
namespace {

constexpr int64_t kMostSide = 1 << 14;

Status NoPicture(const GraphEdge& edge) {
  return Status(StatusCode::kUnsupported, "input \"" + edge.name + "\" (" + std::string(ElementName(edge.type)) + " " +
                                              ShapeText(edge.shape) + ") is no picture: 1x3xROWSxCOLUMNS or 1xROWSxCOLUMNSx3");
}

// The part of the picture that goes in.
struct Part {
  int64_t left = 0, top = 0, width = 0, height = 0;
};
Part PartOf(const Image& image, const PictureInput& input, const PictureSides& sides) {
  if (!input.crop) return {0, 0, image.width, image.height};
  // The largest part of the input's proportions, less what the card leaves out.
  const double scale = input.crop_share * std::min(static_cast<double>(image.width) / static_cast<double>(sides.width),
                                                   static_cast<double>(image.height) / static_cast<double>(sides.height));
  const auto side = [&](int64_t of_input, int64_t of_image) {
    return std::clamp<int64_t>(static_cast<int64_t>(static_cast<double>(of_input) * scale + 0.5), 1, of_image);
  };
  const int64_t width = side(sides.width, image.width), height = side(sides.height, image.height);
  return {(image.width - width) / 2, (image.height - height) / 2, width, height};
}

}  // namespace

Result<PictureSides> SidesOf(const GraphEdge& edge) {
  const std::vector<int64_t>& shape = edge.shape;
  const bool numbers = edge.type == ElementType::kFloat || edge.type == ElementType::kUint8 || edge.type == ElementType::kInt8;
  if (shape.size() != 4 || (shape[0] < 1 && shape[0] != -1) || !numbers) return Fail(NoPicture(edge));
  const bool first = shape[1] == 3;
  if (!first && shape[3] != 3) return Fail(NoPicture(edge));
  const PictureSides sides = {.width = shape[first ? 3 : 2], .height = shape[first ? 2 : 1], .channels_first = first};
  if (sides.width < 1 || sides.height < 1 || sides.width > kMostSide || sides.height > kMostSide) return Fail(NoPicture(edge));
  return sides;
}

PictureFrame FrameOf(const Image& image, const PictureInput& input, const PictureSides& sides) {
  const Part part = PartOf(image, input, sides);
  return {static_cast<float>(part.left), static_cast<float>(part.top), static_cast<float>(part.width), static_cast<float>(part.height)};
}

Result<Tensor> PictureTensor(const Image& image, const PictureInput& input, const GraphEdge& edge) {
  TW_ASSIGN(const PictureSides sides, SidesOf(edge));
  const Part part = PartOf(image, input, sides);
  const bool whole = part.width == image.width && part.height == image.height;
  const Image fitted = Resize(whole ? image : Crop(image, part.left, part.top, part.width, part.height), sides.width, sides.height);
  Tensor tensor = Tensor::Make(edge.type, sides.channels_first ? std::vector<int64_t>{1, 3, sides.height, sides.width}
                                                               : std::vector<int64_t>{1, sides.height, sides.width, 3});
  const int64_t pixels = sides.width * sides.height;
  for (int64_t i = 0; i < pixels; ++i) {
    for (int64_t c = 0; c < 3; ++c) {
      const uint8_t byte = fitted.pixels[static_cast<size_t>(3 * i + c)];
      const int64_t place = input.blue_first ? 2 - c : c;
      const auto to = static_cast<size_t>(sides.channels_first ? place * pixels + i : 3 * i + place);
      switch (edge.type) {
        case ElementType::kUint8: tensor.Values<uint8_t>()[to] = byte; break;
        case ElementType::kInt8: tensor.Values<int8_t>()[to] = static_cast<int8_t>(byte - 128); break;
        default: {
          const auto color = static_cast<size_t>(c);
          tensor.Values<float>()[to] = (static_cast<float>(byte) - input.mean[color]) / input.deviation[color];
        }
      }
    }
  }
  return tensor;
}

}  // namespace tradewind
