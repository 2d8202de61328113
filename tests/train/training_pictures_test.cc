// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/training_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "train/picture_folder.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

constexpr PictureSides kSides = {.width = 4, .height = 3, .channels_first = true};

// One picture whose pixels tell where they are, as the net of `input` takes it.
class TrainingPicturesTest : public testing::Test {
 protected:
  TrainingPicturesTest() : folder_({"cat", "dog"}) {
    Image image = Image::Make(4, 3);
    for (int64_t y = 0; y < 3; ++y) {
      for (int64_t x = 0; x < 4; ++x) {
        image.At(y, x)[0] = static_cast<uint8_t>(10 * y + x);
        image.At(y, x)[1] = static_cast<uint8_t>(100 + 10 * y + x);
        image.At(y, x)[2] = static_cast<uint8_t>(200 + 10 * y + x);
      }
    }
    folder_.Add("dog", image);
    card_ = {.name = "card", .input = {.mean = {1, 2, 3}, .deviation = {2, 4, 8}}, .labels = {"cat", "dog"}};
  }
  Result<TrainingPictures> Load(const std::vector<std::string>& classes = {}) {
    return TrainingPictures::Load("pictures:" + folder_.path(), card_, classes, kSides, {});
  }
  PictureFolder folder_;
  ModelCard card_;
};

TEST_F(TrainingPicturesTest, ABatchIsAsTheCardSays) {
  const auto pictures = Load();
  ASSERT_TRUE(pictures) << pictures.error().ToString();
  EXPECT_EQ(pictures->count(), 1);
  EXPECT_EQ(pictures->labels(), std::vector<int64_t>{1});
  const std::vector<PictureUse> uses(2);
  const Tensor batch = pictures->Batch(uses);
  EXPECT_EQ(batch.shape, (std::vector<int64_t>{2, 3, 3, 4}));
  const auto values = batch.Values<float>();
  for (const size_t n : {0, 1}) {
    EXPECT_EQ(values[n * 36 + 0], (0 - 1) / 2.0f);
    EXPECT_EQ(values[n * 36 + 12 + 5], (111 - 2) / 4.0f) << "green, second row, second column";
    EXPECT_EQ(values[n * 36 + 24 + 11], (223 - 3) / 8.0f);
  }
  card_.input.blue_first = true;
  const Tensor blue = Load()->Batch(uses);
  EXPECT_EQ(blue.Values<float>()[5], (211 - 3) / 8.0f) << "blue goes first, with its own mean";
}

TEST_F(TrainingPicturesTest, PicturesAreMirroredAndMoved) {
  const auto pictures = Load();
  const auto red = [&](const PictureUse& use, int64_t y, int64_t x) {
    return pictures->Batch({&use, 1}).Values<float>()[static_cast<size_t>(y * 4 + x)] * 2 + 1;
  };
  EXPECT_EQ(red({.flip = true}, 1, 0), 13);
  EXPECT_EQ(red({.right = 1}, 1, 2), 11) << "what was one pixel to the left";
  EXPECT_EQ(red({.right = 1}, 1, 0), 0) << "black comes in";
  EXPECT_EQ(red({.down = -1}, 1, 3), 23);
  EXPECT_EQ(red({.down = -1}, 2, 3), 0);
  EXPECT_EQ(red({.flip = true, .right = 1}, 0, 1), 1) << "moved, then mirrored";
}

TEST_F(TrainingPicturesTest, PicturesOfOtherClassesAreOfNone) {
  folder_.Add("cat", Image::Make(4, 3));
  const auto pictures = Load({"cat"});
  ASSERT_TRUE(pictures) << pictures.error().ToString();
  EXPECT_EQ(pictures->labels(), (std::vector<int64_t>{0, -1}));
  const auto none = Load({"bird"});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().ToString(), HasSubstr("'bird'"));
}

TEST_F(TrainingPicturesTest, OtherSidesAreBroughtToTheNets) {
  folder_.Add("cat", Image::Make(40, 30, {.red = 50, .green = 60, .blue = 70}));
  const auto pictures = Load();
  ASSERT_TRUE(pictures);
  const PictureUse use{.picture = 0};
  EXPECT_EQ(pictures->Batch({&use, 1}).Values<float>()[7], (50 - 1) / 2.0f);
}

TEST_F(TrainingPicturesTest, WhatHasNoLabelIsNamedAndReadingCanBeStopped) {
  ModelCard unnamed{.name = "card"};
  const auto none = TrainingPictures::Load("pictures:" + folder_.path(), unnamed, {}, kSides, {});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().ToString(), HasSubstr("nothing says what it shows"));
  const auto stopped = TrainingPictures::Load("pictures:" + folder_.path(), card_, {}, kSides, [](double) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace tradewind
