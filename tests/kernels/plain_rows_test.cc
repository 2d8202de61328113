// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/plain_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace tradewind {
namespace {

TEST(PlainRows, MultipliesAndConvolves) {
  const std::vector<float> x = {1, 2, 3}, y = {4, -5, 0.5f};
  std::vector<float> out(3);
  MultiplyRows(x.data(), y.data(), 3, out.data());
  EXPECT_EQ(out, (std::vector<float>{4, -10, 1.5f}));
  // Two channels over three positions.
  const std::vector<float> rows = {1, 10, 2, 20, 3, 30};
  const std::vector<float> taps = {100, 1, 10, 1, 1, 2};
  ConvolveRows(rows.data(), taps.data(), 3, 2, out.data());
  EXPECT_EQ(out[0], 123);
  EXPECT_EQ(out[1], 90);
}

TEST(PlainRows, LayerNormAgainstDouble) {
  Random random(2);
  for (const int64_t n : {1, 15, 16, 17, 384}) {
    std::vector<float> x, weight, bias, out(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; ++i) {
      x.push_back(static_cast<float>(3 + random.Normal()));
      weight.push_back(static_cast<float>(random.Normal()));
      bias.push_back(static_cast<float>(random.Normal()));
    }
    double mean = 0, variance = 0;
    for (const float v : x) mean += static_cast<double>(v) / static_cast<double>(n);
    for (const float v : x) variance += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean) / static_cast<double>(n);
    LayerNorm(x.data(), weight.data(), bias.data(), 1e-5f, n, out.data());
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected =
          (static_cast<double>(x[i]) - mean) / std::sqrt(variance + 1e-5) * static_cast<double>(weight[i]) + static_cast<double>(bias[i]);
      EXPECT_NEAR(out[i], expected, 1e-5) << n;
    }
    std::vector<float> in_place = x;
    LayerNorm(in_place.data(), weight.data(), bias.data(), 1e-5f, n, in_place.data());
    EXPECT_EQ(in_place, out);
  }
}

// Values of the normal distribution's table: x * Phi(x).
TEST(PlainRows, GeluErfIsTheExactForm) {
  const std::vector<float> x = {0, 1, -1, 2, -3, 30, -40};
  std::vector<float> out(x.size());
  GeluErf(x.data(), static_cast<int64_t>(x.size()), out.data());
  const double expected[] = {0, 0.8413447461, -0.1586552539, 1.9544997361, -0.0040496961, 30, 0};
  for (size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(out[i], expected[i], 1e-7) << x[i];
}

}  // namespace
}  // namespace tradewind
