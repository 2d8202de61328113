// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/shaper.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr double kPacket = 1460;  // what a TCP segment carries over Ethernet
constexpr double kLargest = 65'536;
constexpr double kLeastRate = 100, kMostRate = 1e12;
constexpr double kMostDelay_ms = 600'000;
constexpr double kMostLoss = 0.9;

}  // namespace

Result<void> CheckLink(const Link& link) {
  const bool rate =
      link.bandwidth_bytes_per_s == 0 || (link.bandwidth_bytes_per_s >= kLeastRate && link.bandwidth_bytes_per_s <= kMostRate);
  if (!rate)
    return Fail(Status(StatusCode::kInvalidInput, "a link's rate is from 100 B/s to 1 TB/s, or 0 for one without limit").At("bandwidth"));
  if (!(link.delay_ms >= 0 && link.delay_ms <= kMostDelay_ms))
    return Fail(Status(StatusCode::kInvalidInput, "a link's delay is from 0 to 600000 ms").At("delay"));
  if (!(link.loss >= 0 && link.loss < kMostLoss))
    return Fail(Status(StatusCode::kInvalidInput, "a link's loss is a share from 0 to below 0.9").At("loss"));
  return {};
}

int64_t Shaper::packet_bytes() const {
  if (link_.bandwidth_bytes_per_s == 0) return static_cast<int64_t>(kLargest);
  return static_cast<int64_t>(std::clamp(link_.bandwidth_bytes_per_s * 1e-3, kPacket, kLargest));
}

TimePoint Shaper::Arrival(TimePoint now, int64_t bytes) {
  const Duration sending =
      link_.bandwidth_bytes_per_s == 0 ? Duration{} : Duration::Seconds(static_cast<double>(bytes) / link_.bandwidth_bytes_per_s);
  const Duration delay = Duration::Millis(link_.delay_ms);
  free_at_ = std::max(free_at_, now) + sending;
  TimePoint arrival = free_at_ + delay;
  while (link_.loss > 0 && random_.Uniform() < link_.loss) {
    free_at_ = free_at_ + sending;
    arrival = std::max(arrival + delay + delay, free_at_ + delay);
  }
  last_ = std::max(last_, arrival);
  return last_;
}

}  // namespace tradewind
