// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/pooling.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

std::vector<std::vector<float>> Pool(Pooling pooling, size_t chunk) {
  const std::vector<float> rows = {1, 2, 3, 6, 5, 10};  // three rows of two
  Pooler pooler(pooling, 2);
  for (size_t at = 0; at < rows.size(); at += 2 * chunk) pooler.Add(std::span(rows).subspan(at, std::min(2 * chunk, rows.size() - at)));
  return pooler.Finish();
}

TEST(Pooling, OneVectorOfMany) {
  using Rows = std::vector<std::vector<float>>;
  for (const size_t chunk : {1, 2, 3}) {
    EXPECT_EQ(Pool(Pooling::kMean, chunk), (Rows{{3, 6}}));
    EXPECT_EQ(Pool(Pooling::kFirst, chunk), (Rows{{1, 2}}));
    EXPECT_EQ(Pool(Pooling::kLast, chunk), (Rows{{5, 10}}));
    EXPECT_EQ(Pool(Pooling::kNone, chunk), (Rows{{1, 2}, {3, 6}, {5, 10}}));
  }
  EXPECT_TRUE(Pooler(Pooling::kMean, 2).Finish().empty());
}

TEST(Pooling, HasTheNamesOfItsPeers) {
  EXPECT_EQ(PoolingFromName("none"), Pooling::kNone);
  EXPECT_EQ(PoolingFromName("mean"), Pooling::kMean);
  EXPECT_EQ(PoolingFromName("cls"), Pooling::kFirst);
  EXPECT_EQ(PoolingFromName("last"), Pooling::kLast);
  EXPECT_EQ(PoolingFromName("rank"), std::nullopt);
}

TEST(Pooling, NormsAreWhatTheyAreCalled) {
  const auto normalised = [](int64_t kind) {
    std::vector<float> v = {3, -4, 0};
    Normalise(kind, v);
    return v;
  };
  EXPECT_EQ(normalised(-1), (std::vector<float>{3, -4, 0}));
  EXPECT_FLOAT_EQ(normalised(0)[0], 24570);
  EXPECT_FLOAT_EQ(normalised(0)[1], -32760);
  EXPECT_FLOAT_EQ(normalised(1)[0], 3.0f / 7);
  EXPECT_FLOAT_EQ(normalised(2)[0], 0.6f);
  EXPECT_FLOAT_EQ(normalised(2)[1], -0.8f);
  EXPECT_NEAR(normalised(3)[0], 3 / 4.4979414, 1e-6);  // cube root of 27 + 64
  for (const int64_t kind : {0, 1, 2, 3}) {
    std::vector<float> zeros(4);
    Normalise(kind, zeros);
    EXPECT_EQ(zeros, std::vector<float>(4));
  }
}

}  // namespace
}  // namespace tradewind
