// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/random.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

Tensor Noise(std::vector<int64_t> shape, double spread, bool rectified) {
  Tensor tensor = Tensor::Of<float>(std::move(shape));
  Random random(4);
  for (float& x : tensor.Values<float>()) {
    x = static_cast<float>(random.Normal() * spread);
    if (rectified && x < 0) x = 0;
  }
  return tensor;
}
Tensor ThereAndBack(const Tensor& tensor, Coding coding) {
  const auto coded = EncodeTensor(tensor, coding);
  EXPECT_TRUE(coded) << coded.error().ToString();
  auto back = DecodeTensor(*coded, "the test");
  EXPECT_TRUE(back) << back.error().ToString();
  EXPECT_EQ(back->shape, tensor.shape);
  return *std::move(back);
}
double LargestError(const Tensor& a, const Tensor& b) {
  double largest = 0;
  for (size_t i = 0; i < a.Values<float>().size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a.Values<float>()[i]) - static_cast<double>(b.Values<float>()[i])));
  return largest;
}

TEST(Coding, SinglesComeBackAsTheyWere) {
  const Tensor tensor = Noise({1, 3, 7, 5}, 2, false);
  EXPECT_EQ(ThereAndBack(tensor, Coding::kF32).data, tensor.data);
}

TEST(Coding, HalvesAreWithinElevenBits) {
  const Tensor tensor = Noise({1, 3, 7, 5}, 2, false), back = ThereAndBack(tensor, Coding::kF16);
  for (size_t i = 0; i < tensor.Values<float>().size(); ++i) {
    const float x = tensor.Values<float>()[i];
    EXPECT_LE(std::abs(back.Values<float>()[i] - x), std::ldexp(std::abs(x), -11) + 1e-7f);
  }
}

// The bound of rounding to a grid of 256 or 16 levels over the range; a little more, for the grid's points are rounded to singles.
TEST(Coding, WholeNumbersMoveByHalfAStepAtMost) {
  for (const bool rectified : {false, true}) {
    for (const double spread : {1e-3, 1.0, 300.0}) {
      const Tensor tensor = Noise({1, 11, 9, 13}, spread, rectified);
      const auto values = tensor.Values<float>();
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      const double range = static_cast<double>(*high) - static_cast<double>(*low);
      for (const auto& [coding, levels] : {std::pair{Coding::kInt8, 256}, {Coding::kInt4, 16}}) {
        const double step = range / (levels - 1);
        const double error = LargestError(tensor, ThereAndBack(tensor, coding));
        EXPECT_LE(error, step * 0.5 * (1 + 1e-4)) << CodingName(coding);
        EXPECT_GE(error, step * 0.4) << "it does round";
      }
    }
  }
}

TEST(Coding, PackingLosesNothing) {
  const Tensor tensor = Noise({1, 16, 20, 20}, 1, true);
  EXPECT_EQ(ThereAndBack(tensor, Coding::kInt8Zlib).data, ThereAndBack(tensor, Coding::kInt8).data);
  EXPECT_EQ(ThereAndBack(tensor, Coding::kInt4Zlib).data, ThereAndBack(tensor, Coding::kInt4).data);
  EXPECT_LT(EncodeTensor(tensor, Coding::kInt8Zlib)->size(), EncodeTensor(tensor, Coding::kInt8)->size());
}

TEST(Coding, OneValueAndEqualOnes) {
  Tensor tensor = Tensor::Of<float>({1, 3});
  for (float& x : tensor.Values<float>()) x = 2.5f;
  for (const Coding coding : AllCodings()) {
    if (coding == Coding::kJpeg) continue;
    EXPECT_EQ(ThereAndBack(tensor, coding).data, tensor.data) << CodingName(coding);
  }
}

TEST(Coding, Sizes) {
  const Tensor tensor = Noise({1, 10, 10}, 1, false);
  const size_t head = 2 + 3 * 8;
  EXPECT_EQ(EncodeTensor(tensor, Coding::kF32)->size(), head + 400);
  EXPECT_EQ(EncodeTensor(tensor, Coding::kF16)->size(), head + 200);
  EXPECT_EQ(EncodeTensor(tensor, Coding::kInt8)->size(), head + 8 + 100);
  EXPECT_EQ(EncodeTensor(tensor, Coding::kInt4)->size(), head + 8 + 50);
}

TEST(Coding, WhatIsNotCoded) {
  Tensor tensor = Noise({1, 4}, 1, false);
  tensor.Values<float>()[2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(EncodeTensor(tensor, Coding::kInt8).error().code(), StatusCode::kInvalidInput);
  EXPECT_TRUE(EncodeTensor(tensor, Coding::kF32));
  EXPECT_EQ(EncodeTensor(tensor, Coding::kJpeg).error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(EncodeTensor(Tensor::Of<int64_t>({3}), Coding::kF32).error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(FindCoding("int7").error().ToString(), HasSubstr("int8+zlib"));
  for (const Coding coding : AllCodings()) EXPECT_EQ(*FindCoding(CodingName(coding)), coding);
}

TEST(Coding, BytesThatLieAreRefused) {
  const Tensor tensor = Noise({1, 4, 4}, 1, false);
  const auto refused = [](std::vector<std::byte> bytes, const std::string& why) {
    const auto back = DecodeTensor(bytes, "the peer");
    ASSERT_FALSE(back) << why;
    EXPECT_EQ(back.error().code(), StatusCode::kInvalidInput);
    EXPECT_THAT(back.error().ToString(), AllOf(HasSubstr("the peer"), HasSubstr(why)));
  };
  for (const Coding coding : AllCodings()) {
    if (coding == Coding::kJpeg) continue;
    const auto good = *EncodeTensor(tensor, coding);
    auto bad = good;
    bad[0] = std::byte{200};
    refused(bad, "no number 200");
    bad = good;
    bad[1] = std::byte{9};
    refused(bad, "9 dimensions");
    bad = good;
    bad[2 + 7] = std::byte{0x7f};  // a dimension of 2^62
    refused(bad, "too large");
    bad = good;
    bad[2] = std::byte{0};
    refused(bad, "empty");
    bad = good;
    bad.resize(20);
    refused(bad, "too early");
    bad = good;
    bad.pop_back();
    refused(bad, "");
    bad = good;
    bad[2 + 8] = std::byte{5};  // another shape than there are numbers
    refused(bad, "");
  }
  auto infinite = *EncodeTensor(tensor, Coding::kInt8);
  const float infinity = std::numeric_limits<float>::infinity();
  std::memcpy(infinite.data() + 26, &infinity, sizeof infinity);
  refused(infinite, "not finite");
}

}  // namespace
}  // namespace tradewind
