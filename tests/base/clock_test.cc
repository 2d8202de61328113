// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <gtest/gtest.h>
#include <time.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace tradewind {
namespace {

int64_t BootTimeNs() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

TEST(Clock, DurationsConvert) {
  EXPECT_EQ(Duration::Millis(1.5).ns, 1'500'000);
  EXPECT_EQ(Duration::Seconds(2).ns, 2'000'000'000);
  EXPECT_DOUBLE_EQ(Duration{2'500'000}.ms(), 2.5);
  EXPECT_DOUBLE_EQ(Duration{2'500'000'000}.seconds(), 2.5);
  EXPECT_EQ((Duration{5} + Duration{7} - Duration{2}).ns, 10);
  EXPECT_LT(TimePoint{1}, TimePoint{1} + Duration{1});
}

TEST(Clock, DurationsComeBackFromTheirNumbers) {
  for (const int64_t ns : {int64_t{1}, int64_t{5'400'000}, int64_t{-5'400'000}, int64_t{123'456'789}, int64_t{999'999'999'999'999}}) {
    EXPECT_EQ(Duration::Millis(Duration{ns}.ms()).ns, ns);
    EXPECT_EQ(Duration::Seconds(Duration{ns}.seconds()).ns, ns);
  }
  EXPECT_EQ(Duration::Millis(5.3999999999999995).ns, 5'400'000);
}

TEST(Clock, RealClockNeverGoesBackAndCountsFromBoot) {
  TimePoint last = RealClock().Now();
  for (int i = 0; i < 10000; ++i) {
    const TimePoint now = RealClock().Now();
    ASSERT_GE(now, last);
    last = now;
  }
  const int64_t before = BootTimeNs();
  const int64_t ours = RealClock().Now().ns;
  EXPECT_LE(before, ours);
  EXPECT_GE(BootTimeNs(), ours);
}

TEST(Clock, ProcessStartLiesBetweenBootAndNow) {
  const TimePoint start = ProcessStart();
  EXPECT_GT(start.ns, 0);
  EXPECT_LE(start, RealClock().Now());
  EXPECT_EQ(start, ProcessStart());
}

TEST(ClockDeathTest, ProcessStartOfAFreshProcessIsWhenItWasStarted) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // runs this test in a new process, which starts after `before`
  const char* name = "TRADEWIND_TEST_STARTED_AFTER";
  if (!std::getenv(name)) setenv(name, std::to_string(RealClock().Now().ns).c_str(), 1);
  EXPECT_EXIT(
      {
        constexpr int64_t kTick = 10'000'000;  // the kernel rounds down to a clock tick
        const int64_t before = std::atoll(std::getenv(name));
        std::exit(ProcessStart().ns >= before - kTick && ProcessStart() <= RealClock().Now() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
  unsetenv(name);
}

TEST(Clock, VirtualClockMovesOnlyWhenTold) {
  VirtualClock clock;
  EXPECT_EQ(clock.Now().ns, 0);
  clock.Advance(Duration::Millis(3));
  EXPECT_EQ(clock.Now().ns, 3'000'000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) clock.Advance({1});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(clock.Now().ns, 3'004'000);
}

}  // namespace
}  // namespace tradewind
