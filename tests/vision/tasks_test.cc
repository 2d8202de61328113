// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the tasks read, from numbers made by hand; and how findings are told and drawn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "vision/task.h"
#include "vision/vision_result.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

struct Outputs {
  std::vector<GraphEdge> edges;
  std::vector<Tensor> tensors;
  Tensor& Add(std::vector<int64_t> shape) {
    edges.push_back({"out" + std::to_string(edges.size()), ElementType::kFloat, shape});
    return tensors.emplace_back(Tensor::Of<float>(std::move(shape)));
  }
};
Result<VisionResult> Read(const Outputs& outputs, const ModelCard& card, PictureSides sides = {}) {
  return VisionTasks().Find(card.task)->read(
      {.card = card, .frame = {0, 0, 640, 480}, .sides = sides, .edges = outputs.edges, .outputs = outputs.tensors});
}

TEST(Tasks, ClassifyGivesTheBestFive) {
  Outputs out;
  Tensor& logits = out.Add({1, 7});
  for (int i = 0; i < 7; ++i) logits.Values<float>()[static_cast<size_t>(i)] = static_cast<float>(i == 2 ? 9 : i);
  const auto finding = Read(out, {.task = "classify", .first_label = -1});
  ASSERT_TRUE(finding);
  ASSERT_EQ(finding->labels.size(), 5u);
  EXPECT_EQ(finding->labels[0].label, 1) << "less the background";
  double sum = 0;
  for (const double logit : {0.0, 1.0, 9.0, 3.0, 4.0, 5.0, 6.0}) sum += std::exp(logit);
  EXPECT_NEAR(finding->labels[0].score, std::exp(9.0) / sum, 1e-6);
  EXPECT_EQ(Read(out, {.task = "classify", .probabilities = true})->labels[0].score, 9) << "as they are";
}

TEST(Tasks, FastestdetReadsACell) {
  Outputs out;
  Tensor& grid = out.Add({1, 7, 2, 4});  // 2 classes, 2 rows, 4 columns
  const auto at = [&](int number, int row, int column) -> float& {
    return grid.Values<float>()[static_cast<size_t>((number * 2 + row) * 4 + column)];
  };
  at(0, 1, 2) = 0.81f;
  at(1, 1, 2) = std::atanh(0.5f);
  at(2, 1, 2) = 0;
  at(3, 1, 2) = std::log(0.25f / 0.75f);  // a sigmoid of one quarter
  at(4, 1, 2) = 0;                        // of one half
  at(6, 1, 2) = 0.9f;
  const auto finding = Read(out, {.task = "fastestdet", .least_score = 0.3});
  ASSERT_TRUE(finding);
  ASSERT_EQ(finding->boxes.size(), 1u);
  const FoundBox& box = finding->boxes[0];
  EXPECT_EQ(box.label, 1);
  EXPECT_NEAR(box.score, std::pow(0.81, 0.6) * std::pow(0.9, 0.4), 1e-5);
  EXPECT_NEAR(box.box.left, 640 * (2.5 / 4 - 0.125), 1e-2);
  EXPECT_NEAR(box.box.right, 640 * (2.5 / 4 + 0.125), 1e-2);
  EXPECT_NEAR(box.box.top, 480 * (0.5 - 0.25), 1e-2);
  EXPECT_NEAR(box.box.bottom, 480 * (0.5 + 0.25), 1e-2);
}

// 4,420 priors of a picture of 320 x 240; the first of the third grid (32 pixels a cell, boxes of 64 and 96).
TEST(Tasks, UltrafaceReadsAPrior) {
  constexpr int64_t kPriors = 1200 * 3 + 300 * 2 + 80 * 2 + 20 * 3;
  Outputs out;
  out.Add({1, kPriors, 2});
  out.Add({1, kPriors, 4});
  const size_t prior = 1200 * 3 + 300 * 2 + 1;  // the second box of that cell: 96
  out.tensors[0].Values<float>()[2 * prior + 1] = 0.95f;
  out.tensors[1].Values<float>()[4 * prior] = 1;                       // a tenth of the prior's width to the right
  out.tensors[1].Values<float>()[4 * prior + 3] = std::log(2.0f) * 5;  // twice as high
  const PictureSides sides = {.width = 320, .height = 240, .channels_first = true};
  const auto finding = Read(out, {.task = "ultraface", .least_score = 0.7}, sides);
  ASSERT_TRUE(finding) << finding.error().ToString();
  ASSERT_EQ(finding->boxes.size(), 1u);
  const Box& box = finding->boxes[0].box;
  EXPECT_NEAR((box.left + box.right) / 2, 640 * (16 + 9.6) / 320, 1e-2);
  EXPECT_NEAR(box.right - box.left, 640 * 96 / 320.0, 1e-2);
  EXPECT_NEAR(box.bottom - box.top, 480 * 192 / 240.0, 1e-2);
  EXPECT_FALSE(Read(out, {.task = "ultraface"}, {.width = 640, .height = 480})) << "of another size";
}

