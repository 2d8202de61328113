// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/json.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(Json, BytesThatAreNoTextAreReplaced) {
  testing::internal::CaptureStdout();
  PrintJson({{"text", "a\xFF\xE2\x82"}});
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(out.back(), '\n');
  const Json back = Json::parse(out);
  EXPECT_EQ(back["text"], "a\uFFFD\uFFFD");
}

TEST(Json, ASettingKeepsItsTypes) {
  Setting setting;
  setting.Set("threads", int64_t{2});
  setting.Set("kv", std::string("q8_0"));
  setting.Set("share", 0.5);
  EXPECT_EQ(ToJson(setting).dump(), R"({"kv":"q8_0","share":0.5,"threads":2})");
}

TEST(Json, ABudgetHoldsWhatWasAsked) {
  EXPECT_EQ(ToJson(Budget{}).dump(), "{}");
  Budget budget;
  budget.deadline = Duration::Seconds(2);
  budget.tpot = Duration::Millis(20);
  budget.memory_bytes = 1 << 20;
  budget.quality = 0.95;
  EXPECT_EQ(ToJson(budget).dump(), R"({"deadline_ms":2000.0,"tpot_ms":20.0,"memory_bytes":1048576,"quality":0.95})");
}

}  // namespace
}  // namespace tradewind
