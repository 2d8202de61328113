// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/bca.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/numbers.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

constexpr DrawnUnits kMany = {.size = 1e9, .degrees = 1e9 - 1};

// 0, 1, ..., 10,000: the p-th percentile is 10,000 p.
std::vector<double> Ladder() {
  std::vector<double> ladder(10001);
  for (size_t i = 0; i < ladder.size(); ++i) ladder[i] = static_cast<double>(i);
  return ladder;
}

TEST(Bca, WithoutBiasAndSkewnessItIsThePercentiles) {
  const Interval interval = BcaInterval(5000, Ladder(), {}, kMany, 0.9);
  EXPECT_NEAR(interval.low, 500, 0.5);
  EXPECT_NEAR(interval.high, 9500, 0.5);
}

// The book's formula (14.10), with a bias of a quarter and influences {-1, -1, 2}: acceleration 6 / (6 * 6^1.5).
TEST(Bca, FollowsTheFormula) {
  const double bias = NormalQuantile(0.6), acceleration = 1 / std::pow(6, 1.5);
  const auto end = [&](double p) {
    return 10000 * NormalCdf(bias + (bias + NormalQuantile(p)) / (1 - acceleration * (bias + NormalQuantile(p))));
  };
  const Interval interval = BcaInterval(6000, Ladder(), std::vector<double>{-1, -1, 2}, kMany, 0.9);
  EXPECT_NEAR(interval.low, end(0.05), 1);
  EXPECT_NEAR(interval.high, end(0.95), 1);
}

// 10 units of 8 degrees: the normal's 1.645 becomes sqrt(10 / 8) times Student's 1.859548 (tabled).
TEST(Bca, FewUnitsWiden) {
  const Interval interval = BcaInterval(5000, Ladder(), {}, {.size = 10, .degrees = 8}, 0.9);
  EXPECT_NEAR(interval.low, 10000 * NormalCdf(-std::sqrt(1.25) * 1.859548), 0.5);
}

TEST(Bca, OfWhatIsNotFiniteNothingIsKnown) {
  std::vector<double> replicates = Ladder();
  replicates[7] = kInfinity;
  EXPECT_EQ(BcaInterval(5000, replicates, {}, kMany, 0.9), (Interval{-kInfinity, kInfinity, 0.9}));
  const Interval two = BcaInterval(5000, Ladder(), {}, {.size = 2, .degrees = 1}, 0.999);
  EXPECT_GE(two.low, 0);
  EXPECT_LE(two.high, 10000);
}

}  // namespace
}  // namespace tradewind
