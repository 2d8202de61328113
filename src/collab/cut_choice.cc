// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/cut_choice.h"

#include <algorithm>
#include <cassert>

namespace tradewind {

double PredictLatency_ms(const CutCost& cost, const PathState& state) {
  double ms = cost.device_ms * state.device_load;
  if (cost.sent_bytes == 0) return ms;
  ms += cost.worker_ms * state.worker_load + state.round_trip_ms + cost.overhead_ms;
  if (state.bytes_per_s > 0) ms += 1e3 * (cost.sent_bytes + cost.received_bytes) / state.bytes_per_s;
  return ms;
}

size_t PickCut(std::span<const CutCost> costs, const PathState& state) {
  assert(!costs.empty());
  size_t best = 0;
  for (size_t i = 1; i < costs.size(); ++i) {
    if (PredictLatency_ms(costs[i], state) < PredictLatency_ms(costs[best], state)) best = i;
  }
  return best;
}

std::vector<size_t> WorthwhileCuts(std::span<const double> bytes, double input_bytes, size_t most) {
  std::vector<size_t> kept;
  double least = input_bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] >= least) continue;
    least = bytes[i];
    kept.push_back(i);
  }
  // Too many: of neighbours, the one that saves least over the edge before it goes.
  while (kept.size() > most) {
    size_t weakest = 0;
    double gain = 0;
    for (size_t k = 0; k < kept.size(); ++k) {
      const double saved = (k == 0 ? input_bytes : bytes[kept[k - 1]]) / bytes[kept[k]];
      if (k == 0 || saved < gain) {
        weakest = k;
        gain = saved;
      }
    }
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(weakest));
  }
  const size_t missing = std::min(most, bytes.size()) - kept.size();
  std::vector<size_t> others;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (!std::binary_search(kept.begin(), kept.end(), i)) others.push_back(i);
  }
  for (size_t k = 0; k < missing; ++k) kept.push_back(others[(2 * k + 1) * others.size() / (2 * missing)]);
  std::sort(kept.begin(), kept.end());
  return kept;
}

}  // namespace tradewind
