// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/probes.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

// Times are never judged here: only that every round was counted and the interval holds the median.
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
