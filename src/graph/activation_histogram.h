// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ActivationHistogram: how often a rectifier gave which numbers, between 0 and the greatest, which is known beforehand. What thresholds and
// scales of quantisation are found from. A plain value.
#pragma once

#include <cstdint>
#include <vector>

namespace tradewind {

class ActivationHistogram {
 public:
  // Percentiles and cuts are exact to one part in so many of the greatest number.
  static constexpr int64_t kBins = 2048;

  explicit ActivationHistogram(float greatest) : greatest_(greatest), counts_(greatest > 0 ? kBins : 0) {}
  void Add(float value);  // those of 0 and below do not count
  double greatest() const { return static_cast<double>(greatest_); }
  // The number that `percent` of those above 0 do not pass; 0 if there are none.
  double Percentile(double percent) const;
  // Where to cut, so that rounding to multiples of cut / levels within [0, cut] has the least squared error.
  double LeastErrorCut(int64_t levels) const;

 private:
  float greatest_ = 0;
  std::vector<int64_t> counts_;
};

}  // namespace tradewind
