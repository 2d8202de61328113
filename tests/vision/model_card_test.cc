// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "vision/task.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(ModelCard, FieldsAreRead) {
  const auto card = ParseCard(R"(
name: A net
files: ["a*.onnx", b.onnx]
task: pose
input: {fit: crop, crop_share: 0.875, colors: bgr, mean: [1, 2, 3], deviation: 255}
labels: [nose, ear, eye]
limbs: [nose eye]
first_label: -1
least_score: 0.5
most_overlap: 0.4
probabilities: true
)",
                              "card.yaml");
  ASSERT_TRUE(card) << card.error().ToString();
  EXPECT_EQ(card->name, "A net");
  EXPECT_THAT(card->files, testing::ElementsAre("a*.onnx", "b.onnx"));
  EXPECT_EQ(card->task, "pose");
  EXPECT_TRUE(card->input.crop);
  EXPECT_EQ(card->input.crop_share, 0.875);
  EXPECT_TRUE(card->input.blue_first);
  EXPECT_THAT(card->input.mean, testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(card->input.deviation, testing::ElementsAre(255, 255, 255));
  EXPECT_THAT(card->limbs, testing::ElementsAre(std::pair<int64_t, int64_t>{0, 2}));
  EXPECT_EQ(card->least_score, 0.5);
  EXPECT_EQ(card->most_overlap, 0.4);
  EXPECT_TRUE(card->probabilities);
  EXPECT_EQ(card->LabelName(-1), "background");
  EXPECT_EQ(card->LabelName(2), "eye");
  EXPECT_EQ(card->LabelName(3), "class 3");
}

TEST(ModelCard, MistakesAreToldWithTheirLine) {
  const auto expect = [](const std::string& text, const std::string& words) {
    const auto card = ParseCard(text, "card.yaml");
    ASSERT_FALSE(card) << text;
    EXPECT_EQ(card.error().code(), StatusCode::kInvalidInput) << text;
    EXPECT_THAT(card.error().ToString(), HasSubstr(words)) << text;
    EXPECT_THAT(card.error().ToString(), HasSubstr("card.yaml")) << text;
  };
  expect("task: pose", "name");
  expect("name: a\ncolour: red", "colour");
  expect("name: a\nlabels: cats", "'cats' is no list of labels");
  expect("name: a\ninput: {deviation: 0}", "not 0");
  expect("name: a\ninput: {mean: [1, 2]}", "three");
  expect("name: a\ninput: {mean: red}", "'red' is no number");
  expect("name: a\ninput: {crop_share: 2}", "share of the shorter side");
  expect("name: a\nfirst_label: 3", "-1 where output 0");
  expect("name: a\nlabels: [x, y]\nlimbs: [x z]", "'x z'");
  expect("name: a\nvariants: [0.5 a.onnx, 0.25 b.onnx]", "0.25 b.onnx");
  expect("name: a\nvariants: [wide a.onnx]", "wide a.onnx");
  expect("name: a\nvariants: [0.5]", "'0.5'");
  expect("name: a\nvariants: [0.5 ../a.onnx]", "beside");
  expect("name: [", "card.yaml");
  expect(std::string(2 << 20, ' '), "bytes");
}

TEST(ModelCard, BuiltInOnesAreWhole) {
  ASSERT_THAT(BuiltInCards(), testing::Contains("fastestdet"));
  for (const std::string& name : BuiltInCards()) {
    const auto card = FindCard("x", name);
    ASSERT_TRUE(card) << name << card.error().ToString();
    EXPECT_NE(VisionTasks().Find(card->task), nullptr) << name;
    EXPECT_FALSE(card->labels.empty()) << name;
    EXPECT_FALSE(card->files.empty()) << name;
  }
  EXPECT_EQ(FindCard("x", "fastestdet")->labels.size(), 80u);
  EXPECT_EQ(FindCard("x", "coral_mobilenet_v2")->labels.size(), 1000u);
  EXPECT_EQ(FindCard("x", "deeplab")->labels.size(), 21u);
  EXPECT_EQ(FindCard("x", "cifar10")->labels.size(), 10u);
  EXPECT_EQ(FindCard("x", "coral_mobilenet_v2")->LabelName(285), "Egyptian cat") << "ImageNet's order";
}

TEST(ModelCard, VariantsAreThoseThatLieBeside) {
  const std::string folder = testing::TempDir() + "/variants";
  std::filesystem::create_directories(folder);
  for (const char* file : {"a.onnx", "c.onnx"}) std::ofstream(folder + "/" + file) << "x";
  const auto card = ParseCard("name: a\nvariants: [0.25 a.onnx, 0.5 b.onnx, 1 c.onnx]", "card.yaml");
  ASSERT_TRUE(card) << card.error().ToString();
  const std::vector<NetVariant> beside = VariantsBeside(folder + "/a.onnx", *card);
  ASSERT_EQ(beside.size(), 2u);
  EXPECT_EQ(beside[1].width, "1");
  EXPECT_EQ(beside[1].file, "c.onnx");
}

