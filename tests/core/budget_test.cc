// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/budget.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(Budget, AnEmptyOneIsUnlimited) {
  Budget budget;
  EXPECT_TRUE(budget.Empty());
  EXPECT_EQ(budget.ToText(), "unlimited");
  EXPECT_FALSE(budget.DeadlineAt());
}

TEST(Budget, SaysWhatWasGiven) {
  Budget budget;
  budget.deadline = Duration::Seconds(2);
  budget.quality = 0.95;
  EXPECT_EQ(budget.ToText(), "deadline 2 s, quality 0.95");
  budget.ttft = Duration::Millis(200);
  budget.tpot = Duration{500'000};
  budget.memory_bytes = uint64_t{600} << 20;
  budget.energy_j = 1.5;
  budget.bandwidth_bps = 100000;
  budget.cost = 0.002;
  EXPECT_EQ(budget.ToText(),
            "deadline 2 s, TTFT 200 ms, TPOT 0.5 ms, memory 600 MiB, energy 1.5 J, bandwidth 100000 bytes/s, cost 0.002, quality 0.95");
}

TEST(Budget, NumbersReadAsTheyWereWritten) {
  const auto deadline = [](int64_t ns) {
    Budget budget;
    budget.deadline = Duration{ns};
    return budget.ToText();
  };
  EXPECT_EQ(deadline(1'100'000'000), "deadline 1.1 s");
  EXPECT_EQ(deadline(999'999'999), "deadline 999.999999 ms");
  EXPECT_EQ(deadline(0), "deadline 0 ms");
  const auto memory = [](uint64_t bytes) {
    Budget budget;
    budget.memory_bytes = bytes;
    return budget.ToText();
  };
  EXPECT_EQ(memory(uint64_t{3} << 29), "memory 1.5 GiB");
  EXPECT_EQ(memory(1023), "memory 1023 bytes");
  EXPECT_EQ(memory(1024), "memory 1 KiB");
}

TEST(Budget, TheClockStartsWhenTheRequestIsAccepted) {
  Budget budget;
  budget.accepted_at = TimePoint{5'000};
  budget.deadline = Duration{7'000};
  EXPECT_EQ(budget.DeadlineAt(), TimePoint{12'000});
}

TEST(Budget, AnyLimitMakesItNotEmpty) {
  for (int field = 0; field < 8; ++field) {
    Budget budget;
    if (field == 0) budget.deadline = Duration{1};
    if (field == 1) budget.ttft = Duration{1};
    if (field == 2) budget.tpot = Duration{1};
    if (field == 3) budget.memory_bytes = 1;
    if (field == 4) budget.energy_j = 1;
    if (field == 5) budget.bandwidth_bps = 1;
    if (field == 6) budget.cost = 1;
    if (field == 7) budget.quality = 1;
    EXPECT_FALSE(budget.Empty()) << field;
    EXPECT_NE(budget.ToText(), "unlimited") << field;
  }
}

TEST(Budget, IsReadFromText) {
  const Result<Budget> budget = Budget::Parse("tpot=0.5ms  deadline=2s memory=600MiB ttft=200ms quality=0.95");
  ASSERT_TRUE(budget) << budget.error().ToString();
  EXPECT_EQ(budget->ToText(), "deadline 2 s, TTFT 200 ms, TPOT 0.5 ms, memory 600 MiB, quality 0.95");
  EXPECT_TRUE(Budget::Parse("")->Empty());
}

TEST(Budget, WhatCannotBeReadIsNamed) {
  const auto error = [](std::string_view text) { return Budget::Parse(text).error().ToString(); };
  EXPECT_NE(error("deadlin=2s").find("\"deadlin\""), std::string::npos);
  EXPECT_NE(error("deadline=2").find("(at deadline"), std::string::npos) << error("deadline=2");
  EXPECT_NE(error("memory=-1MiB").find("(at memory"), std::string::npos) << error("memory=-1MiB");
  EXPECT_NE(error("deadline").find("no '='"), std::string::npos);
  EXPECT_NE(error("ttft=1s ttft=2s").find("twice"), std::string::npos);
  for (const char* share : {"0", "1.1", "nan", "-1", "0.5x", ""}) {
    EXPECT_NE(error(std::string("quality=") + share).find("(at quality"), std::string::npos) << share;
  }
}

}  // namespace
}  // namespace tradewind
