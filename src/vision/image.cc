// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/image.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/file.h"
#include "vision/image_codecs.h"

namespace tradewind {
namespace {

bool BeginsWith(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

// What an output pixel takes of the inputs along one side: from `first` on, with these weights, which sum up to 1.
struct Cover {
  int64_t first = 0;
  std::vector<float> weights;
};
std::vector<Cover> CoversOf(int64_t from, int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = std::max(scale, 1.0);  // of the triangle, to both sides
  std::vector<Cover> covers;
  for (int64_t i = 0; i < to; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale;
    Cover cover;
    cover.first = std::max<int64_t>(0, static_cast<int64_t>(center - reach + 0.5));
    const int64_t end = std::min(from, static_cast<int64_t>(center + reach + 0.5));
    double sum = 0;
    for (int64_t j = cover.first; j < end; ++j) {
      const double weight = std::max(0.0, 1 - std::fabs((static_cast<double>(j) + 0.5 - center) / reach));
      cover.weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& w : cover.weights) w = static_cast<float>(w / sum);
    covers.push_back(std::move(cover));
  }
  return covers;
}

}  // namespace

Image Image::Make(int64_t width, int64_t height, Color color) {
  Image image{width, height, std::vector<uint8_t>(static_cast<size_t>(width * height * 3))};
  for (size_t i = 0; i < image.pixels.size(); i += 3) {
    image.pixels[i] = color.red;
    image.pixels[i + 1] = color.green;
    image.pixels[i + 2] = color.blue;
  }
  return image;
}

Result<void> CheckImageSize(int64_t width, int64_t height, const std::string& name) {
  if (width >= 1 && height >= 1 && width <= ImageLimits::kSide && height <= ImageLimits::kSide && width * height <= ImageLimits::kPixels)
    return {};
  return Fail(StatusCode::kInvalidInput, name + ": a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                                             " is over the limit of " + std::to_string(ImageLimits::kPixels) +
                                             " pixels, or has none; make it smaller");
}

Result<Image> DecodeImage(std::span<const std::byte> bytes, const std::string& name) {
  if (BeginsWith(bytes, "\xFF\xD8\xFF")) return DecodeJpeg(bytes, name);
  if (BeginsWith(bytes, "\x89PNG\r\n\x1a\n")) return DecodePng(bytes, name);
  if (BeginsWith(bytes, "BM")) return DecodeBmp(bytes, name);
  return Fail(StatusCode::kUnsupported, name + ": this is no JPEG, PNG or BMP picture");
}

Result<Image> ReadImage(const std::string& path) {
  TW_ASSIGN(const std::string bytes, ReadFile(path, ImageLimits::kFileBytes));
  return DecodeImage(std::as_bytes(std::span(bytes)), path);
}

Result<void> WriteImage(const std::string& path, const Image& image) {
  TW_RETURN_IF_ERROR(CheckImageSize(image.width, image.height, path));
  const bool jpeg = path.ends_with(".jpg") || path.ends_with(".jpeg");
  if (!jpeg && !path.ends_with(".png")) return Fail(StatusCode::kInvalidInput, path + ": pictures are written as .png or .jpg");
  TW_ASSIGN(const std::string bytes, jpeg ? EncodeJpeg(image) : EncodePng(image));
  return WriteFileAtomically(path, bytes);
}

Image Resize(const Image& image, int64_t width, int64_t height) {
  const std::vector<Cover> columns = CoversOf(image.width, width);
  const std::vector<Cover> rows = CoversOf(image.height, height);
  // First each row's columns, then the rows; between them in floats.
  std::vector<float> narrow(static_cast<size_t>(image.height * width * 3));
  for (int64_t y = 0; y < image.height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const Cover& cover = columns[static_cast<size_t>(x)];
      float sum[3] = {0, 0, 0};
      const uint8_t* from = image.At(y, cover.first);
      for (const float w : cover.weights) {
        for (int c = 0; c < 3; ++c) sum[c] += w * *from++;
      }
      std::copy_n(sum, 3, &narrow[static_cast<size_t>((y * width + x) * 3)]);
    }
  }
  Image out = Image::Make(width, height);
  for (int64_t y = 0; y < height; ++y) {
    const Cover& cover = rows[static_cast<size_t>(y)];
    for (int64_t i = 0; i < width * 3; ++i) {
      float sum = 0;
      for (size_t k = 0; k < cover.weights.size(); ++k)
        sum += cover.weights[k] * narrow[static_cast<size_t>((cover.first + static_cast<int64_t>(k)) * width * 3 + i)];
      out.pixels[static_cast<size_t>(y * width * 3 + i)] = static_cast<uint8_t>(std::clamp(std::lround(sum), 0L, 255L));
    }
  }
  return out;
}

Image Crop(const Image& image, int64_t left, int64_t top, int64_t width, int64_t height) {
  Image out = Image::Make(width, height);
  for (int64_t y = 0; y < height; ++y) std::copy_n(image.At(top + y, left), width * 3, out.At(y, 0));
  return out;
}

Image ResizeAndCrop(const Image& image, int64_t resize, int64_t crop) {
  const double scale = static_cast<double>(resize) / static_cast<double>(std::min(image.width, image.height));
  const auto side = [&](int64_t s) { return std::max<int64_t>(resize, std::llround(static_cast<double>(s) * scale)); };
  const Image scaled = Resize(image, side(image.width), side(image.height));
  const int64_t inside = std::min({crop, scaled.width, scaled.height});
  return Crop(scaled, (scaled.width - inside) / 2, (scaled.height - inside) / 2, inside, inside);
}

}  // namespace tradewind
