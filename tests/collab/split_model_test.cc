// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_model.h"

#include <gmock/gmock.h>

#include "collab/split_testing.h"
#include "graph/surgery.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> OutputsOf(const OnnxModel& model) {
  std::vector<std::string> names;
  for (const OnnxValue& output : model.graph.outputs) names.push_back(output.name);
  return names;
}

// Two exits: behind the first rectifier and behind the block.
OnnxModel WithTwoExits(std::string* first, std::string* second) {
  OnnxModel model = ScriptNet(kSmallNet);
  const auto cuts = *CutPoints(model);
  *first = cuts[1];
  for (size_t i = 0; i < model.graph.nodes.size(); ++i) {
    if (model.graph.nodes[i].op_type == "Add") *second = model.graph.nodes[i + 1].outputs[0];
  }
  EXPECT_TRUE(InsertExit(model, *first, {.classes = 5, .name = "exit.0"}, *RandomWeightSource(7)));
  EXPECT_TRUE(InsertExit(model, *second, {.classes = 5, .name = "exit.1"}, *RandomWeightSource(8)));
  return model;
}

TEST(SplitModel, EarlyExitsGoWithTheHeadThatReachesThem) {
  std::string first, second;
  const OnnxModel graph = WithTwoExits(&first, &second);
  const auto model = MakeSplitModel(graph, SmallCard(5));
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_EQ(model->cuts, SmallModel().cuts) << "exits are no obstacle";
  EXPECT_THAT(OutputsOf(*WithoutExits(graph)), ElementsAre("logits"));

  const auto before = SplitAt(graph, model->cuts[0]);
  ASSERT_TRUE(before) << before.error().ToString();
  EXPECT_EQ(before->exit, "");
  EXPECT_THAT(OutputsOf(before->head), ElementsAre(model->cuts[0]));
  const auto at_first = SplitAt(graph, first);
  ASSERT_TRUE(at_first);
  EXPECT_THAT(OutputsOf(at_first->head), ElementsAre(first, "exit.0"));
  const auto at_second = SplitAt(graph, second);
  ASSERT_TRUE(at_second);
  EXPECT_EQ(at_second->exit, "exit.1") << "the later of the two";
  EXPECT_THAT(OutputsOf(at_second->head), ElementsAre(second, "exit.1"));
  EXPECT_THAT(OutputsOf(at_second->tail), ElementsAre("logits"));
  for (const OnnxNode& node : at_second->tail.graph.nodes) EXPECT_THAT(node.name, testing::Not(HasSubstr("exit")));
}

TEST(SplitModel, CutsArePicturesWithTheirShapes) {
  const SplitModel model = SmallModel();
  EXPECT_THAT(model.cuts, testing::Not(testing::Contains(HasSubstr("Flatten"))));
  const auto points = *CutPoints(ScriptNet(kSmallNet));
  for (const std::string& cut : model.cuts) {
    EXPECT_THAT(points, testing::Contains(cut));
    const auto split = SplitAt(model.graph, cut);
    ASSERT_TRUE(split);
    const auto& shape = split->tail.graph.inputs[0].shape;
    ASSERT_TRUE(shape && shape->size() == 4) << cut;
    EXPECT_FALSE((*shape)[0].value) << cut << ": the batch stays open";
    for (size_t i = 1; i < 4; ++i) EXPECT_TRUE((*shape)[i].value) << cut;
  }
}

TEST(SplitModel, ABottleneckIsNamedByTheFile) {
  OnnxModel graph = ScriptNet(kSmallNet);
  const std::string edge = SmallModel().cuts[2];
  graph.metadata.emplace_back("split.bottleneck", edge);
  EXPECT_EQ(MakeSplitModel(graph, SmallCard(5))->bottleneck, edge);
  graph.metadata.back().second = "nowhere";
  EXPECT_THAT(MakeSplitModel(graph, SmallCard(5)).error().ToString(), HasSubstr("'nowhere'"));
}

TEST(SplitModel, WhatCannotBeSplitIsTold) {
  ModelCard boxes = SmallCard(5);
  boxes.task = "segment";
  EXPECT_EQ(MakeSplitModel(ScriptNet(kSmallNet), boxes).error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(SplitAt(ScriptNet(kSmallNet), "nowhere").error().code(), StatusCode::kNotFound);
  const OnnxModel graph = ScriptNet(kSmallNet);
  for (const OnnxNode& node : graph.graph.nodes) {  // inside of the block
    if (node.op_type != "Add") continue;
    EXPECT_THAT(SplitAt(graph, node.inputs[0]).error().ToString(), HasSubstr("more than one value"));
  }
}

TEST(SplitModel, AQuantisedFileIsItsFloatTwin) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/coral/mobilenet_v1_0.25_128_quant.tflite"));
  const auto model = ReadSplitModel(path, "");
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_GT(model->cuts.size(), 20u);
  EXPECT_NEAR(model->card.input.mean[0], 128, 1) << "what byte stands for 0";
  EXPECT_NEAR(model->card.input.deviation[0], 127.5, 1);
}

}  // namespace
}  // namespace tradewind
