// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/rank_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "simulation.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;

double RanksOfDifferences(const Sample& differences) {
  return SignedRankPValue(differences, Sample(differences.size(), 0));
}

TEST(SignedRank, AgreesWithTables) {
  EXPECT_DOUBLE_EQ(RanksOfDifferences({1, 2, 3, 4, 5}), 2.0 / 32);
  // Ten pairs with rank sum 8 (ranks 1, 3 and 4): 25 of the 1,024 assignments have at most that, the tabled 5 % point.
  EXPECT_DOUBLE_EQ(RanksOfDifferences({-1, 2, -3, -4, 5, 6, 7, 8, 9, 10}), 50.0 / 1024);
  EXPECT_EQ(RanksOfDifferences({0, 0}), 1);
  EXPECT_EQ(RanksOfDifferences({}), 1);
  EXPECT_DOUBLE_EQ(RanksOfDifferences({0, 1, 2, 0, 3, 4, 5}), 2.0 / 32);
}

// By trying all assignments of signs, with ties.
TEST(SignedRank, AgreesWithEnumeration) {
  Random random(5);
  for (int round = 0; round < 50; ++round) {
    Sample sample(1 + random.Below(10));
    for (double& x : sample) x = (random.Below(2) ? 1.0 : -1.0) * static_cast<double>(1 + random.Below(6));
    const auto sum = [&](unsigned signs) {  // of the ranks with the sign set
      double total = 0;
      for (size_t i = 0; i < sample.size(); ++i) {
        double rank = 0.5;
        for (const double other : sample)
          rank += std::abs(other) < std::abs(sample[i]) ? 1 : std::abs(other) == std::abs(sample[i]) ? 0.5 : 0;
        if (signs >> i & 1) total += rank;
      }
      return total;
    };
    unsigned seen = 0;
    for (size_t i = 0; i < sample.size(); ++i) seen |= (sample[i] > 0 ? 1u : 0u) << i;
    const unsigned all = (1u << sample.size()) - 1;
    const double lesser = std::min(sum(seen), sum(all & ~seen));
    int as_extreme = 0;
    for (unsigned signs = 0; signs <= all; ++signs) as_extreme += sum(signs) <= lesser;
    EXPECT_NEAR(RanksOfDifferences(sample), std::min(1.0, 2.0 * as_extreme / (all + 1.0)), 1e-12);
  }
}

// One pair more takes the other method; the p value may hardly move.
TEST(SignedRank, ExactAndNormalMeet) {
  Random random(6);
  for (int round = 0; round < 20; ++round) {
    const Sample sample = NormalSample(random, 101, 0.2, 1);
    const double exact = RanksOfDifferences(Sample(sample.begin(), sample.end() - 1));
    Sample longer = sample;
    longer.back() = 1e-9 * longer.back();  // the least rank of all
    EXPECT_NEAR(RanksOfDifferences(longer), exact, 0.02 * exact + 0.01);
  }
}

TEST(SignedRank, RejectsAsOftenAsItSays) {
  constexpr int kTrials = 4000;
  for (const size_t n : {30u, 150u}) {
    const double share = Coverage(kTrials, [&](Random& random) { return RanksOfDifferences(NormalSample(random, n, 0, 1)) >= 0.05; });
    EXPECT_NEAR(share, 0.95, Slack(0.95, kTrials) + 0.002) << n;
  }
}

}  // namespace
}  // namespace tradewind