TEST(ModelCard, IsFoundByNameByFileAndBesideTheNet) {
  EXPECT_EQ(FindCard("/models/FastestDet-opt.onnx", "")->task, "fastestdet");
  EXPECT_EQ(FindCard("mobilenet_v1_0.25_128_quant.tflite", "")->first_label, -1);
  const auto unknown = FindCard("/models/mine.onnx", "");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(unknown.error().message(), HasSubstr("mine.onnx.card.yaml"));
  const std::string net = testing::TempDir() + "/mine.onnx";
  std::ofstream(net + ".card.yaml") << "name: mine\ntask: segment\n";
  EXPECT_EQ(FindCard(net, "")->task, "segment");
  EXPECT_EQ(FindCard(net, "movenet")->task, "pose") << "what is given goes first";
  EXPECT_EQ(FindCard("other.onnx", net + ".card.yaml")->name, "mine");
  EXPECT_THAT(FindCard("other.onnx", "nocard").error().message(), HasSubstr("nocard"));
}

Image TwoByTwo() {
  Image image = Image::Make(2, 2);
  for (size_t i = 0; i < 12; ++i) image.pixels[i] = static_cast<uint8_t>(10 * i);
  return image;
}

TEST(ModelCard, WrittenItIsTheSameCard) {
  for (const std::string& name : BuiltInCards()) {
    const auto card = FindCard("x.onnx", name);
    ASSERT_TRUE(card);
    const auto back = ParseCard(CardText(*card), name);
    ASSERT_TRUE(back) << back.error().ToString() << "\n" << CardText(*card);
    EXPECT_EQ(back->name, card->name);
    EXPECT_EQ(back->files, card->files);
    EXPECT_EQ(back->task, card->task);
    EXPECT_EQ(back->labels, card->labels);
    EXPECT_EQ(back->limbs, card->limbs);
    EXPECT_EQ(back->input.mean, card->input.mean);
    EXPECT_EQ(back->input.deviation, card->input.deviation);
    EXPECT_EQ(back->input.crop, card->input.crop);
    EXPECT_EQ(back->input.crop_share, card->input.crop_share);
    EXPECT_EQ(back->input.blue_first, card->input.blue_first);
    EXPECT_EQ(back->first_label, card->first_label);
    EXPECT_EQ(back->least_score, card->least_score);
    EXPECT_EQ(back->most_overlap, card->most_overlap);
    EXPECT_EQ(back->probabilities, card->probabilities);
  }
}

TEST(PictureInput, LayoutsColorsAndNumbers) {
  const GraphEdge first = {"x", ElementType::kFloat, {1, 3, 2, 2}};
  const auto tensor = PictureTensor(TwoByTwo(), {.mean = {1, 2, 3}, .deviation = {10, 10, 10}}, first);
  ASSERT_TRUE(tensor);
  EXPECT_FLOAT_EQ(tensor->Values<float>()[0], (0 - 1) / 10.0f);
  EXPECT_FLOAT_EQ(tensor->Values<float>()[3], (90 - 1) / 10.0f);
  EXPECT_FLOAT_EQ(tensor->Values<float>()[4], (10 - 2) / 10.0f) << "green";
  const auto blue = PictureTensor(TwoByTwo(), {.blue_first = true}, first);
  EXPECT_FLOAT_EQ(blue->Values<float>()[0], 20);
  const GraphEdge last = {"x", ElementType::kUint8, {1, 2, 2, 3}};
  EXPECT_EQ(PictureTensor(TwoByTwo(), {}, last)->Values<uint8_t>()[5], 50);
  const GraphEdge whole = {"x", ElementType::kInt8, {-1, 2, 2, 3}};
  EXPECT_EQ(PictureTensor(TwoByTwo(), {}, whole)->Values<int8_t>()[5], 50 - 128);
}

TEST(PictureInput, WhatIsNoPictureIsNamed) {
  for (const std::vector<int64_t>& shape :
       std::vector<std::vector<int64_t>>{{1, 3, 2}, {0, 3, 4, 4}, {1, 4, 4, 1}, {1, 3, -1, 4}, {1, 3, 1 << 20, 4}}) {
    const auto sides = SidesOf({"audio", ElementType::kFloat, shape});
    ASSERT_FALSE(sides) << ShapeText(shape);
    EXPECT_EQ(sides.error().code(), StatusCode::kUnsupported);
    EXPECT_THAT(sides.error().message(), HasSubstr("\"audio\""));
  }
  EXPECT_FALSE(SidesOf({"ids", ElementType::kInt64, {1, 3, 4, 4}}));
}

TEST(PictureInput, AFrameIsThePartThatGoesIn) {
  const Image wide = Image::Make(200, 100);
  const PictureSides square = {.width = 50, .height = 50, .channels_first = true};
  EXPECT_EQ(FrameOf(wide, {}, square).X(1), 200);
  const PictureFrame crop = FrameOf(wide, {.crop = true, .crop_share = 0.5}, square);
  EXPECT_EQ(crop.left, 75);
  EXPECT_EQ(crop.top, 25);
  EXPECT_EQ(crop.X(1), 125);
  EXPECT_EQ(crop.Y(0.5f), 50);
}

}  // namespace
}  // namespace tradewind