TEST(Tasks, SegmentTakesClassesOrTheirScores) {
  Outputs classes;
  Tensor& mask = classes.Add({1, 2, 2});
  mask.Values<float>()[3] = 15;
  EXPECT_THAT(Read(classes, {.task = "segment"})->mask.classes, testing::ElementsAre(0, 0, 0, 15));
  Outputs scores;
  Tensor& each = scores.Add({1, 1, 2, 3});
  each.Values<float>()[1] = 1;
  each.Values<float>()[5] = 2;
  EXPECT_THAT(Read(scores, {.task = "segment"})->mask.classes, testing::ElementsAre(1, 2));
}

TEST(Tasks, PoseReadsRowsThenColumns) {
  Outputs out;
  Tensor& points = out.Add({1, 1, 2, 3});
  for (size_t i = 0; i < 3; ++i) points.Values<float>()[3 + i] = std::vector<float>{0.25f, 0.5f, 0.9f}[i];
  const auto finding = Read(out, {.task = "pose"});
  ASSERT_EQ(finding->points.size(), 2u);
  EXPECT_EQ(finding->points[1].x, 320);
  EXPECT_EQ(finding->points[1].y, 120);
}

TEST(Tasks, AnotherShapeIsNamed) {
  Outputs out;
  out.Add({5});
  for (const auto& [name, task] : VisionTasks().All()) {
    if (name == "classify") continue;
    const auto finding = Read(out, {.task = name});
    ASSERT_FALSE(finding) << name;
    EXPECT_EQ(finding.error().code(), StatusCode::kUnsupported) << name;
    EXPECT_THAT(finding.error().ToString(), HasSubstr("\"out0\"")) << name;
    EXPECT_THAT(finding.error().ToString(), HasSubstr("card")) << name;
  }
}

const ModelCard kCard = {.labels = {"background", "cat"}, .limbs = {{0, 1}}};

TEST(Findings, AreToldLineByLine) {
  VisionResult finding{.labels = {{1, 0.75f}},
                       .boxes = {{.label = 1, .box = {1, 2, 3, 4}, .score = 0.5f}},
                       .points = {{.label = 0, .x = 7.6f, .y = 2, .score = 0.25f}}};
  finding.mask = {.width = 2, .height = 2, .classes = {1, 0, 1, 1}};
  EXPECT_EQ(VisionResultText(finding, kCard),
            "0.750  cat\n0.500  cat  1, 2 to 3, 4\n0.250  background  8, 2\n0.750  cat\n0.250  background\n");
}

TEST(Findings, AreDrawn) {
  const Image black = Image::Make(100, 60);
  const auto drawn = [&](const VisionResult& finding) {
    Image image = black;
    Annotate(image, finding, kCard);
    int64_t changed = 0;
    for (size_t i = 0; i < image.pixels.size(); i += 3) changed += image.pixels[i] + image.pixels[i + 1] + image.pixels[i + 2] != 0;
    return changed;
  };
  EXPECT_EQ(drawn({}), 0);
  EXPECT_GT(drawn({.boxes = {{.label = 1, .box = {10, 10, 90, 50}, .score = 1}}}), 2 * 80);
  EXPECT_GT(drawn({.labels = {{1, 1.0f}}}), 20);
  VisionResult body{.points = {{.label = 0, .x = 10, .y = 30, .score = 1}, {.label = 1, .x = 90, .y = 30, .score = 1}}};
  EXPECT_GE(drawn(body), 80) << "the limb";
  body.points[1].score = 0.1f;
  EXPECT_LT(drawn(body), 40) << "no limb to a point that is not sure";
  VisionResult half;
  half.mask = {.width = 2, .height = 1, .classes = {0, 1}};
  EXPECT_EQ(drawn(half), 50 * 60) << "the background is not tinted";
}

}  // namespace
}  // namespace tradewind
