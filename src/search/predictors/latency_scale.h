// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// LatencyScale: a device's latencies as numbers of mean 0 and deviation 1, by the references measured on it, and back. Devices of any speed
// look alike so. A plain value; thread-safe.
//
//   const LatencyScale scale = ScaleByReferences(reference_ms, 0.5);
//   double z = scale.Standardise(12.5);
//   double ms = scale.Latency(z);   // 12.5
#pragma once

#include <span>

namespace tradewind {

struct LatencyScale {
  double power = 0;  // what a latency is raised to first; 0: its logarithm
  double centre = 0, deviation = 1;
  double floor = 0;  // of the power, half of what the fastest reference has; 0 with logarithms, which need none

  double Standardise(double latency) const;
  // Rises with z and is above 0: below the floor it falls off exponentially instead of in a line. The inverse of Standardise above it.
  double Latency(double z) const;
};

// All latencies are > 0 (asserted), and one at least; those that are all alike count as spread by a tenth.
LatencyScale ScaleByReferences(std::span<const double> latencies, double power);

}  // namespace tradewind
