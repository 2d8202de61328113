// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// By libpng's simplified interface, whose errors are return values.
#include <png.h>

#include <cstring>

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
  p.png.format = PNG_FORMAT_RGB;
  Image image = Image::Make(p.png.width, p.png.height);
  const png_color black = {0, 0, 0};
  if (png_image_finish_read(&p.png, &black, image.pixels.data(), 0, nullptr) == 0) return bad();
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
    return Fail(StatusCode::kInternal, "a picture of " + std::to_string(image.width) + " x " + std::to_string(image.height) + " cannot be written as PNG: " + p.png.message);
  }
  out.resize(size);
  return out;
}

}  // namespace tradewind
