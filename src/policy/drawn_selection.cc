// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/drawn_selection.h"

#include "base/random.h"

namespace tradewind {

DrawnSelection DrawSelection(uint64_t seed, size_t experts, size_t samples) {
  Random random(seed);
  DrawnSelection out;
  std::vector<double> skill;
  double energy = 0;
  for (size_t e = 0; e < experts; ++e) {
    skill.push_back(0.3 + 0.6 * random.Uniform());
    out.costs.push_back({.energy_j = 1 + 20 * skill[e] * skill[e] * (0.5 + random.Uniform()), .latency_ms = 50 + 300 * random.Uniform()});
    energy += out.costs[e].energy_j;
  }
  for (size_t i = 0; i < samples; ++i) {
    for (size_t e = 0; e < experts; ++e) out.utility.push_back(skill[e] * random.Uniform());
  }
  out.limits = {.energy_j = energy * (0.15 + 0.5 * random.Uniform()), .latency_ms = 250 + 150 * random.Uniform()};
  return out;
}

}  // namespace tradewind
