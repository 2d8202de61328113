// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How sure a classifier is of a picture: what a cascade asks its light net. Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tradewind {

// kEnergy: the log of the sum of exponentials, which keeps how large the logits are (Liu et al., arXiv:2010.03759, section 3.1);
// kConfidence: the likeliest class's probability; kEntropy: minus the entropy, in bits. The greater, the surer.
enum class Certainty { kEnergy, kConfidence, kEntropy };
std::string_view CertaintyName(Certainty kind);  // "energy", "confidence", "entropy"

// Of a classifier's outputs: logits, or probabilities, of which energy is not known (their logarithms' is 0).
float CertaintyOf(Certainty kind, std::span<const float> outputs, bool probabilities);

}  // namespace tradewind
