// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Image: a picture of 8-bit red, green and blue; read from JPEG, PNG and BMP files, resized, drawn on and written. A plain value.
//
//   TW_ASSIGN(Image photo, ReadImage("cat.jpg"));
//   const Image small = Resize(photo, 224, 224);
//   DrawBox(photo, {10, 20, 110, 220}, kRed, 3);
//   TW_RETURN_IF_ERROR(WriteImage("out.png", photo));
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct ImageLimits {
  static constexpr uint64_t kFileBytes = 256u << 20;
  static constexpr int64_t kSide = 1 << 15;
  static constexpr int64_t kPixels = 1 << 26;  // 67 million: 201 MB
};

struct Color {
  uint8_t red = 0, green = 0, blue = 0;
};
inline constexpr Color kRed = {230, 30, 40}, kGreen = {40, 180, 70}, kBlue = {40, 90, 230}, kWhite = {255, 255, 255}, kBlack = {0, 0, 0};

struct Image {
  int64_t width = 0;
  int64_t height = 0;
  std::vector<uint8_t> pixels{};  // [row][column][red, green, blue]

  static Image Make(int64_t width, int64_t height, Color color = kBlack);
  uint8_t* At(int64_t y, int64_t x) { return pixels.data() + (y * width + x) * 3; }
  const uint8_t* At(int64_t y, int64_t x) const { return pixels.data() + (y * width + x) * 3; }
};

// By what the file begins with. kInvalidInput for damaged files and those over a limit, kUnsupported for other formats; both name the file.
// Transparency is laid on black; more than 8 bits a channel are cut to 8.
Result<Image> ReadImage(const std::string& path);
Result<Image> DecodeImage(std::span<const std::byte> bytes, const std::string& name);

// PNG or JPEG, by the path's ending; the old file stays until the new one is whole.
Result<void> WriteImage(const std::string& path, const Image& image);

// Each output pixel is the mean of what it covers, weighted by a triangle: bilinear, and without aliasing where it shrinks.
Image Resize(const Image& image, int64_t width, int64_t height);
// The part from (left, top); it must lie inside.
Image Crop(const Image& image, int64_t left, int64_t top, int64_t width, int64_t height);
// The middle of the image, scaled so that the shorter side is `resize`.
Image ResizeAndCrop(const Image& image, int64_t resize, int64_t crop);

// In pixels; what lies outside of the image is left out.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;
};
void DrawLine(Image& image, float x0, float y0, float x1, float y1, Color color, int64_t thickness);
void DrawBox(Image& image, const Box& box, Color color, int64_t thickness);
// Letters of 6 x 10 pixels times `scale`, on a ground of the other color; other than printable ASCII as '?'.
void DrawText(Image& image, int64_t left, int64_t top, std::string_view text, Color color, Color ground, int64_t scale);

}  // namespace tradewind
