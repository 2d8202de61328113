// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/multiple.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "simulation.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;

// statsmodels.stats.multitest.multipletests, methods "holm" and "fdr_bh".
TEST(Multiple, AgreesWithStatsmodels) {
  const Sample p = {0.0001, 0.0401, 0.03, 0.0019, 0.0095, 0.0278, 0.0298, 0.0344, 0.7, 0.03, 1.0, 0.0201};
  const Sample holm = {0.0012, 0.2224, 0.2224, 0.0209, 0.095, 0.2224, 0.2224, 0.2224, 1, 0.2224, 1, 0.1809};
  const Sample hochberg = {0.0012, 0.04812, 0.045, 0.0114, 0.038, 0.045, 0.045, 0.04586666666666667, 0.7636363636363637, 0.045, 1, 0.045};
  const Sample ours_holm = HolmAdjusted(p), ours_hochberg = BenjaminiHochbergAdjusted(p);
  ASSERT_EQ(ours_holm.size(), p.size());
  ASSERT_EQ(ours_hochberg.size(), p.size());
  for (size_t i = 0; i < p.size(); ++i) {
    EXPECT_NEAR(ours_holm[i], holm[i], 1e-14) << i;
    EXPECT_NEAR(ours_hochberg[i], hochberg[i], 1e-14) << i;
  }
}

TEST(Multiple, FewAreAsTheyAre) {
  EXPECT_TRUE(HolmAdjusted({}).empty());
  EXPECT_TRUE(BenjaminiHochbergAdjusted({}).empty());
  EXPECT_EQ(HolmAdjusted(Sample{0.03}), Sample{0.03});
  EXPECT_EQ(BenjaminiHochbergAdjusted(Sample{0.03}), Sample{0.03});
  EXPECT_EQ(HolmAdjusted(Sample{0.02, 0.02}), (Sample{0.04, 0.04}));
}

// Fifteen tests, five of them of real differences: how often Holm has any false one, and the share of false ones among all of
// Benjamini and Hochberg's (at most the level times the share of true nulls, here reached).
TEST(Multiple, KeepTheirPromises) {
  constexpr int kTrials = 4000;
  constexpr size_t kTests = 15, kReal = 5;
  double false_shares = 0;
  const double without_false = Coverage(kTrials, [&](Random& random) {
    Sample p(kTests);
    for (size_t i = 0; i < kTests; ++i) p[i] = 1 - NormalCdf(random.Normal() + (i < kReal ? 3 : 0));
    const Sample holm = HolmAdjusted(p), hochberg = BenjaminiHochbergAdjusted(p);
    const auto below = [](double x) { return x < 0.1; };
    const auto real = std::count_if(hochberg.begin(), hochberg.begin() + kReal, below);
    const auto found_false = std::count_if(hochberg.begin() + kReal, hochberg.end(), below);
    false_shares += static_cast<double>(found_false) / static_cast<double>(std::max<int64_t>(real + found_false, 1));
    return std::none_of(holm.begin() + kReal, holm.end(), below);
  });
  EXPECT_GE(without_false, 0.9 - Slack(0.9, kTrials));
  EXPECT_NEAR(false_shares / kTrials, 0.1 * (kTests - kReal) / kTests, 0.01);
}

}  // namespace
}  // namespace tradewind
