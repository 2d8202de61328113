// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/throughput.h"

#include <gtest/gtest.h>

#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

TEST(Throughput, TakesTimeByTheInstancesClock) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto real = OpenModel(path, SettingOf({{"ubatch", 16}}));
  EXPECT_GT(TimePrefill(*real, 100)->ns, 0);
  EXPECT_GT(TimeDecode(*real, 4, 20)->ns, 0);
  const VirtualClock still;
  const auto frozen = LanguageModelInstance::Open(path, {}, {}, still);
  EXPECT_EQ(TimePrefill(**frozen, 100)->ns, 0);
  EXPECT_EQ(TimeDecode(**frozen, 4, 20)->ns, 0);
}

TEST(Throughput, MoreThanTheContextIsRefused) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path, SettingOf({{"context", 64}}));
  EXPECT_TRUE(TimePrefill(*instance, 64));
  EXPECT_EQ(TimePrefill(*instance, 65).error().where(), "-c");
  EXPECT_TRUE(TimeDecode(*instance, 4, 60));
  EXPECT_EQ(TimeDecode(*instance, 4, 61).error().where(), "-c");
}

}  // namespace
}  // namespace tradewind
