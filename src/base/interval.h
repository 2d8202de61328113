// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Interval: where a measured or predicted value lies, with the confidence that is claimed for it. A plain value; both ends belong to it.
// It lives in base because measurements (core) carry it and statistics (stats) compute it.
#pragma once

namespace tradewind {

struct Interval {
  double low = 0;
  double high = 0;
  double confidence = 0.95;  // the share of repetitions whose interval would cover the true value

  bool Contains(double x) const { return low <= x && x <= high; }
  double half_width() const { return (high - low) / 2; }
  bool operator==(const Interval&) const = default;
};

}  // namespace tradewind
