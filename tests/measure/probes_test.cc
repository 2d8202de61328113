// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/probes.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace tradewind {
namespace {

// Times are never judged here: only that every round was counted and the interval holds the median.
TEST(Probes, ARateIsOperationsByTime) {
  // A burst that says it did a million operations a step, and sleeps a millisecond for each.
  const Measurement m = ProbeRate(
      [](int64_t steps) {
        std::this_thread::sleep_for(std::chrono::milliseconds(steps));
        return 1'000'000 * steps;
      },
      2, 3);
  EXPECT_EQ(m.count, 3);
  EXPECT_GT(m.value, 0);
  EXPECT_LE(m.value, 2e9) << "two threads, a thousand million a second each at the most";
}

TEST(Probes, ReadBandwidthCountsWhatItRead) {
  const BandwidthProbe p = ProbeReadBandwidth(1 << 20, 2, 5);
  EXPECT_EQ(p.bytes, 1u << 20);
  EXPECT_EQ(p.threads, 2);
  EXPECT_EQ(p.gigabytes_per_s.count, 5);
  EXPECT_GT(p.gigabytes_per_s.value, 0);
  EXPECT_TRUE(p.gigabytes_per_s.interval.Contains(p.gigabytes_per_s.value));
}

TEST(Probes, ABufferThatDoesNotDivideIsReadAsFarAsItDoes) {
  EXPECT_EQ(ProbeReadBandwidth(8 * 1001, 2, 1).bytes, 8u * 1000);
}

TEST(Probes, ALineCrossesBothWays) {
  const Measurement m = ProbeCoreToCore(3);
  EXPECT_EQ(m.count, 3);
  EXPECT_GT(m.value, 0);
}

}  // namespace
}  // namespace tradewind
