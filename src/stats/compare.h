// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What an interval of a ratio A / B says: A and B differ, are the same for all that matters, or more must be measured.
//
//   Verdict verdict = Judge(RatioInterval(a, b, Pairing::kPaired, {}));
#pragma once

#include <string_view>

#include "base/interval.h"

namespace tradewind {

enum class Verdict { kDifferent, kSame, kUndecided };

struct VerdictBounds {
  double different_low = 0.98;  // "different": the interval lies wholly outside [different_low, different_high]
  double different_high = 1.02;
  double same_low = 0.95;  // "same": it lies wholly inside [same_low, same_high]
  double same_high = 1.05;
};

// An interval like [1.03, 1.04] is both: then the answer is "different", as a small but certain difference is still one.
// One with a NaN is undecided.
Verdict Judge(const Interval& ratio, const VerdictBounds& bounds = {});

// As it stands in JSON: "different", "same", "undecided".
std::string_view VerdictName(Verdict verdict);

}  // namespace tradewind
