// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the control groups above this process allow, v1 and v2: every group on the way up binds, so the least counts.
// Thread-safe; reads a handful of small files a call.
//
//   double cpus = ReadCgroupLimits("").cpus;
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace tradewind {

struct CgroupLimits {
  static constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();
  double cpus = 0;                               // CPU quota; 0 = none
  uint64_t memory_limit_bytes = kUnlimited;      // the least memory.max, memory.high or memory.limit_in_bytes
  uint64_t memory_available_bytes = kUnlimited;  // the least limit minus what is used and cannot be reclaimed
};

// `root` stands before /proc and /sys: empty for the machine, a folder in tests.
CgroupLimits ReadCgroupLimits(const std::string& root);

}  // namespace tradewind
