// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// By libpng's simplified interface, whose errors are return values.
#include <png.h>

#include <cstring>
#include <vector>

#include "vision/image_codecs.h"

namespace tradewind {
namespace {

// Frees what libpng holds, on every way out.
struct PngImage {
  PngImage() {
    std::memset(&png, 0, sizeof(png));
    png.version = PNG_IMAGE_VERSION;
  }
  ~PngImage() { png_image_free(&png); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;
  png_image png;
};

}  // namespace

Result<Image> DecodePng(std::span<const std::byte> bytes, const std::string& name) {
  PngImage p;
  const auto bad = [&] { return Fail(StatusCode::kInvalidInput, name + ": this PNG picture is damaged: " + p.png.message); };
  if (png_image_begin_read_from_memory(&p.png, bytes.data(), bytes.size()) == 0) return bad();
  TW_RETURN_IF_ERROR(CheckImageSize(p.png.width, p.png.height, name));
  // Sixteen bits are brightness as eyes have it, like eight: libpng would take them for physical light.
  p.png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  p.png.format = PNG_FORMAT_RGBA;
  std::vector<uint8_t> pixels(PNG_IMAGE_SIZE(p.png));
  if (png_image_finish_read(&p.png, nullptr, pixels.data(), 0, nullptr) == 0) return bad();
  // Onto black by plain numbers, as other programs do; libpng's own way goes by physical light.
  Image image = Image::Make(p.png.width, p.png.height);
  for (size_t i = 0; i < pixels.size() / 4; ++i) {
    for (size_t c = 0; c < 3; ++c) image.pixels[3 * i + c] = static_cast<uint8_t>((pixels[4 * i + c] * pixels[4 * i + 3] + 127) / 255);
  }
  return image;
}

Result<std::string> EncodePng(const Image& image) {
  PngImage p;
  p.png.width = static_cast<png_uint_32>(image.width);
  p.png.height = static_cast<png_uint_32>(image.height);
  p.png.format = PNG_FORMAT_RGB;
  std::string out(PNG_IMAGE_PNG_SIZE_MAX(p.png), '\0');
  png_alloc_size_t size = out.size();
  if (png_image_write_to_memory(&p.png, out.data(), &size, 0, image.pixels.data(), 0, nullptr) == 0) {
    return Fail(StatusCode::kInternal, "a picture of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                                           " cannot be written as PNG: " + p.png.message);
  }
  out.resize(size);
  return out;
}

}  // namespace tradewind
