// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Of image_bmp.cc, image_draw.cc, image_jpeg.cc and image_png.cc, too.
#include "vision/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "vision/image_codecs.h"

namespace tradewind {
namespace {

std::string Golden(const std::string& name) {
  return "tests/vision/golden/" + name;
}
Image ReadGolden(const std::string& name) {
  const auto bytes = ReadFile(Golden(name), 1 << 20);
  EXPECT_TRUE(bytes) << name;
  Image image{static_cast<uint8_t>((*bytes)[0]), static_cast<uint8_t>((*bytes)[1]), {}};
  image.pixels.assign(bytes->begin() + 2, bytes->end());
  return image;
}
int LargestDifference(const Image& a, const Image& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  int largest = 0;
  for (size_t i = 0; i < std::min(a.pixels.size(), b.pixels.size()); ++i) largest = std::max(largest, std::abs(a.pixels[i] - b.pixels[i]));
  return largest;
}
std::span<const std::byte> AsBytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(Image, ReadsWhatPillowReads) {
  for (const char* name : {"color.png", "gray.png", "palette.png", "alpha.png", "gray16.png", "color.bmp"}) {
    const auto image = ReadImage(Golden(name));
    ASSERT_TRUE(image) << name << image.error().ToString();
    EXPECT_LE(LargestDifference(*image, ReadGolden(std::string(name) + ".raw")), 1) << name;  // roundings of transparency and of 16 bits
  }
  for (const char* name : {"smooth.jpg", "progressive.jpg", "gray.jpg"}) {  // decoders round and smooth in their own ways
    const auto image = ReadImage(Golden(name));
    ASSERT_TRUE(image) << name << image.error().ToString();
    EXPECT_LE(LargestDifference(*image, ReadGolden(std::string(name) + ".raw")), 4) << name;
  }
}

TEST(Image, ResizesAsPillow) {
  const Image color = ReadGolden("color.png.raw");
  for (const auto& [width, height] : {std::pair{7, 5}, {40, 31}, {21, 6}, {10, 26}}) {
    const Image expected = ReadGolden("color-" + std::to_string(width) + "x" + std::to_string(height) + ".raw");
    EXPECT_LE(LargestDifference(Resize(color, width, height), expected), 1) << width << "x" << height;
  }
  EXPECT_EQ(Resize(color, color.width, color.height).pixels, color.pixels);
  const Image gray = Image::Make(9, 4, {50, 60, 70});
  EXPECT_EQ(Resize(gray, 33, 2).pixels, Image::Make(33, 2, {50, 60, 70}).pixels);
}

TEST(Image, PartsAreWhereTheyWere) {
  const Image color = ReadGolden("color.png.raw");
  const Image part = Crop(color, 3, 2, 5, 4);
  ASSERT_EQ(part.pixels.size(), 5u * 4 * 3);
  EXPECT_EQ(std::memcmp(part.At(3, 4), color.At(5, 7), 3), 0);
  const Image middle = ResizeAndCrop(Image::Make(100, 50, kRed), 32, 28);
  EXPECT_EQ(middle.width, 28);
  EXPECT_EQ(middle.height, 28);
}

TEST(Image, WhatIsWrittenIsRead) {
  const Image color = ReadGolden("color.png.raw");
  const std::string folder = testing::TempDir();
  ASSERT_TRUE(WriteImage(folder + "/image.png", color));
  EXPECT_EQ(ReadImage(folder + "/image.png")->pixels, color.pixels);
  ASSERT_TRUE(WriteImage(folder + "/image.jpg", ReadGolden("smooth.jpg.raw")));
  EXPECT_LE(LargestDifference(*ReadImage(folder + "/image.jpg"), ReadGolden("smooth.jpg.raw")), 24) << "colors are kept at half the sides";
  const auto other = WriteImage(folder + "/image.gif", color);
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().ToString(), testing::HasSubstr("image.gif"));
}

TEST(Image, WhatIsNoPictureIsRefusedByName) {
  for (const std::string& bytes :
       {std::string(), std::string("GIF89a"), std::string("\xFF\xD8\xFF", 3), std::string("\x89PNG\r\n\x1A\n", 8), std::string("BM")}) {
    const auto image = DecodeImage(AsBytes(bytes), "the file");
    ASSERT_FALSE(image) << bytes;
    EXPECT_THAT(image.error().ToString(), testing::HasSubstr("the file"));
  }
  for (const char* name : {"color.png", "color.bmp", "smooth.jpg"}) {
    const std::string whole = ReadFile(Golden(name), 1 << 20).value();
    for (size_t length = 0; length < whole.size(); length += 7) {  // cut anywhere: an error or a picture, no crash
      const auto image = DecodeImage(AsBytes(whole.substr(0, length)), name);
      EXPECT_TRUE(!image || image->width == 21) << name;
    }
  }
  EXPECT_EQ(ReadImage("/nowhere/cat.jpg").error().code(), StatusCode::kNotFound);
}

// A header that promises more pixels than the limit allows costs nothing.
TEST(Image, ALieAboutSidesIsRefused) {
  std::string bmp = ReadFile(Golden("color.bmp"), 1 << 20).value();
  for (const size_t at : {18, 22}) bmp.replace(at, 4, std::string("\xFF\xFF\xFF\x7F", 4));
  EXPECT_EQ(DecodeBmp(AsBytes(bmp), "a").error().code(), StatusCode::kInvalidInput);
  EXPECT_FALSE(CheckImageSize(0, 5, "a"));
  EXPECT_FALSE(CheckImageSize(1 << 14, 1 << 14, "a"));
  EXPECT_TRUE(CheckImageSize(1 << 13, 1 << 13, "a"));
}

int Count(const Image& image, Color color) {
  int count = 0;
  for (size_t i = 0; i < image.pixels.size(); i += 3) {
    count += image.pixels[i] == color.red && image.pixels[i + 1] == color.green && image.pixels[i + 2] == color.blue;
  }
  return count;
}

TEST(Drawing, ABoxIsItsRim) {
  Image image = Image::Make(20, 10);
  DrawBox(image, {2, 3, 12, 8}, kRed, 1);
  EXPECT_EQ(Count(image, kRed), 2 * 10 + 2 * 3);
  EXPECT_EQ(image.At(3, 2)[0], kRed.red);
  EXPECT_EQ(image.At(5, 5)[0], 0) << "inside";
}

TEST(Drawing, WhatLiesOutsideIsLeftOut) {
  Image image = Image::Make(20, 10);
  DrawBox(image, {-1e9f, -5, 1e9f, 1e9f}, kRed, 2);
  EXPECT_EQ(Count(image, kRed), 0);
  DrawBox(image, {NAN, 0, 5, 5}, kRed, 1);
  DrawBox(image, {5, 5, 1, 1}, kRed, 1);
  DrawText(image, 15, -3, "Grüße", kRed, kBlue, 2);
  DrawText(image, -1000, 1000, "far", kRed, kBlue, 1);
  DrawLine(image, NAN, 1, 2, 3, kGreen, 1);
  EXPECT_EQ(Count(image, kGreen), 0);
  DrawLine(image, -1e30f, 5, 1e30f, 5, kGreen, 1);
  EXPECT_EQ(Count(image, kGreen), 20);
}

TEST(Drawing, LettersHaveAGround) {
  Image image = Image::Make(30, 12);
  DrawText(image, 0, 0, "I", kWhite, kBlue, 1);
  EXPECT_EQ(Count(image, kWhite) + Count(image, kBlue), 6 * 10);
  EXPECT_GT(Count(image, kWhite), 8);
}

}  // namespace
}  // namespace tradewind
