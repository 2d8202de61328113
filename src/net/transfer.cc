// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transfer.h"

#include <utility>

#include "base/clock.h"

namespace tradewind {
namespace {

constexpr int64_t kReportEvery_ns = 100'000'000;
constexpr int64_t kWindow_ns = 3'000'000'000;

}  // namespace

ProgressMeter::ProgressMeter(const TransferControl& control, std::string stage, uint64_t total_bytes) : control_(control) {
  report_.stage = std::move(stage);
  report_.total_bytes = total_bytes;
}

void ProgressMeter::Report(uint64_t bytes, bool force) {
  if (!control_.progress) return;
  const int64_t now = RealClock().Now().ns;
  // A count that falls means that a transfer began anew: the old window says nothing about its rate.
  if (!started_ || bytes < window_start_bytes_) {
    started_ = true;
    window_start_ns_ = now;
    window_start_bytes_ = bytes;
    report_.bytes_per_second = 0;
  } else if (!force && now - last_ns_ < kReportEvery_ns) {
    return;
  }
  const double elapsed_s = static_cast<double>(now - window_start_ns_) * 1e-9;
  if (elapsed_s > 0.2) report_.bytes_per_second = static_cast<double>(bytes - window_start_bytes_) / elapsed_s;
  if (now - window_start_ns_ > kWindow_ns) {
    window_start_ns_ = now;
    window_start_bytes_ = bytes;
  }
  last_ns_ = now;
  report_.bytes = bytes;
  control_.progress(report_);
}

}  // namespace tradewind
