// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A family of made-up devices whose latencies have three hidden causes: a device weighs each operation's arithmetic, its memory traffic and
// a fixed start in its own way, and arithmetic hides behind traffic (the larger counts most). Features: one-hot of 6 positions x 5
// operations, then counts.
#pragma once

#include <cmath>
#include <string>

#include "base/random.h"
#include "search/nas_tables.h"

namespace tradewind {

inline LatencyTable DeviceFamily(size_t devices, size_t architectures, uint64_t seed) {
  constexpr size_t kPositions = 6;
  constexpr size_t kKinds = 5;
  constexpr double kArithmetic[kKinds] = {0, 0.2, 1, 4, 9};
  constexpr double kTraffic[kKinds] = {0.5, 3, 2, 0.3, 2.5};
  Random random(seed);
  LatencyTable table;
  std::vector<std::vector<size_t>> all;
  for (size_t a = 0; a < architectures; ++a) {
    std::vector<size_t>& operations = all.emplace_back();
    for (size_t p = 0; p < kPositions; ++p) operations.push_back(random.Below(kKinds));
    table.features.push_back(OneHotWithCounts(operations, kKinds));
  }
  for (size_t d = 0; d < devices; ++d) {
    table.devices.push_back("device_" + std::to_string(d));
    const double arithmetic = std::exp(random.Normal());
    const double traffic = std::exp(random.Normal());
    const double start = std::exp(random.Normal());
    const double speed = std::exp(2 * random.Normal());
    std::vector<double>& column = table.latencies.emplace_back();
    for (const std::vector<size_t>& operations : all) {
      double a = 0, t = 0, s = 1;
      for (size_t p = 0; p < kPositions; ++p) {
        a += arithmetic * kArithmetic[operations[p]];
        t += traffic * kTraffic[operations[p]] * (p < 3 ? 1.5 : 0.5);  // the first positions have the larger maps
        s += start * (operations[p] > 0 ? 1 : 0);
      }
      column.push_back(speed * (std::max(a, t) + 0.3 * std::min(a, t) + s) * (1 + 0.01 * random.Normal()));
    }
  }
  return table;
}

}  // namespace tradewind
