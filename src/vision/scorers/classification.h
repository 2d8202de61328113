// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How good classes and masks are. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tradewind {

// exp(x - max) over their sum.
std::vector<float> SoftmaxOf(std::span<const float> logits);
// -log of the sum of exponentials: low for what a net knows, high for what it does not (Liu et al., arXiv:2010.03759, section 3.1).
float EnergyOf(std::span<const float> logits);
// In bits.
float EntropyOf(std::span<const float> probabilities);
// The `count` likeliest classes, the best first; of equal ones the lower first.
std::vector<int64_t> BestClasses(std::span<const float> scores, int64_t count);

// Expected calibration error over bins of equal width (Guo et al., arXiv:1706.04599, section 2): the mean distance between how sure a net
// was and how often it was right.
double CalibrationError(std::span<const float> confidence, const std::vector<bool>& right, int bins = 15);

// Mean over classes that occur in either of intersection over union, pixels that are `ignored` in the truth left out.
double MeanOverlap(std::span<const int32_t> found, std::span<const int32_t> truth, int32_t classes, int32_t ignored = 255);

}  // namespace tradewind
