// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The search for scales against a brute force over a fine grid of them.
#include "formats/quantize_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace tradewind {
namespace {

struct Group {
  std::vector<float> x, w;
};

double BruteErrorAt(const Group& group, double scale, double offset, Codebook codes) {
  double sum = 0;
  for (size_t i = 0; i < group.x.size(); ++i) {
    const double code = scale == 0 ? 0 : std::nearbyint((group.x[i] - offset) / scale);
    const double error = group.x[i] - offset - scale * std::clamp<double>(code, codes.lowest, codes.highest);
    sum += group.w[i] * error * error;
  }
  return sum;
}

// Four groups of 16 and the same as lanes.
struct FourGroups {
  std::vector<Group> groups;
  LaneGroups lanes;
};

FourGroups RandomGroups(int seed, float centre) {
  std::mt19937 random(static_cast<uint32_t>(seed));
  std::normal_distribution<float> normal(centre, 1);
  std::exponential_distribution<float> weight(1);
  FourGroups four;
  std::vector<float> x, w;
  for (int g = 0; g < kLanes; ++g) {
    Group group;
    for (int i = 0; i < 16; ++i) {
      group.x.push_back(normal(random));
      group.w.push_back(weight(random) + 0.1f);
    }
    x.insert(x.end(), group.x.begin(), group.x.end());
    w.insert(w.end(), group.w.begin(), group.w.end());
    four.groups.push_back(std::move(group));
  }
  LoadGroups(x.data(), w.data(), 16, &four.lanes);
  return four;
}

double Largest(const Group& group) {
  double largest = 0;
  for (const float x : group.x) largest = std::max(largest, std::fabs(static_cast<double>(x)));
  return largest;
}

TEST(FitScale, IsNearlyTheBestOfAFineGrid) {
  for (const Codebook codes : {Codebook{-4, 3}, Codebook{-8, 7}}) {
    double ours = 0, best = 0;
    for (int seed = 0; seed < 20; ++seed) {
      const FourGroups four = RandomGroups(seed, 0);
      const Lanes scale = FitScale(four.lanes, codes);
      for (int g = 0; g < kLanes; ++g) {
        const Group& group = four.groups[static_cast<size_t>(g)];
        ours += BruteErrorAt(group, scale[g], 0, codes);
        double least = BruteErrorAt(group, 0, 0, codes);
        const double reach = 1.5 * Largest(group) / codes.highest;
        for (int k = 1; k <= 2000; ++k) {
          for (const double sign : {-1.0, 1.0}) least = std::min(least, BruteErrorAt(group, sign * reach * k / 2000, 0, codes));
        }
        best += least;
      }
    }
    EXPECT_LT(ours, 1.10 * best) << codes.highest;
    EXPECT_GT(ours, 0.999 * best) << "better than the best: the brute force is wrong";
  }
}

TEST(FitScaleAndOffset, IsNearlyTheBestOfAFineGrid) {
  for (const float highest : {3.0f, 15.0f}) {
    const Codebook codes{0, highest};
    double ours = 0, best = 0;
    for (int seed = 0; seed < 5; ++seed) {
      const FourGroups four = RandomGroups(seed, 0);
      const LaneFit fit = FitScaleAndOffset(four.lanes, codes, true);
      for (int g = 0; g < kLanes; ++g) {
        const Group& group = four.groups[static_cast<size_t>(g)];
        EXPECT_LE(fit.offset[g], 0);
        EXPECT_GE(fit.scale[g], 0);
        ours += BruteErrorAt(group, fit.scale[g], fit.offset[g], codes);
        double least = 1e30;
        const double range = 2 * Largest(group);
        for (int a = 1; a <= 150; ++a) {
          for (int b = 0; b <= 150; ++b) {
            least = std::min(least, BruteErrorAt(group, 1.2 * range / highest * a / 150, -1.2 * Largest(group) * b / 150, codes));
          }
        }
        best += least;
      }
    }
    EXPECT_LT(ours, 1.10 * best) << highest;
  }
}

TEST(FitScaleAndOffset, ValuesAboveZeroNeedAFreeOffset) {
  const FourGroups four = RandomGroups(3, 20);
  const Codebook codes{0, 15};
  const LaneFit bound = FitScaleAndOffset(four.lanes, codes, true);
  const LaneFit free = FitScaleAndOffset(four.lanes, codes, false);
  for (int g = 0; g < kLanes; ++g) {
    const Group& group = four.groups[static_cast<size_t>(g)];
    EXPECT_EQ(bound.offset[g], 0);
    EXPECT_LT(BruteErrorAt(group, free.scale[g], free.offset[g], codes), BruteErrorAt(group, bound.scale[g], 0, codes) / 4);
  }
}

TEST(ErrorOf, IsTheErrorOfTheNearestCodes) {
  const FourGroups four = RandomGroups(7, 0);
  const Codebook codes{0, 15};
  const LaneFit fit{Lanes{0.3f, 0.25f, 0.4f, 0.0f}, Lanes{-2.0f, -1.5f, -2.5f, -0.5f}};
  const Lanes error = ErrorOf(four.lanes, fit, SumsOf(four.lanes, fit, codes));
  uint8_t nearest[64];
  NearestCodes(four.lanes, fit, codes, nearest);
  for (int g = 0; g < kLanes; ++g) {
    const Group& group = four.groups[static_cast<size_t>(g)];
    const double expected = BruteErrorAt(group, fit.scale[g], fit.offset[g], codes);
    EXPECT_NEAR(error[g], expected, 1e-4 * expected + 1e-4);
    double sum = 0;
    for (size_t i = 0; i < 16; ++i) {
      const double e = group.x[i] - fit.offset[g] - fit.scale[g] * nearest[static_cast<size_t>(g) * 16 + i];
      sum += group.w[i] * e * e;
    }
    EXPECT_NEAR(sum, expected, 1e-4 * expected);
  }
}

}  // namespace
}  // namespace tradewind
