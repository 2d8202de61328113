// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

// Whatever the gradient's size, the first step is `rate` long: its moments, freed of their bias, are g and g^2 (arXiv:1412.6980,
// section 2.1).
TEST(Adam, TheFirstStepHasTheLengthOfTheRate) {
  for (const float g : {1e-3f, 1.0f, -50.0f}) {
    Adam adam(1, 0.1);
    std::vector<float> x = {2};
    adam.Step(x, std::vector<float>{g});
    EXPECT_NEAR(x[0], 2 - std::copysign(0.1, g), 1e-4);
  }
}

TEST(Adam, FindsTheLeastOfASlopeThatDiffersByDirection) {
  Adam adam(2, 0.05);
  std::vector<float> x = {4, -3};
  for (int i = 0; i < 2000; ++i) adam.Step(x, std::vector<float>{200 * (x[0] - 1), 0.02f * (x[1] - 2)});
  EXPECT_NEAR(x[0], 1, 0.02);
  EXPECT_NEAR(x[1], 2, 0.02);
}

TEST(Adam, DecayPullsToZero) {
  Adam adam(1, 0.1, 0.5);
  std::vector<float> x = {1};
  adam.Step(x, std::vector<float>{0});
  EXPECT_NEAR(x[0], 0.95, 1e-6);
}

TEST(ForEachBatch, EveryRowOnceAnEpoch) {
  std::vector<int> seen(10, 0);
  std::vector<size_t> sizes;
  std::vector<uint32_t> order;
  ForEachBatch(10, {.epochs = 3, .batch = 4, .seed = 9}, [&](std::span<const uint32_t> rows) {
    sizes.push_back(rows.size());
    for (const uint32_t row : rows) ++seen[row], order.push_back(row);
  });
  EXPECT_THAT(seen, testing::Each(3));
  EXPECT_THAT(sizes, testing::ElementsAre(4, 4, 2, 4, 4, 2, 4, 4, 2));
  EXPECT_FALSE(std::equal(order.begin(), order.begin() + 10, order.begin() + 10));
}

TEST(CosineIndex, Cosines) {
  const FeatureMatrix m{.embedder = "", .columns = 2, .values = {3, 0, 1, 1, 0, 0, 0, -2}};
  std::vector<float> out;
  CosineIndex(m).Similarities(std::vector<float>{5, 0}, out);
  ASSERT_EQ(out.size(), 4u);
  EXPECT_NEAR(out[0], 1, 1e-6);
  EXPECT_NEAR(out[1], std::sqrt(0.5), 1e-6);
  EXPECT_EQ(out[2], 0);
  EXPECT_NEAR(out[3], 0, 1e-6);
  CosineIndex(m).Similarities(std::vector<float>{0, 0}, out);
  EXPECT_THAT(out, testing::Each(0.0f));
}

}  // namespace
}  // namespace tradewind
