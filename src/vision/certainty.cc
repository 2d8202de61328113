// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/certainty.h"

#include <algorithm>
#include <vector>

#include "vision/scorers/classification.h"

namespace tradewind {

std::string_view CertaintyName(Certainty kind) {
  switch (kind) {
    case Certainty::kEnergy: return "energy";
    case Certainty::kConfidence: return "confidence";
    case Certainty::kEntropy: return "entropy";
  }
  return "?";
}

float CertaintyOf(Certainty kind, std::span<const float> outputs, bool probabilities) {
  if (kind == Certainty::kEnergy) return probabilities ? 0 : -EnergyOf(outputs);
  const std::vector<float> shares = probabilities ? std::vector<float>(outputs.begin(), outputs.end()) : SoftmaxOf(outputs);
  if (kind == Certainty::kConfidence) return *std::max_element(shares.begin(), shares.end());
  return -EntropyOf(shares);
}

}  // namespace tradewind
