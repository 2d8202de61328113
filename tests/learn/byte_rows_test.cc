// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/byte_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

double Cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

TEST(ByteRows, CosinesAreThoseOfTheVectors) {
  Random random(3);
  for (const size_t dimensions : {1u, 3u, 346u, 9000u}) {
    ByteRows rows(dimensions);
    std::vector<std::vector<float>> exact;
    const auto draw = [&] {
      std::vector<float> v(dimensions);
      for (float& x : v) x = static_cast<float>(1000 * random.Normal());
      return v;
    };
    for (int i = 0; i < 20; ++i) rows.Add(exact.emplace_back(draw()));
    std::vector<float> query = draw();
    for (size_t i = 0; i < dimensions; ++i) query[i] += exact[4][i];  // some are alike
    const std::vector<float> cosines = rows.Cosines(query);
    ASSERT_EQ(cosines.size(), 20u);
    for (size_t i = 0; i < 20; ++i) EXPECT_NEAR(cosines[i], Cosine(exact[i], query), 0.005) << dimensions;
  }
}

TEST(ByteRows, SumsDoNotOverflow) {
  const std::vector<float> ones(100'000, 1.0f);
  ByteRows rows(ones.size());
  rows.Add(ones);
  EXPECT_NEAR(rows.Cosines(ones)[0], 1, 1e-4);
}

TEST(ByteRows, AVectorOfLengthZeroIsLikeNothing) {
  ByteRows rows(2);
  rows.Add(std::vector<float>{0, 0});
  rows.Add(std::vector<float>{0, 2});
  EXPECT_EQ(rows.Cosines(std::vector<float>{0, 0}), (std::vector<float>{0, 0}));
  EXPECT_NEAR(rows.Cosines(std::vector<float>{0, 5})[1], 1, 1e-4);
}

}  // namespace
}  // namespace tradewind
