// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A random order of values, the same on every machine (std::shuffle is not).
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/random.h"

namespace tradewind {

// Each order is as likely (Durstenfeld, Communications of the ACM 7, 1964). Draws once for each value but the first.
template <typename T>
void Shuffle(std::vector<T>& values, Random& random) {
  for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.Below(i)]);
}

}  // namespace tradewind
