// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "simulation.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;
constexpr CorrelationKind kKinds[] = {CorrelationKind::kPearson, CorrelationKind::kSpearman, CorrelationKind::kKendall};

double Value(const Sample& a, const Sample& b, CorrelationKind kind) {
  return Correlation(a, b, kind, 0.95).value;
}

// scipy.stats pearsonr, spearmanr, kendalltau and pearsonr(...).confidence_interval, of data with ties in both samples.
TEST(Correlation, AgreesWithScipy) {
  const Sample a = {17.2, 3.1, 9.4, 9.4, 25.0, 1.7, 12.8, 6.6, 6.6, 30.5, 14.1, 2.2};
  const Sample b = {2.0, 0.7, 1.1, 1.9, 2.4, 0.7, 2.4, 1.3, 0.9, 2.2, 2.4, 1.0};
  EXPECT_NEAR(Value(a, b, CorrelationKind::kPearson), 0.7946347870538213, 1e-14);
  EXPECT_NEAR(Value(a, b, CorrelationKind::kSpearman), 0.860189117012483, 1e-14);
  EXPECT_NEAR(Value(a, b, CorrelationKind::kKendall), 0.6985006985010478, 1e-14);
  const Interval at_95 = Correlation(a, b, CorrelationKind::kPearson, 0.95).interval;
  EXPECT_NEAR(at_95.low, 0.4057909743542172, 1e-12);
  EXPECT_NEAR(at_95.high, 0.9399016142484435, 1e-12);
}

// Whole numbers with many ties, of a linear congruential generator that Python was given too.
TEST(Correlation, AgreesWithScipyWithManyTies) {
  Sample raw;
  for (int64_t i = 0, state = 12345; i < 400; ++i) {
    state = (state * 1103515245 + 12345) % (int64_t{1} << 31);
    raw.push_back(static_cast<double>((state >> 16) % 23));
  }
  const Sample a(raw.begin(), raw.begin() + 200);
  Sample b(raw.begin() + 200, raw.end());
  for (size_t i = 0; i < b.size(); ++i) b[i] = std::fmod(a[i] + b[i], 29);
  EXPECT_NEAR(Value(a, b, CorrelationKind::kPearson), -0.01866281923628018, 1e-14);
  EXPECT_NEAR(Value(a, b, CorrelationKind::kSpearman), 0.010469333762623701, 1e-14);
  EXPECT_NEAR(Value(a, b, CorrelationKind::kKendall), 0.02039554826509567, 1e-14);
}

// Kendall's definition: all pairs compared, ties left out of the numerator and of each sample's root.
TEST(Correlation, KendallAgreesWithAllPairs) {
  Random random(11);
  for (int round = 0; round < 100; ++round) {
    Sample a(2 + random.Below(40)), b(a.size());
    for (double& x : a) x = static_cast<double>(random.Below(12));
    for (double& x : b) x = static_cast<double>(random.Below(6));
    double order = 0, apart_a = 0, apart_b = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        order += (a[i] < a[j] ? -1 : a[i] > a[j]) * (b[i] < b[j] ? -1 : b[i] > b[j]);
        apart_a += a[i] != a[j];
        apart_b += b[i] != b[j];
      }
    }
    if (apart_a == 0 || apart_b == 0) continue;
    EXPECT_NEAR(Value(a, b, CorrelationKind::kKendall), order / std::sqrt(apart_a * apart_b), 1e-13);
  }
}

TEST(Correlation, RanksDoNotSeeARisingFunction) {
  Random random(12);
  const Sample a = NormalSample(random, 50, 0, 1);
  Sample b = a, risen = a;
  for (double& x : b) x += random.Normal();
  for (double& x : risen) x = std::exp(3 * x);
  EXPECT_DOUBLE_EQ(Value(a, b, CorrelationKind::kSpearman), Value(risen, b, CorrelationKind::kSpearman));
  EXPECT_DOUBLE_EQ(Value(a, b, CorrelationKind::kKendall), Value(risen, b, CorrelationKind::kKendall));
  EXPECT_NE(Value(a, b, CorrelationKind::kPearson), Value(risen, b, CorrelationKind::kPearson));
  for (const CorrelationKind kind : kKinds) {
    const CorrelationEstimate one_way = Correlation(a, b, kind, 0.9), other_way = Correlation(b, a, kind, 0.9);
    EXPECT_NEAR(one_way.value, other_way.value, 1e-14);
    for (double& x : b) x = -x;
    EXPECT_NEAR(Correlation(a, b, kind, 0.9).interval.low, -one_way.interval.high, 1e-12);
    for (double& x : b) x = -x;
  }
}

// Bonett & Wright's variances at a value of 1/2 exactly.
TEST(Correlation, IntervalsByHand) {
  const Sample a = {1, 2, 3, 4, 5, 6, 7, 8, 9}, b = {1, 7, 2, 3, 5, 9, 4, 8, 6};
  const CorrelationEstimate rho = Correlation(a, b, CorrelationKind::kSpearman, 0.95);
  const double reach = 1.959963984540054 * std::sqrt((1 + rho.value * rho.value / 2) / 6);
  EXPECT_NEAR(rho.value, 1 - 6.0 * (25 + 1 + 1 + 9 + 9 + 9) / (9 * 80), 1e-14);
  EXPECT_NEAR(rho.interval.low, std::tanh(std::atanh(rho.value) - reach), 1e-12);
  const CorrelationEstimate tau = Correlation(a, b, CorrelationKind::kKendall, 0.95);
  EXPECT_NEAR(tau.value, 1 - 2.0 * 10 / 36, 1e-14);  // five pairs with the 7, three with the 9, 5 before 4, 8 before 6
  EXPECT_NEAR(tau.interval.high, std::tanh(std::atanh(tau.value) + 1.959963984540054 * std::sqrt(0.437 / 5)), 1e-12);
}

