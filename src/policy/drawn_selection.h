// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Drawn problems of expert selection, to try the ways of expert_selection.h on: experts of random skill, each good at some of the samples;
// better ones cost more energy, as sizes of models do. The same seed draws the same problem on every machine.
//
//   DrawnSelection drawn = DrawSelection(/*seed=*/7, /*experts=*/12, /*samples=*/300);
#pragma once

#include <cstdint>
#include <vector>

#include "policy/expert_selection.h"

namespace tradewind {

struct DrawnSelection {
  std::vector<ExpertCost> costs;
  SelectionLimits limits;       // 15 to 65 % of all experts' energy; a latency that some experts miss
  std::vector<double> utility;  // as GatedQuality takes it
};

DrawnSelection DrawSelection(uint64_t seed, size_t experts, size_t samples);

}  // namespace tradewind
