// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace tradewind {
namespace {

// From a second implementation (Python) that reproduces the published vectors of both halves: splitmix64 from 1234567 begins with
// 6457827717110365317, and xoshiro256** from the state {1, 2, 3, 4} with 11520, 0, 1509978240, 1215971899390074240.
TEST(Random, StreamIsTheSameEverywhere) {
  const uint64_t of_zero[] = {11091344671253066420u, 13793997310169335082u, 1900383378846508768u, 7684712102626143532u};
  const uint64_t of_digits[] = {3504822795582309479u, 1819558768956484042u, 1250851346055027673u, 16940231675099994102u};
  Random zero(0), digits(1234567);
  for (const uint64_t expected : of_zero) EXPECT_EQ(zero.Next(), expected);
  for (const uint64_t expected : of_digits) EXPECT_EQ(digits.Next(), expected);
}

TEST(Random, UniformIsInsideAndEven) {
  Random random(3);
  std::vector<int> bins(100, 0);
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.Uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    ++bins[static_cast<size_t>(u * 100)];
  }
  double chi_square = 0;
  for (const int n : bins) chi_square += (n - 1000.0) * (n - 1000.0) / 1000.0;
  EXPECT_LT(chi_square, 148.2);  // 99.9 % of chi-square with 99 degrees of freedom (tables)
  EXPECT_GT(chi_square, 61.1);   // 0.1 %
}

TEST(Random, BelowIsInsideAndEven) {
  Random random(4);
  for (const uint64_t n : {uint64_t{1}, uint64_t{2}, uint64_t{7}, uint64_t{1} << 63, (uint64_t{1} << 63) + 1, UINT64_MAX}) {
    for (int i = 0; i < 100; ++i) ASSERT_LT(random.Below(n), n);
  }
  std::vector<int> bins(7, 0);
  for (int i = 0; i < 70000; ++i) ++bins[random.Below(7)];
  double chi_square = 0;
  for (const int n : bins) chi_square += (n - 10000.0) * (n - 10000.0) / 10000.0;
  EXPECT_LT(chi_square, 22.46);  // 99.9 % with 6 degrees of freedom
}

// Plain Next() % n with n = 3 * 2^62 would give the lower third of the range half of all draws.
TEST(Random, BelowHasNoModuloBias) {
  Random random(5);
  constexpr uint64_t kN = uint64_t{3} << 62;
  int lower = 0;
  for (int i = 0; i < 30000; ++i) lower += random.Below(kN) < kN / 3;
  EXPECT_NEAR(lower, 10000, 4 * std::sqrt(30000 * (1.0 / 3) * (2.0 / 3)));
}

// Kolmogorov-Smirnov against the normal distribution; 1.95 / sqrt(n) is its 99.9 % point.
TEST(Random, NormalIsNormal) {
  Random random(6);
  std::vector<double> draws(20000);
  for (double& x : draws) x = random.Normal();
  std::sort(draws.begin(), draws.end());
  double distance = 0;
  const auto n = static_cast<double>(draws.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    const double cdf = 0.5 * std::erfc(-draws[i] / std::sqrt(2.0));
    distance = std::max({distance, std::abs(cdf - static_cast<double>(i) / n), std::abs(cdf - static_cast<double>(i + 1) / n)});
  }
  EXPECT_LT(distance, 1.95 / std::sqrt(n));
}

TEST(Random, SeedsGiveDifferentStreams) {
  Random a(1), b(2), again(1);
  int equal = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t x = a.Next();
    EXPECT_EQ(x, again.Next());
    equal += x == b.Next();
  }
  EXPECT_EQ(equal, 0);
}

}  // namespace
}  // namespace tradewind
