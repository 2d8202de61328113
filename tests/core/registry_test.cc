// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace tradewind {
namespace {

TEST(Registry, FindsByNameAndListsInTheOrderOfNames) {
  Registry<int> registry;
  registry.Add("ttft_ms", 1);
  registry.Add("bits_per_byte", 2);
  registry.Add("tpot_ms", 3);
  ASSERT_NE(registry.Find("tpot_ms"), nullptr);
  EXPECT_EQ(*registry.Find("tpot_ms"), 3);
  EXPECT_EQ(registry.Find("tpot"), nullptr);
  std::vector<std::string> names;
  for (const auto& [name, value] : registry.All()) names.push_back(name);
  EXPECT_THAT(names, testing::ElementsAre("bits_per_byte", "tpot_ms", "ttft_ms"));
}

TEST(Registry, HoldsWhatCanOnlyBeMoved) {
  Registry<std::unique_ptr<int>> registry;
  registry.Add("a", std::make_unique<int>(7));
  EXPECT_EQ(**registry.Find("a"), 7);
}

TEST(RegistryDeathTest, ADuplicateIsABugAndSaysWhich) {
  Registry<int> registry;
  registry.Add("threads", 1);
  EXPECT_DEATH(registry.Add("threads", 2), "bug.*\"threads\" is taken");
  EXPECT_DEATH(registry.Add("", 2), "bug.*is empty");
}

}  // namespace
}  // namespace tradewind
