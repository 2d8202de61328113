// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/expected_improvement.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "search/indicators.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;

double Gain(const Values& points, const Values& candidate, const Values& reference) {
  Values all = points;
  all.insert(all.end(), candidate.begin(), candidate.end());
  return Hypervolume(all, reference.size(), reference) - Hypervolume(points, reference.size(), reference);
}

// With nothing known yet it is a product of one-dimensional expected improvements, whose form is in every textbook.
TEST(ExpectedImprovement, OfAnEmptyFrontIsAProduct) {
  const ExpectedImprovement improvement(Values{}, 2, Values{1, 2});
  const auto ei = [](double room, double s) {
    const double z = room / s;
    return room * 0.5 * std::erfc(-z / std::sqrt(2)) + s * std::exp(-z * z / 2) / std::sqrt(2 * M_PI);
  };
  EXPECT_NEAR(improvement(Values{0.3, 2.5}, Values{0.2, 0.7}), ei(0.7, 0.2) * ei(-0.5, 0.7), 1e-14);
  EXPECT_EQ(improvement.boxes(), 1U);
}

TEST(ExpectedImprovement, WithoutDoubtIsTheImprovement) {
  Random random(4);
  for (const size_t m : {1U, 2U, 3U, 4U}) {
    for (int trial = 0; trial < 30; ++trial) {
      Values points(m * 8), candidate(m);
      for (double& x : points) x = static_cast<double>(random.Below(8)) / 7;
      for (double& x : candidate) x = static_cast<double>(random.Below(16)) / 15;
      const Values reference(m, 0.9);
      const ExpectedImprovement improvement(points, m, reference);
      EXPECT_NEAR(improvement(candidate, Values(m, 0)), Gain(points, candidate, reference), 1e-12) << m;
    }
  }
}

// Against plain Monte Carlo: within four of its standard errors.
TEST(ExpectedImprovement, IsTheMeanOfDraws) {
  Random random(5);
  for (const size_t m : {2U, 3U, 4U}) {
    for (int trial = 0; trial < 4; ++trial) {
      Values points(m * 10), means(m), deviations(m);
      for (double& x : points) x = random.Uniform();
      for (double& x : means) x = random.Uniform() * 0.6;
      for (double& x : deviations) x = 0.05 + 0.3 * random.Uniform();
      const Values reference(m, 1);
      const double before = Hypervolume(points, m, reference);
      double sum = 0, squares = 0;
      constexpr int kDraws = 10'000;
      for (int i = 0; i < kDraws; ++i) {
        Values candidate(m);
        for (size_t k = 0; k < m; ++k) candidate[k] = means[k] + deviations[k] * random.Normal();
        Values all = points;
        all.insert(all.end(), candidate.begin(), candidate.end());
        const double gain = Hypervolume(all, m, reference) - before;
        sum += gain;
        squares += gain * gain;
      }
      const double mean = sum / kDraws, error = std::sqrt((squares / kDraws - mean * mean) / kDraws);
      EXPECT_NEAR(ExpectedImprovement(points, m, reference)(means, deviations), mean, 4 * error) << m;
      EXPECT_LT(error, 0.2 * mean);
    }
  }
}

TEST(ExpectedImprovement, OneBoxAPointOfTheFrontierAndOne) {
  EXPECT_EQ(ExpectedImprovement(Values{1, 3, 2, 2, 3, 1, 3, 3, 9, 9}, 2, Values{4, 4}).boxes(), 4U);
}

}  // namespace
}  // namespace tradewind
