// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/error_margin.h"

#include <algorithm>
#include <vector>

#include "stats/summary.h"

namespace tradewind {

void ErrorMargin::Add(double ratio, TimePoint now) {
  seen_.push_back({ratio, now});
  if (seen_.size() > kRemembered) seen_.pop_front();
}

double ErrorMargin::Factor(TimePoint now, std::span<const double> open) const {
  std::vector<double> ratios(open.begin(), open.end());
  for (const Seen& seen : seen_) {
    if (now - seen.at <= window_) ratios.push_back(seen.ratio);
  }
  if (ratios.size() < kEnough) return kLeast;
  return std::clamp(Quantile(ratios, quantile_), kLeast, kMost);
}

}  // namespace tradewind
