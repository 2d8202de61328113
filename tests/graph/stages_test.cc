// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Graphs with exits run in stages, each output against the whole graph's; who makes and reads what (onnx_walk.cc).
#include "graph/stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "graph/net_script.h"
#include "graph/onnx_walk.h"
#include "graph/surgery.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

OnnxModel ScriptNet(const std::string& text) {
  auto model = RunNetScript(text, "net.lua", {}, *RandomWeightSource(5));
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}
Tensor RandomPicture(int64_t side) {
  Tensor picture = Tensor::Of<float>({1, 3, side, side});
  Random random(8);
  for (float& v : picture.Values<float>()) v = static_cast<float>(random.Normal());
  return picture;
}

// Three blocks with an exit behind the first two; the second exit also needs what the first block gave.
const std::string kWithExits = R"(
  local x = relu(conv(input('image', 3, 8, 8), 8, 3, {name = 'a'}))
  output('exit.0', linear(flatten(gap(x)), 5))
  local y = relu(add(conv(x, 8, 3, {name = 'b'}), x))
  output('exit.1', linear(concat({flatten(gap(y)), flatten(gap(x))}, 0), 5))
  local z = relu(add(conv(y, 8, 3, {name = 'c'}), x))
  output('logits', linear(reshape(gap(z), {8}), 5)))";

class StagesTest : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Backends, StagesTest, testing::Values("native", "openvino"));

// Our own executor pauses between stages; for the other the graph is cut.
TEST_P(StagesTest, EachOutputIsTheWholeGraphs) {
  if (!GraphBackends().Find(GetParam())->available()) GTEST_SKIP() << "absent: " << GetParam();
  const OnnxModel model = ScriptNet(kWithExits);
  const auto whole = OpenGraph({"net", model}, {});
  ASSERT_TRUE(whole) << whole.error().ToString();
  const Tensor picture = RandomPicture(8);
  const auto expected = (*whole)->Run({&picture, 1});
  ASSERT_TRUE(expected);
  auto staged = StagedGraph::Open(model, {.backend = GetParam()});
  ASSERT_TRUE(staged) << staged.error().ToString();
  ASSERT_EQ(staged->stages(), 3u);
  for (int time = 0; time < 2; ++time) {  // again: nothing is left of the time before
    ASSERT_TRUE(staged->Begin(picture));
    for (size_t stage = 0; stage < 3; ++stage) {
      EXPECT_EQ(staged->next(), stage);
      const auto output = staged->Step();
      ASSERT_TRUE(output) << output.error().ToString();
      EXPECT_EQ(staged->output(stage), (*whole)->outputs()[stage].name);
      ASSERT_EQ(output->shape, (*expected)[stage].shape);
      for (size_t i = 0; i < 5; ++i)
        EXPECT_NEAR(output->Values<float>()[i], (*expected)[stage].Values<float>()[i], GetParam() == "native" ? 0 : 1e-4) << stage;
    }
    EXPECT_TRUE(staged->Done());
  }
}

TEST(Stages, EveryNodeIsInOneStage) {
  const OnnxModel model = ScriptNet(kWithExits);
  const auto stages = CutIntoStages(model);
  ASSERT_TRUE(stages) << stages.error().ToString();
  size_t nodes = 0;
  for (const GraphStage& stage : *stages) nodes += stage.model.graph.nodes.size();
  EXPECT_EQ(nodes, model.graph.nodes.size());
  EXPECT_EQ(stages->front().model.graph.FindInitializer("b.weight"), nullptr);
  EXPECT_NE((*stages)[1].model.graph.FindInitializer("b.weight"), nullptr);
}

TEST(Stages, AnOutputWithoutNodesOfItsOwnIsNoStage) {
  OnnxModel model = ScriptNet("local x = relu(input('image', 3, 8, 8))\noutput('early', x)\noutput('late', relu(x))");
  model.graph.outputs.push_back(model.graph.outputs[0]);
  model.graph.outputs.erase(model.graph.outputs.begin());
  const auto stages = CutIntoStages(model);  // their order in the file does not count
  ASSERT_TRUE(stages);
  EXPECT_EQ(stages->front().output, "early");
  model.graph.outputs.push_back(model.graph.outputs[0]);
  const auto twice = CutIntoStages(model);
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().ToString(), HasSubstr("output 'late'"));
}

}  // namespace
}  // namespace tradewind
