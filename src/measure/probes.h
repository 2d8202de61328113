// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Probes of the machine: read bandwidth, rates of arithmetic, and how long a cache line takes between two cores. Each takes well under a
// second.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/metric.h"

namespace tradewind {

struct BandwidthProbe {
  uint64_t bytes = 0;  // of the buffer that is read
  int threads = 0;
  Measurement gigabytes_per_s;  // median of the rounds with a 95 % interval
};

// Reads a buffer of this size over and over, a contiguous part by each thread, by `read`, or by adding up its 64-bit words.
using BufferReader = void (*)(const std::byte* data, int64_t bytes);
BandwidthProbe ProbeReadBandwidth(uint64_t bytes, int threads, int rounds, BufferReader read = nullptr);

// Operations per second of all threads together: `burst` does a number of steps and says how many operations they were. Median of rounds.
using Burst = int64_t (*)(int64_t steps);
Measurement ProbeRate(Burst burst, int threads, int rounds);

// One way of a cache line between two threads, in nanoseconds: half of a round trip, median of rounds.
Measurement ProbeCoreToCore(int rounds);

}  // namespace tradewind
