// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/weight_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graph/net_library.h"
#include "shared_data.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

TEST(RandomWeights, AreDrawnAsTheirKindSays) {
  const auto source = RandomWeightSource(3);
  const std::vector<float> weights = source->Get("a.weight", {64, 32, 3, 3}, WeightKind::kWeights, 288).value();
  const std::vector<double> wide(weights.begin(), weights.end());
  EXPECT_NEAR(Mean(wide), 0, 0.005);
  EXPECT_NEAR(Variance(wide), 2.0 / 288, 0.1 * 2.0 / 288);
  EXPECT_THAT(source->Get("a.bias", {4}, WeightKind::kBias, 1).value(), testing::Each(0));
  EXPECT_THAT(source->Get("a.running_var", {4}, WeightKind::kVariance, 1).value(), testing::Each(1));
  EXPECT_EQ(RandomWeightSource(3)->Get("a.weight", {64, 32, 3, 3}, WeightKind::kWeights, 288).value(), weights) << "the same seed and name";
  EXPECT_NE(RandomWeightSource(4)->Get("a.weight", {64, 32, 3, 3}, WeightKind::kWeights, 288).value(), weights);
  EXPECT_NE(source->Get("b.weight", {64, 32, 3, 3}, WeightKind::kWeights, 288).value(), weights);
}

TEST(TorchWeights, AreTheFilesByName) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  const auto file = TorchFile::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  const auto source = TorchWeightSource(*file, "state_dict.module.");
  const auto net = BuildNet("cifar_resnet", {{"n", 3}}, *source);
  ASSERT_TRUE(net) << net.error().ToString();
  const auto absent = source->Get("conv9.weight", {16, 3, 3, 3}, WeightKind::kWeights, 27);
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(absent.error().ToString(), testing::HasSubstr("conv9.weight"));
  const auto shape = source->Get("conv1.weight", {16, 3, 5, 5}, WeightKind::kWeights, 27);
  ASSERT_FALSE(shape);
  EXPECT_EQ(shape.error().code(), StatusCode::kInvalidInput);
}

}  // namespace
}  // namespace tradewind
