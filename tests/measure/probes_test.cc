// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/probes.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

// What holds of any machine: a figure inside its interval, of as many rounds as asked for.
void ExpectSound(const Measurement& m, int64_t rounds) {
  EXPECT_EQ(m.count, rounds);
  EXPECT_GT(m.interval.low, 0);
  EXPECT_LE(m.interval.low, m.value);
  EXPECT_GE(m.interval.high, m.value);
}

TEST(Probes, ReadBandwidthSaysWhatItRead) {
  for (const int threads : {1, 2, 3}) {
    const BandwidthProbe probe = ProbeReadBandwidth(1 << 20, threads, 5);
    EXPECT_EQ(probe.threads, threads);
    EXPECT_LE(probe.bytes, uint64_t{1} << 20);
    EXPECT_GT(probe.bytes, (uint64_t{1} << 20) - 8 * 8 * 3);
    EXPECT_EQ(probe.gigabytes_per_s.metric, "read_bandwidth_gb_per_s");
    ExpectSound(probe.gigabytes_per_s, 5);
  }
}

TEST(Probes, CoreToCore) {
  const Measurement m = ProbeCoreToCore(3);
  EXPECT_EQ(m.metric, "core_to_core_ns");
  ExpectSound(m, 3);
}

}  // namespace
}  // namespace tradewind
