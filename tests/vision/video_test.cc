// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/video.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/process.h"
#include "shared_data.h"

namespace tradewind {
namespace {

class VideoTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!RunProcess({.arguments = {"ffmpeg", "-version"}, .folder = "."})) GTEST_SKIP() << "ffmpeg is not installed";
  }
};

// The frames that ffmpeg makes of a formula: their count, sides and colors are known.
TEST_F(VideoTest, FramesComeInOrder) {
  const std::string path = testing::TempDir() + "/made.mkv";
  const auto made =
      RunProcess({.arguments = {"ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "color=c=red:s=64x48:r=5:d=2", "-c:v", "ffv1", path},
                  .folder = "."});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->exit_code, 0) << made->output;
  auto video = VideoReader::Open(path);
  ASSERT_TRUE(video) << video.error().ToString();
  EXPECT_EQ(video->frames_per_second(), 5);
  int frames = 0;
  while (true) {
    const auto frame = video->Next();
    ASSERT_TRUE(frame) << frame.error().ToString();
    if (!*frame) break;
    EXPECT_EQ((*frame)->width, 64);
    EXPECT_EQ((*frame)->height, 48);
    EXPECT_GT((*frame)->At(20, 30)[0], 240);
    EXPECT_LT((*frame)->At(20, 30)[2], 15);
    ++frames;
  }
  EXPECT_EQ(frames, 10);
  EXPECT_FALSE(video->Next()->has_value()) << "the end stays the end";
}

TEST_F(VideoTest, WhatIsNoVideoIsRefusedByName) {
  const std::string path = testing::TempDir() + "/no.mp4";
  std::ofstream(path) << "no video";
  auto video = VideoReader::Open(path);
  ASSERT_TRUE(video);
  const auto frame = video->Next();
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(frame.error().message(), testing::AllOf(testing::HasSubstr("no.mp4"), testing::HasSubstr("ffmpeg says")));
}

TEST_F(VideoTest, AnAddressIsNoFile) {
  EXPECT_EQ(VideoReader::Open("http://example.com/a.mp4").error().code(), StatusCode::kNotFound);
  EXPECT_EQ(VideoReader::Open("concat:a.mp4").error().code(), StatusCode::kNotFound);
}

TEST_F(VideoTest, AReaderThatIsLeftEndsFfmpeg) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/sample-videos/car-detection.mp4"));
  auto video = VideoReader::Open(path);
  ASSERT_TRUE(video);
  ASSERT_TRUE(video->Next());
}

}  // namespace
}  // namespace tradewind
