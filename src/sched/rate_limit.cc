// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

constexpr double kMinute_ns = 60e9;

}  // namespace

double RateLimit::Left(TimePoint now) const {
  const double passed_ns = std::max(0.0, static_cast<double>((now - at_).ns));
  return std::min(per_minute_, left_ + per_minute_ * passed_ns / kMinute_ns);
}

std::optional<Duration> RateLimit::Wait(double amount, TimePoint now) const {
  if (amount > per_minute_) return std::nullopt;
  const double short_of = amount - Left(now);
  if (short_of <= per_minute_ * 1e-12) return Duration{};  // as exact as the sum is
  return Duration{static_cast<int64_t>(std::ceil(short_of / per_minute_ * kMinute_ns))};
}

void RateLimit::Take(double amount, TimePoint now) {
  left_ = Left(now) - amount;
  at_ = std::max(at_, now);
}

}  // namespace tradewind
