// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "train/train_recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

const std::string kRecipe = R"(name: small
summary: a net
net: {description: cifar_resnet, parameters: {n: 1}}
card: cifar10
train: [layer1., linear.]
data: {train: a, validate: "b,100", flip: true, crop: 4, cache: 3MiB}
optimizer: adam
batch: 32
time: 90s
phases:
  - epochs: 2
    learning_rate: 0.25
    losses:
      - {kind: cross_entropy, output: logits}
      - {kind: distillation, output: logits, target: logits, weight: 0.5, temperature: 4}
)";

TEST(TrainRecipe, IsReadFieldByField) {
  const auto recipe = ParseTrainRecipe(kRecipe, "r.yaml", {});
  ASSERT_TRUE(recipe) << recipe.error().ToString();
  EXPECT_EQ(recipe->name, "small");
  EXPECT_EQ(recipe->net.parameters.at("n"), 1);
  EXPECT_THAT(recipe->train, testing::ElementsAre("layer1.", "linear."));
  EXPECT_EQ(recipe->data.validate, "b,100");
  EXPECT_EQ(recipe->data.crop, 4);
  EXPECT_EQ(recipe->data.cache_bytes, 3u << 20);
  EXPECT_EQ(recipe->optimizer, OptimizerKind::kAdam);
  EXPECT_EQ(recipe->time->seconds(), 90);
  ASSERT_EQ(recipe->phases.size(), 1u);
  EXPECT_EQ(recipe->phases[0].epochs, 2);
  ASSERT_EQ(recipe->phases[0].losses.size(), 2u);
  EXPECT_EQ(recipe->phases[0].losses[1].kind, LossKind::kDistillation);
  EXPECT_EQ(recipe->phases[0].losses[1].temperature, 4);
  EXPECT_FALSE(recipe->exits || recipe->bottleneck || recipe->quantize);
}

TEST(TrainRecipe, FieldsAreSetByTheirPaths) {
  const auto recipe = ParseTrainRecipe(kRecipe, "r.yaml",
                                       {"net.parameters.n=9", "phases.0.losses.1.weight=2", "data.train=/x=y", "seed=7",
                                        "train=linear.,layer3.", "net.parameters.classes=4"});
  ASSERT_TRUE(recipe) << recipe.error().ToString();
  EXPECT_EQ(recipe->net.parameters.at("n"), 9);
  EXPECT_EQ(recipe->net.parameters.at("classes"), 4);
  EXPECT_EQ(recipe->phases[0].losses[1].weight, 2);
  EXPECT_EQ(recipe->data.train, "/x=y");
  EXPECT_EQ(recipe->seed, 7u);
  EXPECT_THAT(recipe->train, testing::ElementsAre("linear.", "layer3."));
  const auto whole = ParseTrainRecipe(kRecipe, "r.yaml", {"net={file: a.onnx}", "teacher={description: resnet}", "train=[a., b.]"});
  ASSERT_TRUE(whole) << whole.error().ToString();
  EXPECT_EQ(whole->net.file, "a.onnx");
  EXPECT_EQ(whole->teacher->description, "resnet");
  EXPECT_THAT(whole->train, testing::ElementsAre("a.", "b."));
  EXPECT_FALSE(ParseTrainRecipe(kRecipe, "r.yaml", {"net={file"}));
  EXPECT_NE(recipe->hash, ParseTrainRecipe(kRecipe, "r.yaml", {})->hash);
}

TEST(TrainRecipe, WhatCannotBeSetIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"epochs", "not path=value"},        {"phases.1.epochs=3", "\"phases.1\" is no item"},
      {"net.nets.n=3", "no \"net.nets\""}, {"name.first=3", "nothing stands below"},
      {"epochs=3", "no field \"epochs\""}, {"phases.0.epochs=-1", "whole number from 0"}};
  for (const auto& [setting, message] : cases) {
    const auto recipe = ParseTrainRecipe(kRecipe, "r.yaml", {setting});
    ASSERT_FALSE(recipe) << setting;
    EXPECT_THAT(recipe.error().ToString(), HasSubstr(message)) << setting;
  }
}

TEST(TrainRecipe, MistakesAreToldWithTheirLines) {
  struct Case {
    const char* from;
    const char* to;
    const char* message;
    const char* line;
  };
  const Case cases[] = {
      {"card: cifar10", "cart: cifar10", "no field \"cart\"", "line 4"},
      {"batch: 32", "batch: 0.5", "batch is a whole number from 2", "line 8"},
      {"batch: 32", "batch: many", "must be a finite number", "line 8"},
      {"time: 90s", "time: long", "long", "line 9"},
      {"flip: true", "flip: yes", "flip", "line 6"},
      {"{n: 1}", "{n: one}", "is no number", "line 3"},
      {"description: cifar_resnet, ", "", "a description or a file", "line 3"},
      {"optimizer: adam", "optimizer: lion", "sgd", "line 7"},
      {"target: logits, ", "", "distillation needs a target", "line 15"},
      {"output: logits}\n", "output: logits, target: x}\n", "has no target", "line 14"},
      {"temperature: 4", "temperature: 0", "temperature is a number from 0.001", "line 15"},
      {"phases:", "phases: []\nphases2:", "no field \"phases2\"", "line"},
  };
  for (const Case& c : cases) {
    std::string text = kRecipe;
    const size_t at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, std::string(c.from).size(), c.to);
    const auto recipe = ParseTrainRecipe(text, "r.yaml", {});
    ASSERT_FALSE(recipe) << c.to;
    EXPECT_EQ(recipe.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(recipe.error().ToString(), testing::AllOf(HasSubstr(c.message), HasSubstr("r.yaml"), HasSubstr(c.line)));
  }
  EXPECT_FALSE(ParseTrainRecipe("[", "r.yaml", {}));
  EXPECT_FALSE(ParseTrainRecipe("", "r.yaml", {"a=b"}));
  EXPECT_FALSE(ParseTrainRecipe(std::string(RecipeLimits::kTextBytes + 1, ' '), "r.yaml", {}));
}

TEST(TrainRecipe, ThoseThatAreBuiltInAreSound) {
  ASSERT_FALSE(TrainRecipes().empty());
  for (const auto& [name, summary] : TrainRecipes()) {
    const auto recipe = FindTrainRecipe(name, {});
    ASSERT_TRUE(recipe) << recipe.error().ToString();
    EXPECT_EQ(recipe->name, name);
    EXPECT_EQ(recipe->summary, summary);
  }
  const auto none = FindTrainRecipe("nothing", {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(none.error().message(), HasSubstr("cifar_exits"));
}

}  // namespace
}  // namespace tradewind
