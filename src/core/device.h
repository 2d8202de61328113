// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Device: where an instance runs, and the fingerprint that results are filed under. Link: what lies between two devices.
#pragma once

#include <cstdint>
#include <string>

namespace tradewind {

struct Device {
  std::string id;  // short and stable: a hash of what follows
  std::string cpu_model;
  int cpus = 0;     // allowed
  std::string isa;  // the instruction set in use: "avx2"
  uint64_t memory_bytes = 0;
  std::string origin;  // "measured" for this machine, "recorded" or "modelled" for others
};

// This machine, as this process may use it. Cached.
const Device& ThisDevice();

struct Link {
  double bandwidth_bytes_per_s = 0;
  double delay_ms = 0;
  double loss = 0;     // share of packets
  std::string origin;  // "measured", "modelled", "assumed"
};

}  // namespace tradewind
