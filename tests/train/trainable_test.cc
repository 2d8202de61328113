// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Nets parted into what trains and what stays: head and tail together are the whole, by the reference.
#include "train/trainable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "graph/net_script.h"
#include "graph/quantizers.h"
#include "graph/reference_graph.h"
#include "graph/surgery.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

OnnxModel Residual() {
  const auto weights = RandomWeightSource(5);
  auto model = RunNetScript(R"(
    local x = relu(bn(conv(input('image', 3, 8, 8), 8, 3, {name = 'first'}), {name = 'first_bn'}))
    local y = bn(conv(x, 8, 3, {name = 'second'}), {name = 'second_bn'})
    x = relu(add(y, x))
    output('logits', linear(flatten(gap(x)), 5, {name = 'last'})))",
                            "net.lua", {}, *weights);
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}

TEST(Trainable, ParametersAreWeightsBiasesAndScales) {
  const OnnxModel model = Residual();
  const auto all = TrainableParameters(model, {});
  ASSERT_TRUE(all);
  EXPECT_THAT(*all, ElementsAre("first.weight", "first_bn.weight", "first_bn.bias", "second.weight", "second_bn.weight", "second_bn.bias",
                                "last.weight", "last.bias"));
  EXPECT_THAT(*TrainableParameters(model, {"last", "first_bn"}),
              ElementsAre("first_bn.weight", "first_bn.bias", "last.weight", "last.bias"));
  const auto none = TrainableParameters(model, {"last", "lost."});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().ToString(), HasSubstr("'lost.'"));
}

TEST(Trainable, ParametersOfQuantisersAreScalesAndWhatTheyRound) {
  OnnxModel model = Residual();
  ASSERT_TRUE(FoldBatchNorms(model));
  ASSERT_TRUE(InsertQuantizers(model, {}));
  const auto all = TrainableParameters(model, {});
  ASSERT_TRUE(all);
  EXPECT_THAT(*all, testing::IsSupersetOf({"last.weight", "last.weight.scale", "last.bias", "image.scale"}));
}

TEST(Trainable, TheFrozenPartAndTheOtherAreTheNet) {
  const OnnxModel model = Residual();
  const auto split = SplitFrozen(model, {"second.weight"}, {"logits"});
  ASSERT_TRUE(split) << split.error().ToString();
  EXPECT_THAT(split->edges, ElementsAre("Relu_2"));  // what the second convolution and the sum read
  OnnxModel head = split->frozen, tail = split->trained;
  RefTensor picture = RefMake({2, 3, 8, 8});
  Random random(8);
  for (double& v : picture.values) v = random.Normal();
  ASSERT_EQ(head.graph.outputs.size(), 1u);
  const RefTensor between = ReferenceGraph(head).Run(picture);
  const RefTensor parted = ReferenceGraph(tail).Run(between), whole = ReferenceGraph(model).Run(picture);
  ASSERT_EQ(parted.values.size(), whole.values.size());
  for (size_t i = 0; i < whole.values.size(); ++i) EXPECT_NEAR(parted.values[i], whole.values[i], 1e-9);
  EXPECT_EQ(head.graph.FindInitializer("second.weight"), nullptr);
  EXPECT_EQ(tail.graph.FindInitializer("first.weight"), nullptr);
}

TEST(Trainable, WhereTheFirstLayerTrainsThePictureIsTheEdge) {
  const OnnxModel model = Residual();
  const auto split = SplitFrozen(model, {"first.weight"}, {"logits"});
  ASSERT_TRUE(split);
  EXPECT_THAT(split->edges, ElementsAre("image"));
  EXPECT_TRUE(split->frozen.graph.nodes.empty());
  EXPECT_EQ(split->trained.graph.nodes.size(), model.graph.nodes.size());
}

TEST(Trainable, OnlyWhatTheWantedValuesNeedIsKept) {
  OnnxModel model = Residual();
  const auto weights = RandomWeightSource(1);
  ASSERT_TRUE(InsertExit(model, "Relu_2", {.classes = 5, .name = "exit.0"}, *weights));
  const auto parameters = TrainableParameters(model, {"exit."});
  ASSERT_TRUE(parameters);
  EXPECT_TRUE(IsFrozen(model, *parameters, "logits"));
  EXPECT_FALSE(IsFrozen(model, *parameters, "exit.0"));
  EXPECT_FALSE(IsFrozen(model, *parameters, "nothing"));
  const auto split = SplitFrozen(model, *parameters, {"exit.0", "logits"}, {"logits"});
  ASSERT_TRUE(split);
  EXPECT_THAT(split->edges, ElementsAre("exit.0.flat")) << "pooling has nothing to train";
  ASSERT_EQ(split->trained.graph.nodes.size(), 1u);
  EXPECT_EQ(split->frozen.graph.outputs.size(), 2u);
  EXPECT_FALSE(SplitFrozen(model, *parameters, {"exit.0"}, {"exit.0"})) << "it changes";
  EXPECT_FALSE(SplitFrozen(model, *parameters, {"nothing"}));
}

}  // namespace
}  // namespace tradewind
