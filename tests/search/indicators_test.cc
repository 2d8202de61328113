// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/indicators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "learn/sequence.h"
#include "pymoo_numbers.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;

// By inclusion and exclusion over all subsets of at most some ten points.
double ByInclusion(const Values& points, size_t m, const Values& reference) {
  const size_t n = points.size() / m;
  double volume = 0;
  for (uint32_t subset = 1; subset < (1U << n); ++subset) {
    double box = 1;
    for (size_t k = 0; k < m; ++k) {
      double corner = -1e300;
      for (size_t i = 0; i < n; ++i) {
        if (subset >> i & 1U) corner = std::max(corner, points[i * m + k]);
      }
      box *= std::max(reference[k] - corner, 0.0);
    }
    volume += __builtin_popcount(subset) % 2 == 1 ? box : -box;
  }
  return volume;
}

TEST(Indicators, HypervolumeOfSteps) {
  EXPECT_DOUBLE_EQ(Hypervolume(Values{1, 3, 2, 2, 3, 1}, 2, Values{4, 4}), 6);
  EXPECT_DOUBLE_EQ(Hypervolume(Values{1, 3, 2, 2, 3, 1, 3, 3, 5, 0, 0, 4}, 2, Values{4, 4}), 6);  // dominated, and outside
  EXPECT_DOUBLE_EQ(Hypervolume(Values{2, 1, 7}, 1, Values{4}), 3);
  EXPECT_DOUBLE_EQ(Hypervolume(Values{}, 3, Values{1, 1, 1}), 0);
  EXPECT_DOUBLE_EQ(Hypervolume(Values{0, 0, 0, 0, 0}, 5, Values{2, 2, 2, 2, 2}), 32);
}

TEST(Indicators, HypervolumeIsInclusionAndExclusions) {
  Random random(1);
  for (const size_t m : {1U, 2U, 3U, 4U, 5U, 7U}) {
    for (int trial = 0; trial < 40; ++trial) {
      Values points(m * (1 + random.Below(9)));
      // Few values: many ties and equal points.
      for (double& x : points) x = trial % 2 == 0 ? random.Uniform() : static_cast<double>(random.Below(4)) / 3;
      const Values reference(m, 0.95);
      EXPECT_NEAR(Hypervolume(points, m, reference), ByInclusion(points, m, reference), 1e-12) << m;
    }
  }
}

TEST(Indicators, HypervolumeIsPymoos) {
  for (uint32_t m = 2; m <= 6; ++m) {
    EXPECT_NEAR(Hypervolume(Sequence(m).Draw(40 * m), m, Values(m, 0.9)), reference::kVolumes[m - 2], 1e-12) << m;
  }
}

TEST(Indicators, ExclusiveIsWhatIsLostWithout) {
  Random random(2);
  for (const size_t m : {1U, 2U, 3U, 4U, 5U}) {
    Values points(m * 25);
    for (double& x : points) x = static_cast<double>(random.Below(20)) / 20;
    const Values reference(m, 1);
    const Values exclusive = ExclusiveHypervolumes(points, m, reference);
    for (size_t i = 0; i < 25; ++i) {
      Values others = points;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i * m), others.begin() + static_cast<std::ptrdiff_t>((i + 1) * m));
      EXPECT_NEAR(exclusive[i], Hypervolume(points, m, reference) - Hypervolume(others, m, reference), 1e-12);
    }
  }
}

TEST(Indicators, IgdPlusIsPymoos) {
  for (uint32_t m = 2; m <= 6; ++m) {
    EXPECT_NEAR(IgdPlus(Sequence(m).Draw(40 * m), m, Sequence(50 + m).Draw(15 * m)), reference::kIgdPlus[m - 2], 1e-12) << m;
  }
  EXPECT_DOUBLE_EQ(IgdPlus(Values{4, 0}, 2, Values{1, 4}), 3);  // 3 worse in the first; that it is 4 better in the second does not count
}

// By its meaning: shifted by epsilon the points dominate the front, by a little less they do not.
TEST(Indicators, EpsilonIsTheLeastShift) {
  EXPECT_DOUBLE_EQ(AdditiveEpsilon(Values{1, 5}, 2, Values{0, 4, 3, 3}), 2);
  EXPECT_DOUBLE_EQ(AdditiveEpsilon(Values{0, 0}, 2, Values{1, 2}), -1);
  for (const uint32_t m : {2U, 3U, 5U}) {
    const Values points = Sequence(m).Draw(20 * m), front = Sequence(m + 9).Draw(10 * m);
    const double epsilon = AdditiveEpsilon(points, m, front);
    const auto covers = [&](double shift) {
      for (size_t i = 0; i < front.size(); i += m) {
        bool any = false;
        for (size_t j = 0; j < points.size(); j += m) {
          bool all = true;
          for (size_t k = 0; k < m; ++k) all = all && points[j + k] - shift <= front[i + k];
          any = any || all;
        }
        if (!any) return false;
      }
      return true;
    };
    EXPECT_TRUE(covers(epsilon + 1e-9));
    EXPECT_FALSE(covers(epsilon - 1e-9));
  }
}

TEST(Indicators, RanksArePymoos) {
  EXPECT_EQ(NonDominatedRanks(Sequence(102).Draw(120), 2), reference::kRanks2);
  EXPECT_EQ(NonDominatedRanks(Sequence(103).Draw(180), 3), reference::kRanks3);
}

// With ties and equal points: peeled off front by front as the definition says.
TEST(Indicators, RanksAreThePeeledFronts) {
  Random random(3);
  for (const size_t m : {1U, 2U, 3U, 4U}) {
    Values points(m * 60);
    for (double& x : points) x = static_cast<double>(random.Below(6));
    std::vector<uint32_t> expected(60, 99);
    for (uint32_t rank = 0; std::count(expected.begin(), expected.end(), 99U) > 0; ++rank) {
      std::vector<size_t> front;
      for (size_t i = 0; i < 60; ++i) {
        bool dominated = expected[i] != 99;
        for (size_t j = 0; j < 60 && !dominated; ++j) {
          if (expected[j] != 99) continue;
          bool no_worse = true, better = false;
          for (size_t k = 0; k < m; ++k) {
            no_worse = no_worse && points[j * m + k] <= points[i * m + k];
            better = better || points[j * m + k] < points[i * m + k];
          }
          dominated = no_worse && better;
        }
        if (!dominated) front.push_back(i);
      }
      for (const size_t i : front) expected[i] = rank;
    }
    EXPECT_EQ(NonDominatedRanks(points, m), expected) << m;
    for (const size_t i : NonDominated(points, m)) EXPECT_EQ(expected[i], 0U);
  }
}

TEST(Indicators, CrowdingIsPymoos) {  // which divides by the number of objectives
  const Values ours = CrowdingDistances(Sequence(200).Draw(24), 2);
  for (size_t i = 0; i < 12; ++i) {
    if (std::isinf(ours[i])) {
      EXPECT_EQ(reference::kCrowding[i], 1e300);
    } else {
      EXPECT_NEAR(ours[i] / 2, reference::kCrowding[i], 1e-12);
    }
  }
  EXPECT_THAT(CrowdingDistances(Values{0, 4, 1, 3, 4, 0}, 2), testing::ElementsAre(testing::Gt(1e300), 2.0, testing::Gt(1e300)));
}

}  // namespace
}  // namespace tradewind
