// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/calibrate_quantizers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/random.h"
#include "graph/net_script.h"

namespace tradewind {
namespace {

TEST(BestScale, ValuesOnAGridHaveThatGrid) {
  std::vector<float> values;
  for (int i = -8; i <= 7; ++i) values.push_back(0.25f * static_cast<float>(i));
  EXPECT_FLOAT_EQ(BestScale(values, RangeOf(4, true)), 0.25f);
  const std::vector<float> rising{0, 0.5f, 1, 1.5f, 7.5f};
  EXPECT_FLOAT_EQ(BestScale(rising, RangeOf(4, false)), 0.5f);
  EXPECT_EQ(BestScale(std::vector<float>{0, 0}, RangeOf(4, false)), 0);
}

// Known of a normal distribution: with 8 levels the best even grid has steps of 0.586 deviations (J. Max, IRE Transactions on Information
// Theory 6, 1960, table II, whose grid is even about zero; ours has a level at zero, which moves it by little).
TEST(BestScale, OfNormalNumbersIsNearTheOneThatIsKnown) {
  Random random(4);
  std::vector<float> values;
  for (int i = 0; i < 50'000; ++i) values.push_back(static_cast<float>(random.Normal()));
  EXPECT_NEAR(BestScale(values, RangeOf(3, true)), 0.586, 0.06);
}

TEST(CalibrateQuantizers, ScalesFollowWeightsAndPictures) {
  const auto weights = RandomWeightSource(1);
  auto model = RunNetScript("local x = relu(conv(input('image', 3, 8, 8), 4, 3, {name = 'c'}))\noutput('y', linear(flatten(gap(x)), 2))",
                            "net.lua", {}, *weights);
  ASSERT_TRUE(model);
  for (OnnxTensor& t : model->graph.initializers) {
    if (t.name != "c.weight") continue;
    std::vector<float> values(4 * 27);
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i / 27 + 1) * (i % 2 == 0 ? 1.0f : -1.0f) * 127;
    t = OnnxTensor::Of(t.name, t.dims, values);
  }
  ASSERT_TRUE(InsertQuantizers(*model, {}));
  // A plane of each color.
  Tensor picture_in = Tensor::Of<float>({1, 3, 8, 8});
  for (size_t i = 0; i < 3 * 64; ++i) picture_in.Values<float>()[i] = std::array{255.0f, 128.0f, 64.0f}[i / 64] / 255;
  const auto calibrated = CalibrateQuantizers(*model, 4, [&](int64_t) -> Result<Tensor> { return picture_in; }, {});
  ASSERT_TRUE(calibrated) << calibrated.error().ToString();
  for (int64_t c = 0; c < 4; ++c)
    EXPECT_NEAR(model->graph.FindInitializer("c.weight.scale")->At<float>(c), static_cast<float>(c + 1), 1e-4);
  // Of three values, the largest of which is 1: a grid that has them nearly.
  const float picture = model->graph.FindInitializer("image.scale")->At<float>(0);
  for (const float v : {1.0f, 128 / 255.0f, 64 / 255.0f})
    EXPECT_NEAR(std::min(127.0f, std::nearbyint(v / picture)) * picture, v, 0.51f / 127);
}

}  // namespace
}  // namespace tradewind
