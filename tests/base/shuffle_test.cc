// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/shuffle.h"

#include <gtest/gtest.h>

#include <map>

namespace tradewind {
namespace {

TEST(Shuffle, EachOrderComesEquallyOften) {
  constexpr int kDraws = 24000;
  Random random(7);
  std::map<std::vector<int>, int> seen;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::vector<int> values = {1, 2, 3, 4};
    Shuffle(values, random);
    ++seen[values];
  }
  EXPECT_EQ(seen.size(), 24u);
  double distance = 0;  // chi-squared with 23 degrees of freedom: 56 is passed once in 7,000 seeds
  for (const auto& [order, count] : seen) distance += (count - kDraws / 24.0) * (count - kDraws / 24.0) / (kDraws / 24.0);
  EXPECT_LT(distance, 56);
}

TEST(Shuffle, LeavesNothingAndOneAlone) {
  Random random(1);
  Random untouched(1);
  std::vector<int> none;
  std::vector<int> one = {5};
  Shuffle(none, random);
  Shuffle(one, random);
  EXPECT_EQ(one, std::vector<int>{5});
  EXPECT_EQ(random.Next(), untouched.Next());
}

}  // namespace
}  // namespace tradewind
