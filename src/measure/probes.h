// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Probes of the machine: read bandwidth and how long a cache line takes between two cores. Each takes well under a second.
#pragma once

#include <cstdint>

#include "core/metric.h"

namespace tradewind {

struct BandwidthProbe {
  uint64_t bytes = 0;  // of the buffer that is read
  int threads = 0;
  Measurement gigabytes_per_s;  // median of the rounds with a 95 % interval
};

// Reads a buffer of this size over and over, a contiguous part by each thread, adding up its 64-bit words.
BandwidthProbe ProbeReadBandwidth(uint64_t bytes, int threads, int rounds);

// One way of a cache line between two threads, in nanoseconds: half of a round trip, median of rounds.
Measurement ProbeCoreToCore(int rounds);

}  // namespace tradewind
