// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/paired_tests.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "simulation.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;

double OfDifferences(const Sample& differences, const SignFlipOptions& options = {}) {
  return SignFlipPValue(differences, Sample(differences.size(), 0), options);
}

TEST(SignFlip, ByHand) {
  EXPECT_DOUBLE_EQ(OfDifferences({1, 2, 3, 4, 5}), 2.0 / 32);
  EXPECT_DOUBLE_EQ(OfDifferences({-1, 2, 4}), 4.0 / 8);  // |5| or |7|
  EXPECT_DOUBLE_EQ(OfDifferences({0, -7, 0}), 1);
  EXPECT_EQ(OfDifferences({0, 0}), 1);
  EXPECT_EQ(OfDifferences({}), 1);
}

// The first from scipy.stats.permutation_test(permutation_type="samples"), of decimals whose sums tie but for rounding; the second, with as
// many pairs as are counted out, from the product of the polynomials x^d + x^-d in Python's whole numbers.
TEST(SignFlip, AgreesWithScipyAndWithPolynomials) {
  const Sample a = {5.1, 4.9, 6.2, 5.8, 6.0, 5.5, 7.1, 6.4, 5.9, 6.6}, b = {4.8, 5.0, 5.9, 5.1, 6.1, 5.2, 6.3, 6.4, 5.2, 6.0};
  EXPECT_NEAR(SignFlipPValue(a, b, {}), 0.015625, 1e-12);
  EXPECT_NEAR(OfDifferences({3, -1, 4, -1, 5, -9, 2, 6, 5, 3, 5, 8, -9, 7, 9, 3, 2, 3, 8, 4}), 0.020633697509765625, 1e-12);
}

// One pair more is drawn; a pair of next to no difference changes nothing else.
TEST(SignFlip, DrawnAndExactMeet) {
  Random random(21);
  for (int round = 0; round < 3; ++round) {
    Sample sample = NormalSample(random, 20, 0.4, 1);
    const double exact = OfDifferences(sample);
    sample.push_back(1e-9);
    const double drawn = OfDifferences(sample, {.draws = 20000, .seed = random.Next()});
    EXPECT_NEAR(drawn, exact, 4 * std::sqrt(exact * (1 - exact) / 20000) + 1e-4);
    EXPECT_NE(drawn, exact);
  }
  const Sample large(40, 1);
  EXPECT_EQ(OfDifferences(large, {.draws = 999}), 1.0 / 1000);  // never 0
  EXPECT_EQ(OfDifferences(large, {.draws = 999, .seed = 3}), OfDifferences(large, {.draws = 999, .seed = 3}));
}

TEST(SignFlip, RejectsAsOftenAsItSays) {
  constexpr int kTrials = 2000;
  for (const size_t n : {10u, 30u}) {
    const double share = Coverage(kTrials, [&](Random& random) {
      Sample sample = SkewedSample(random, n, 1);
      for (double& x : sample) x -= 1 / x;  // symmetric, with heavy tails
      return OfDifferences(sample, {.draws = 499, .seed = random.Next()}) > 0.05;
    });
    EXPECT_NEAR(share, 0.95, Slack(0.95, kTrials) + 0.002) << n;
  }
}

// statsmodels.stats.contingency_tables.mcnemar(exact=True).
TEST(McNemar, AgreesWithStatsmodels) {
  const struct {
    int64_t only_a, only_b;
    double p;
  } rows[] = {{31, 14, 0.016094360031274842},    {5, 0, 0.0625}, {7, 7, 1},
              {121, 59, 4.4344492637551645e-06}, {1, 2, 1},      {100000, 100900, 0.044886148461475976}};
  for (const auto& row : rows) {
    EXPECT_NEAR(McNemarPValue(row.only_a, row.only_b), row.p, 1e-9 * row.p) << row.only_a;
    EXPECT_EQ(McNemarPValue(row.only_a, row.only_b), McNemarPValue(row.only_b, row.only_a));
  }
  EXPECT_EQ(McNemarPValue(0, 0), 1);
  EXPECT_DOUBLE_EQ(McNemarPValue(0, 6), 2.0 / 64);
}

// Exact and discrete: at most as often as it says.
TEST(McNemar, RejectsAtMostAsOftenAsItSays) {
  constexpr int kTrials = 4000;
  const double share = Coverage(kTrials, [](Random& random) {
    int64_t only_a = 0;
    for (int i = 0; i < 60; ++i) only_a += random.Uniform() < 0.5;
    return McNemarPValue(only_a, 60 - only_a) > 0.05;
  });
  EXPECT_GE(share, 0.95 - Slack(0.95, kTrials));
  EXPECT_LE(share, 0.985);
}

}  // namespace
}  // namespace tradewind
