// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Shaper: when what is handed to a link arrives at its other end. A queue before a bottleneck that sends at the link's rate (a token bucket
// of one packet), then the link's delay. A packet that is lost is sent again after a round trip, and what follows it waits: so a stream
// sees loss. Arithmetic over the times that it is told; the same seed loses the same packets.
//
//   Shaper shaper({.bandwidth_bytes_per_s = 625'000, .delay_ms = 10});
//   const TimePoint arrival = shaper.Arrival(now, 1460);
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"
#include "core/device.h"

namespace tradewind {

// No bandwidth below 100 B/s nor above 1 TB/s, but 0 for a link that takes no time; at most ten minutes of delay; less than 0.9 of loss.
Result<void> CheckLink(const Link& link);

class Shaper {
 public:
  // The link has passed CheckLink.
  explicit Shaper(const Link& link, uint64_t seed = 1) : link_(link), random_(seed) {}
  const Link& link() const { return link_; }
  bool immediate() const { return link_.bandwidth_bytes_per_s == 0 && link_.delay_ms == 0 && link_.loss == 0; }
  // Into how many bytes a stream is best cut: a millisecond's, but no less than a packet.
  int64_t packet_bytes() const;
  // Of `bytes` that are handed over at `now`, no earlier than those before: when the last of them is there.
  TimePoint Arrival(TimePoint now, int64_t bytes);

 private:
  Link link_;
  Random random_;
  TimePoint free_at_{};  // when the bottleneck has sent all that it was given
  TimePoint last_{};     // the last arrival
};

}  // namespace tradewind