TEST(Correlation, AgreementSeenIsNoProof) {
  const Sample a = {1, 2, 3, 4, 5, 6, 7, 8}, down = {8, 7, 6, 5, 4, 3, 2, 1};
  for (const CorrelationKind kind : {CorrelationKind::kSpearman, CorrelationKind::kKendall}) {
    const CorrelationEstimate up = Correlation(a, a, kind, 0.95);
    EXPECT_NEAR(up.value, 1, 1e-15);
    EXPECT_EQ(up.interval.high, 1);
    EXPECT_LT(up.interval.low, 0.97);
    EXPECT_GT(up.interval.low, 0.8);
    EXPECT_EQ(Correlation(a, down, kind, 0.95).interval.low, -1);
  }
}

TEST(Correlation, TooLittleDataSaysSo) {
  for (const CorrelationKind kind : kKinds) {
    EXPECT_EQ(Correlation(Sample{1, 2, 3}, Sample{1, 3, 2}, kind, 0.95).interval, (Interval{-1, 1, 0.95}));
    EXPECT_FALSE(std::isnan(Value({1, 2, 3}, {1, 3, 2}, kind)));
    EXPECT_TRUE(std::isnan(Value({1, 2, 3}, {5, 5, 5}, kind)));
    EXPECT_TRUE(std::isnan(Value({1}, {2}, kind)));
    EXPECT_TRUE(std::isnan(Value({}, {}, kind)));
    EXPECT_TRUE(std::isnan(Value({1, 2, NAN, 4}, {1, 2, 3, 4}, kind)));
    EXPECT_TRUE(std::isnan(Value({1, 2, 3, 4}, {1, 2, INFINITY, 4}, kind)));
  }
  EXPECT_NEAR(Value({1e300, 2e300, 3e300}, {1e-300, 2e-300, 4e-300}, CorrelationKind::kPearson), 0.98198050606196563, 1e-12);
}

TEST(Correlation, MidRanksShareTies) {
  EXPECT_EQ(MidRanks(Sample{30, 10, 20, 10, 10}), (Sample{5, 2, 4, 2, 2}));
  EXPECT_EQ(MidRanks(Sample{}), Sample{});
}

void NormalPairs(Random& random, double r, Sample& a, Sample& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = random.Normal();
    b[i] = r * a[i] + std::sqrt(1 - r * r) * random.Normal();
  }
}

// Of normal pairs with correlation r, Spearman's is 6/pi asin(r/2) and Kendall's 2/pi asin(r) (Kendall & Gibbons 1990).
TEST(Correlation, IntervalsCoverAsOftenAsTheySay) {
  constexpr int kTrials = 2000;
  for (const CorrelationKind kind : kKinds) {
    for (const double r : {0.0, 0.6, 0.9}) {
      const double truth = kind == CorrelationKind::kPearson    ? r
                           : kind == CorrelationKind::kSpearman ? 6 / std::numbers::pi * std::asin(r / 2)
                                                                : 2 / std::numbers::pi * std::asin(r);
      for (const size_t n : {10u, 50u}) {
        Sample a(n), b(n);
        const double share = Coverage(kTrials, [&](Random& random) {
          NormalPairs(random, r, a, b);
          return Correlation(a, b, kind, 0.95).interval.Contains(truth);
        });
        // The approximations are for many pairs: ten fall short, most for a strong correlation.
        EXPECT_GE(share, 0.95 - Slack(0.95, kTrials) - (n < 20 ? 0.03 : 0.015)) << static_cast<int>(kind) << " " << r << " " << n;
        EXPECT_LE(share, 0.95 + Slack(0.95, kTrials) + 0.02) << static_cast<int>(kind) << " " << r << " " << n;
      }
    }
  }
}

// Values cut at their quartiles, as answers on a scale of four: the true values are sums over the cells of the table (r = 0.6).
TEST(Correlation, ManyTiesCostSomeCoverage) {
  constexpr int kTrials = 2000;
  const auto cut = [](double x) { return (x > -0.6744897501960817) + (x > 0) + (x > 0.6744897501960817) + 0.0; };
  Sample a(40), b(40);
  for (const CorrelationKind kind : {CorrelationKind::kSpearman, CorrelationKind::kKendall}) {
    const double share = Coverage(kTrials, [&](Random& random) {
      NormalPairs(random, 0.6, a, b);
      for (double& x : a) x = cut(x);
      for (double& x : b) x = cut(x);
      return Correlation(a, b, kind, 0.95).interval.Contains(kind == CorrelationKind::kKendall ? 0.4537124823537 : 0.5309449102731);
    });
    // With four values a side it falls short: the header says so.
    EXPECT_NEAR(share, 0.91, 0.05) << static_cast<int>(kind);
  }
}

}  // namespace
}  // namespace tradewind
