// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/shaper.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TimePoint At_ms(double ms) {
  return TimePoint{} + Duration::Millis(ms);
}

TEST(Shaper, ArrivesAfterItsBytesAndTheDelay) {
  Shaper shaper({.bandwidth_bytes_per_s = 100'000, .delay_ms = 20});
  EXPECT_EQ(shaper.Arrival(At_ms(5), 1000), At_ms(5 + 10 + 20));
  EXPECT_EQ(shaper.Arrival(At_ms(5), 2000), At_ms(5 + 30 + 20)) << "waits for the first to be sent";
  EXPECT_EQ(shaper.Arrival(At_ms(100), 1000), At_ms(130)) << "an idle link saves nothing up";
}

TEST(Shaper, PacketsOfAStreamComeWhenItsBytesHaveCome) {
  for (const double rate : {2e4, 6.25e5, 1.25e7}) {
    Shaper whole({.bandwidth_bytes_per_s = rate, .delay_ms = 3}), cut = whole;
    const TimePoint last = whole.Arrival(At_ms(1), 50'000);
    TimePoint arrival{};
    for (int64_t left = 50'000; left > 0; left -= cut.packet_bytes())
      arrival = cut.Arrival(At_ms(1), std::min<int64_t>(left, cut.packet_bytes()));
    EXPECT_NEAR((arrival - last).ms(), 0, 1e-3) << rate;
    EXPECT_GE(cut.packet_bytes(), 1460);
    EXPECT_LE(cut.packet_bytes(), 65'536);
  }
}

// A packet goes out 1 / (1 - loss) times on average, and none overtakes another.
TEST(Shaper, LossCostsRateAndKeepsTheOrder) {
  Shaper shaper({.bandwidth_bytes_per_s = 1e6, .delay_ms = 1, .loss = 0.2});
  TimePoint last{};
  constexpr int kPackets = 20'000;
  for (int i = 0; i < kPackets; ++i) {
    const TimePoint arrival = shaper.Arrival(At_ms(0), 1000);
    ASSERT_GE(arrival, last);
    last = arrival;
  }
  // Standard deviation of a geometric count with p = 0.8: 0.56 a packet, 79 of all of them.
  EXPECT_NEAR((last - At_ms(0)).ms(), kPackets / 0.8, 5 * 79 + 10);
}

TEST(Shaper, AsMuchAsTheSeedLoses) {
  const auto last = [](uint64_t seed) {
    Shaper shaper({.bandwidth_bytes_per_s = 1e6, .delay_ms = 1, .loss = 0.1}, seed);
    TimePoint arrival{};
    for (int i = 0; i < 100; ++i) arrival = shaper.Arrival(At_ms(0), 1000);
    return arrival;
  };
  EXPECT_EQ(last(3), last(3));
  EXPECT_NE(last(3), last(4));
}

TEST(Shaper, ALinkWithoutLimitsTakesNoTime) {
  Shaper shaper(Link{});
  EXPECT_TRUE(shaper.immediate());
  EXPECT_EQ(shaper.Arrival(At_ms(7), 1 << 20), At_ms(7));
}

TEST(Shaper, LinksThatCannotBe) {
  EXPECT_TRUE(CheckLink({}));
  EXPECT_TRUE(CheckLink({.bandwidth_bytes_per_s = 125'000, .delay_ms = 50, .loss = 0.01}));
  EXPECT_EQ(CheckLink({.bandwidth_bytes_per_s = 1}).error().where(), "bandwidth");
  EXPECT_EQ(CheckLink({.bandwidth_bytes_per_s = -5}).error().where(), "bandwidth");
  EXPECT_EQ(CheckLink({.delay_ms = -1}).error().where(), "delay");
  EXPECT_EQ(CheckLink({.loss = 0.95}).error().where(), "loss");
}

}  // namespace
}  // namespace tradewind
