// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What every long transfer shares with its caller: progress out, and the wish to stop in. Both are called on the thread that
// runs the transfer, several times a second; either may be empty. They must not throw.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/status.h"

namespace tradewind {

struct TransferProgress {
  std::string stage;            // "download", "join", "verify", "wait"
  uint64_t bytes = 0;           // done so far, those of an earlier try included
  uint64_t total_bytes = 0;     // 0 = unknown
  double bytes_per_second = 0;  // over the last few seconds; 0 = not known yet
};

struct TransferControl {
  std::function<void(const TransferProgress&)> progress;
  std::function<bool()> cancelled;

  bool Cancelled() const { return cancelled && cancelled(); }
};

// The status of a transfer that its caller stopped.
inline Status CancelledStatus(const std::string& what) {
  return Status(StatusCode::kCancelled, what + " was stopped; the same command goes on from where it is");
}

// Turns byte counts into reports: at most ten a second, with a rate over the last few seconds.
class ProgressMeter {
 public:
  ProgressMeter(const TransferControl& control, std::string stage, uint64_t total_bytes);
  // `bytes` is the whole count so far. `force` reports at once (use it for the last one).
  void Report(uint64_t bytes, bool force = false);
  void set_total(uint64_t total_bytes) { report_.total_bytes = total_bytes; }

 private:
  const TransferControl& control_;
  TransferProgress report_;
  int64_t window_start_ns_ = 0;
  uint64_t window_start_bytes_ = 0;
  int64_t last_ns_ = 0;
  bool started_ = false;
};

}  // namespace tradewind
