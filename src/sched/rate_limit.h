// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RateLimit: so much a minute, a minute's worth at once at most (a token bucket, full at first). Takes the time as an argument. Not
// thread-safe.
//
//   RateLimit limit(600);
//   if (limit.Wait(1, now) == Duration{}) limit.Take(1, now);
#pragma once

#include <optional>

#include "base/clock.h"

namespace tradewind {

class RateLimit {
 public:
  explicit RateLimit(double per_minute) : per_minute_(per_minute), left_(per_minute) {}

  // Until so much may be taken, if nobody else takes any; 0: now. None: it is more than a minute's worth and never may.
  std::optional<Duration> Wait(double amount, TimePoint now) const;
  // Takes it, also where it should have waited: what was estimated too low is made up for. A negative amount is given back.
  void Take(double amount, TimePoint now);
  // As if nothing had ever been taken.
  bool Full(TimePoint now) const { return Left(now) >= per_minute_; }

 private:
  double Left(TimePoint now) const;

  double per_minute_;
  double left_;
  TimePoint at_{};  // when `left_` was so
};

}  // namespace tradewind
