// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/fit_exit.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.h"
#include "collab/split_testing.h"
#include "learn/linear.h"
#include "shared_data.h"

namespace tradewind {
namespace {

std::vector<Tensor> RunGraph(const OnnxModel& model, const Image& image, const PictureInput& input) {
  const auto runner = OpenGraph({.path = "net", .model = model}, {});
  EXPECT_TRUE(runner) << runner.error().ToString();
  const Tensor tensor = *PictureTensor(image, input, (*runner)->inputs()[0]);
  return *(*runner)->Run({&tensor, 1});
}

// Of two classes it is logistic regression. Features are the picture's mean colors; half of l2 is on each class's weights, which are each
// other's opposites.
TEST(FitExit, OfTwoClassesIsLogisticRegression) {
  ModelCard card = SmallCard(2);
  card.input = {.deviation = {255, 255, 255}};
  const auto model = MakeSplitModel(ScriptNet("output('scores', slice(flatten(gap(relu(relu(input('image', 3, 4, 4))))), 0, 0, 2))"), card);
  ASSERT_TRUE(model) << model.error().ToString();
  std::vector<Image> pictures;
  std::vector<int64_t> labels;
  std::vector<double> rows, y;
  Random random(1);
  constexpr size_t kPictures = 60;
  for (size_t i = 0; i < kPictures; ++i) {
    const Color color = {static_cast<uint8_t>(random.Below(256)), static_cast<uint8_t>(random.Below(256)),
                         static_cast<uint8_t>(random.Below(256))};
    pictures.push_back(Image::Make(4, 4, color));
    labels.push_back(color.red + 0.5 * color.green + 80 * random.Normal() > 190 ? 1 : 0);
    y.push_back(static_cast<double>(labels.back()));
    for (const uint8_t c : {color.red, color.green, color.blue}) rows.push_back(c / 255.0);
  }
  for (size_t c = 0; c < 3; ++c) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < kPictures; ++i) mean += rows[3 * i + c] / kPictures;
    for (size_t i = 0; i < kPictures; ++i) square += std::pow(rows[3 * i + c] - mean, 2) / kPictures;
    for (size_t i = 0; i < kPictures; ++i) rows[3 * i + c] = (rows[3 * i + c] - mean) / std::sqrt(square);
  }
  constexpr double kL2 = 0.02;
  const auto oracle = FitLogistic(std::span<const double>(rows), 3, y, {.l2 = kL2 / 2 * kPictures});
  ASSERT_TRUE(oracle) << oracle.error().ToString();
  const auto fitted = FitExit(*model, model->cuts[0], pictures, labels, {.l2 = kL2});
  ASSERT_TRUE(fitted) << fitted.error().ToString();
  for (size_t i = 0; i < kPictures; ++i) {
    const std::vector<Tensor> outputs = RunGraph(fitted->graph, pictures[i], card.input);
    ASSERT_EQ(outputs.size(), 2u);
    const auto scores = outputs[1].Values<float>();
    const double probability = 1 / (1 + std::exp(static_cast<double>(scores[0]) - static_cast<double>(scores[1])));
    EXPECT_NEAR(probability, oracle->Probability(std::span(rows).subspan(3 * i, 3)), 1e-3);
    EXPECT_EQ(outputs[0].data, RunGraph(model->graph, pictures[i], card.input)[0].data) << "the net itself is as it was";
  }
}

TEST(FitExit, AnswersPartOfCifarOnTheDevice) {
  TW_REQUIRE_DATA(weights, SharedPath(kResNet20Weights));
  TW_REQUIRE_DATA(train_set, SharedPath("assets/vision/cifar10/train.tar"));
  TW_REQUIRE_DATA(test_set, SharedPath(kCifarTest));
  const SplitModel model = ResNet20(weights);
  const std::string edge = model.cuts[model.cuts.size() * 2 / 3];
  std::vector<Image> pictures;
  std::vector<int64_t> labels;
  for (auto& [image, label] : PicturesOf(train_set + ",500", model.card)) {
    pictures.push_back(std::move(image));
    labels.push_back(label);
  }
  const auto fitted = FitExit(model, edge, pictures, labels, {});
  ASSERT_TRUE(fitted) << fitted.error().ToString();
  const auto net = SplitNet::Open(*fitted, {});
  ASSERT_TRUE(net) << net.error().ToString();
  const auto tested = PicturesOf(test_set + ",150", model.card);
  struct Seen {
    int here = 0, right = 0;
  };
  std::vector<Seen> seen;
  for (const double exit : {0.0, 0.9, 1.0}) {
    Seen& at = seen.emplace_back();
    for (const auto& [image, label] : tested) {
      const auto answer = (*net)->Look(image, {.cut = edge, .exit = exit});
      ASSERT_TRUE(answer) << answer.error().ToString();
      at.here += answer->offloaded ? 0 : 1;
      at.right += answer->scores.best[0].number == static_cast<uint32_t>(label) ? 1 : 0;
    }
  }
  EXPECT_EQ(seen[0].here, 150) << "any answer will do";
  EXPECT_EQ(seen[2].here, 0) << "none will";
  EXPECT_GT(seen[1].here, 10) << "some are easy";
  EXPECT_LT(seen[1].here, 140) << "and some are not";
  EXPECT_GT(seen[0].right, 45) << "chance would be 15";
  EXPECT_GT(seen[1].right, seen[0].right + 10) << "the hard ones are the whole net's";
  EXPECT_GE(seen[2].right, 110) << "of the test set's own pixels 91.7 % are published; these were saved as JPEG";
}

TEST(FitExit, WhatCannotBeFittedIsTold) {
  const SplitModel model = SmallModel();
  const std::vector<Image> pictures = {TestPicture(12)};
  EXPECT_EQ(FitExit(model, "nowhere", pictures, std::vector<int64_t>{1}, {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(FitExit(model, model.cuts[0], pictures, std::vector<int64_t>{5}, {}).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(FitExit(model, model.cuts[0], pictures, std::vector<int64_t>{1, 2}, {}).error().code(), StatusCode::kInvalidInput);
}

}  // namespace
}  // namespace tradewind
