// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A confidence or prediction interval, as every measured number in Tradewind carries one. Plain value.
//
//   Interval tpot = MeanInterval(samples, 0.95);
#pragma once

namespace tradewind {

struct Interval {
  double low = 0;
  double high = 0;
  double confidence = 0;  // the probability that a repetition's interval covers the true value, like 0.95

  bool Contains(double x) const { return low <= x && x <= high; }
  double half_width() const { return (high - low) / 2; }
};

}  // namespace tradewind
