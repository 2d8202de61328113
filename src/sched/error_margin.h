// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ErrorMargin: by which factor predictions are to be lengthened so that a given share of them holds: that quantile of actual / predicted
// among the last ones, never below 1. What is long ago no longer counts, so that a bad time does not shut the door for ever. Not
// thread-safe.
//
//   ErrorMargin margin(0.95, Duration::Seconds(60));
//   margin.Add(actual.seconds() / predicted.seconds(), now);
//   const double promise = predicted.seconds() * margin.Factor(now, {});
#pragma once

#include <cstddef>
#include <deque>
#include <span>

#include "base/clock.h"

namespace tradewind {

class ErrorMargin {
 public:
  ErrorMargin(double quantile, Duration window) : quantile_(quantile), window_(window) {}

  void Add(double ratio, TimePoint now);
  // `open`: of predictions that are overdue already, so far. 1 until there are kEnough.
  double Factor(TimePoint now, std::span<const double> open) const;

  static constexpr double kLeast = 1, kMost = 8;
  static constexpr size_t kRemembered = 256, kEnough = 4;

 private:
  struct Seen {
    double ratio = 1;
    TimePoint at;
  };
  double quantile_;
  Duration window_;
  std::deque<Seen> seen_;
};

}  // namespace tradewind
