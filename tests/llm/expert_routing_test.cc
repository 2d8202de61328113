// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/expert_routing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tradewind {
namespace {

std::vector<ExpertChoice> Choose(std::vector<float> logits, int64_t used, bool renormalise) {
  FeedForwardSpec spec;
  spec.experts = static_cast<int64_t>(logits.size());
  spec.used_experts = used;
  spec.renormalise = renormalise;
  std::vector<ExpertChoice> chosen(static_cast<size_t>(used));
  ChooseExperts(spec, logits.data(), chosen);
  return chosen;
}

TEST(ExpertRouting, TheLikeliestInAscendingOrder) {
  const std::vector<ExpertChoice> chosen = Choose({0, std::log(4.0f), std::log(1.0f), std::log(2.0f)}, 2, false);  // 1 4 1 2 of 8
  EXPECT_EQ(chosen[0].expert, 1);
  EXPECT_EQ(chosen[1].expert, 3);
  EXPECT_NEAR(chosen[0].weight, 0.5, 1e-6);
  EXPECT_NEAR(chosen[1].weight, 0.25, 1e-6);
  const std::vector<ExpertChoice> whole = Choose({0, std::log(4.0f), std::log(1.0f), std::log(2.0f)}, 2, true);
  EXPECT_NEAR(whole[0].weight, 2.0 / 3, 1e-6);
  EXPECT_NEAR(whole[1].weight, 1.0 / 3, 1e-6);
}

TEST(ExpertRouting, TiesGoToTheLowerExpert) {
  const std::vector<ExpertChoice> chosen = Choose({1, 2, 2, 2, 1}, 2, false);
  EXPECT_EQ(chosen[0].expert, 1);
  EXPECT_EQ(chosen[1].expert, 2);
}

TEST(ExpertRouting, LogitsThatAreNoNumberChooseExpertsThatExist) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const ExpertChoice& choice : Choose({nan, 1, nan, -std::numeric_limits<float>::infinity()}, 4, true)) {
    EXPECT_GE(choice.expert, 0);
    EXPECT_LT(choice.expert, 4);
  }
}

TEST(ExpertRouting, RowsAreGroupedByExpertInTheirOrder) {
  const std::vector<ExpertChoice> choices = {{0, 1}, {2, 1}, {1, 1}, {2, 1}, {0, 1}, {1, 1}};  // of three rows, two each
  ExpertGroups groups;
  GroupByExpert(choices, 4, 2, groups);
  EXPECT_EQ(groups.first, (std::vector<int64_t>{0, 2, 4, 6, 6}));
  EXPECT_EQ(groups.row, (std::vector<int64_t>{0, 2, 1, 2, 0, 1}));
  EXPECT_EQ(groups.place, (std::vector<int64_t>{0, 4, 2, 5, 1, 3}));
}

}  // namespace
}  // namespace tradewind
