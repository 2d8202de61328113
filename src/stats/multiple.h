// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Many tests at once: p values adjusted so that a plain "adjusted < 0.05" keeps its promise. Pure functions, thread-safe.
//
//   std::vector<double> adjusted = HolmAdjusted(p_values);   // adjusted[i] belongs to p_values[i]
#pragma once

#include <span>
#include <vector>

namespace tradewind {

// Holm's step-down (1979), Scandinavian Journal of Statistics 6:65-70: the chance of even one false "different" stays below the level,
// however the tests depend on each other. For claims. p values in [0, 1] (asserted).
std::vector<double> HolmAdjusted(std::span<const double> p_values);

// Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300: the expected share of false ones among those called
// different stays below the level, for tests that are independent or rise together. For screening, where one in twenty may be wrong.
std::vector<double> BenjaminiHochbergAdjusted(std::span<const double> p_values);

}  // namespace tradewind
