// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/frozen_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "graph/net_script.h"
#include "train/picture_folder.h"

namespace tradewind {
namespace {

class FrozenFeaturesTest : public testing::Test {
 protected:
  FrozenFeaturesTest() : folder_({"cat", "dog"}) {
    Random random(1);
    for (int i = 0; i < 37; ++i) {  // more than one batch, and not whole ones
      Image image = Image::Make(8, 8);
      for (uint8_t& v : image.pixels) v = static_cast<uint8_t>(random.Below(256));
      folder_.Add(i % 2 == 0 ? "cat" : "dog", image);
    }
    const ModelCard card{.name = "card", .input = {.deviation = {255, 255, 255}}, .labels = {"cat", "dog"}};
    auto loaded = TrainingPictures::Load("pictures:" + folder_.path(), card, {}, {.width = 8, .height = 8, .channels_first = true}, {});
    EXPECT_TRUE(loaded) << loaded.error().ToString();
    pictures_.emplace(*std::move(loaded));
    const auto weights = RandomWeightSource(1);
    model_ = *RunNetScript(
        "local x = relu(conv(input('image', 3, 8, 8), 4, 3))\noutput('a', gap(x))\noutput('b', linear(flatten(x), 5, {bias = false}))",
        "net.lua", {}, *weights);
  }
  FrozenFeatures Made(const std::string& pictures_name) {
    auto features = FrozenFeatures::Make(*pictures_, pictures_name, {{.model = &model_, .values = {"b", "a"}, .names = {"bee", "ay"}}}, 1);
    EXPECT_TRUE(features) << features.error().ToString();
    return *std::move(features);
  }
  PictureFolder folder_;
  std::optional<TrainingPictures> pictures_;
  OnnxModel model_;
};

// One by one they are what the runner gives.
TEST_F(FrozenFeaturesTest, AreTheNetsValues) {
  FrozenFeatures features = Made("image");
  std::vector<PictureUse> uses;
  for (int64_t i = 36; i >= 0; --i) uses.push_back({.picture = i, .flip = i % 3 == 0, .down = i % 2});
  const auto given = features.Of(uses);
  ASSERT_TRUE(given) << given.error().ToString();
  ASSERT_EQ(given->size(), 3u);
  EXPECT_EQ((*given)[0].name, "bee");
  EXPECT_EQ((*given)[0].tensor.shape, (std::vector<int64_t>{37, 5}));
  EXPECT_EQ((*given)[1].tensor.shape, (std::vector<int64_t>{37, 4, 1, 1}));
  EXPECT_EQ((*given)[2].name, "image");
  const auto runner = OpenGraph({.path = "net", .model = model_}, {});
  for (const size_t i : {0, 20, 36}) {
    const Tensor picture = pictures_->Batch({&uses[i], 1});
    const auto alone = (*runner)->Run({&picture, 1});
    ASSERT_TRUE(alone);
    for (size_t k = 0; k < 5; ++k) EXPECT_EQ((*given)[0].tensor.Values<float>()[i * 5 + k], (*alone)[1].Values<float>()[k]);
    for (size_t k = 0; k < 4; ++k) EXPECT_EQ((*given)[1].tensor.Values<float>()[i * 4 + k], (*alone)[0].Values<float>()[k]);
  }
}

TEST_F(FrozenFeaturesTest, KeptTheyAreTheSame) {
  FrozenFeatures features = Made("");
  std::vector<PictureUse> uses;
  for (int64_t i = 0; i < 37; ++i) uses.push_back({.picture = (i * 7) % 37, .flip = i % 2 == 0});
  const auto before = features.Of(uses);
  const uint64_t bytes = 37 * 2 * 9 * 4;
  ASSERT_FALSE(*features.Keep(bytes - 1, true, {})) << "they take a byte more";
  const auto kept = features.Keep(bytes, true, {});
  ASSERT_TRUE(kept) << kept.error().ToString();
  ASSERT_TRUE(*kept);
  const auto after = features.Of(uses);
  ASSERT_TRUE(after);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ((*after)[i].tensor.data, (*before)[i].tensor.data);
  FrozenFeatures stopped = Made("");
  EXPECT_EQ(stopped.Keep(bytes, true, [](double) { return false; }).error().code(), StatusCode::kCancelled);
}

TEST_F(FrozenFeaturesTest, AValueThatTheNetDoesNotGiveIsNamed) {
  const auto features = FrozenFeatures::Make(*pictures_, "", {{.model = &model_, .values = {"c"}, .names = {"c"}}}, 1);
  ASSERT_FALSE(features);
  EXPECT_THAT(features.error().ToString(), testing::HasSubstr("'c'"));
}

}  // namespace
}  // namespace tradewind
