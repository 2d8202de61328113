// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace tradewind {
namespace {

// Printed tables (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2).
TEST(Distributions, StudentAgreesWithTables) {
  const struct {
    double degrees, at_95, at_975, at_995;
  } rows[] = {{1, 6.314, 12.706, 63.657}, {2, 2.920, 4.303, 9.925},  {5, 2.015, 2.571, 4.032},  {10, 1.812, 2.228, 3.169},
              {20, 1.725, 2.086, 2.845},  {30, 1.697, 2.042, 2.750}, {100, 1.660, 1.984, 2.626}};
  for (const auto& row : rows) {
    EXPECT_NEAR(StudentQuantile(0.95, row.degrees), row.at_95, 0.00051) << row.degrees;
    EXPECT_NEAR(StudentQuantile(0.975, row.degrees), row.at_975, 0.00051) << row.degrees;
    EXPECT_NEAR(StudentQuantile(0.995, row.degrees), row.at_995, 0.00051) << row.degrees;
  }
}

// With 1, 2 and 4 degrees of freedom the quantile has a closed form (Shaw 2006, Journal of Computational Finance 9(4)).
TEST(Distributions, StudentAgreesWithClosedForms) {
  for (double p = 0.001; p < 1; p += 0.00517) {
    const double one = std::tan(std::numbers::pi * (p - 0.5));
    const double two = (2 * p - 1) / std::sqrt(2 * p * (1 - p));
    const double a = 4 * p * (1 - p);
    const double root = std::cos(std::acos(std::sqrt(a)) / 3) / std::sqrt(a);
    const double four = std::copysign(2 * std::sqrt(root - 1), p - 0.5);
    EXPECT_NEAR(StudentQuantile(p, 1), one, 1e-10 * (1 + std::abs(one)));
    EXPECT_NEAR(StudentQuantile(p, 2), two, 1e-10 * (1 + std::abs(two)));
    EXPECT_NEAR(StudentQuantile(p, 4), four, 1e-7 * (1 + std::abs(four)));
  }
}

TEST(Distributions, StudentTendsToTheNormal) {
  for (const double p : {0.01, 0.3, 0.9, 0.999}) EXPECT_NEAR(StudentQuantile(p, 1e9), NormalQuantile(p), 1e-7);
}

// 15 digits from Abramowitz & Stegun, tables 26.1 and 26.5.
TEST(Distributions, NormalAgreesWithTables) {
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-15);
  EXPECT_NEAR(NormalQuantile(0.9), 1.28155156554460, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.975), 1.95996398454005, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.995), 2.57582930354890, 1e-12);
  EXPECT_NEAR(NormalCdf(1), 0.841344746068543, 1e-14);
  EXPECT_NEAR(NormalCdf(-3), 0.00134989803163009, 1e-14);
  for (double p = 0.0005; p < 1; p += 0.0013) EXPECT_NEAR(NormalCdf(NormalQuantile(p)), p, 1e-13);
}

// scipy.stats.binom.cdf.
TEST(Distributions, BinomialAgreesWithScipy) {
  EXPECT_NEAR(BinomialCdf(3, 10, 0.5), 0.171875, 1e-15);
  EXPECT_NEAR(BinomialCdf(40, 100, 0.35), 0.87497720012894, 1e-13);
  EXPECT_NEAR(BinomialCdf(0, 7, 0.2), 0.2097152, 1e-15);
  EXPECT_NEAR(BinomialCdf(999, 2000, 0.5), 0.49108049442707286, 1e-12);
  EXPECT_EQ(BinomialCdf(5, 5, 0.3), 1);
  for (const int64_t successes : {int64_t{-1}, int64_t{6}}) EXPECT_TRUE(std::isnan(BinomialCdf(successes, 5, 0.5)));
  EXPECT_TRUE(std::isnan(BinomialCdf(0, 0, 0.5)));
  EXPECT_TRUE(std::isnan(BinomialCdf(1, 5, 1.1)));
}

TEST(Distributions, BadArgumentsAreNan) {
  for (const double p : {0.0, 1.0, -0.1, 1.1, std::nan("")}) {
    EXPECT_TRUE(std::isnan(NormalQuantile(p))) << p;
    EXPECT_TRUE(std::isnan(StudentQuantile(p, 5))) << p;
  }
  for (const double degrees : {0.0, -1.0, std::nan("")}) EXPECT_TRUE(std::isnan(StudentQuantile(0.9, degrees)));
}

}  // namespace
}  // namespace tradewind
