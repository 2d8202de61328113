// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What an interval of a ratio A / B says: A and B differ, are the same for all that matters, or more must be measured.
//
//   Verdict verdict = Judge(RatioInterval(a, b, Pairing::kPaired, {}));
#pragma once

#include <string_view>

#include "base/interval.h"
#include "base/status.h"

namespace tradewind {

enum class Verdict { kDifferent, kSame, kUndecided };

struct VerdictBounds {
  double different_low = 0.98;  // "different": the interval lies wholly outside [different_low, different_high]
  double different_high = 1.02;
  double same_low = 0.95;  // "same": it lies wholly inside [same_low, same_high]
  double same_high = 1.05;
};

// Whether bounds that a user wrote make sense: 0 < same_low <= different_low <= 1 <= different_high <= same_high, finite. With "same" the
// narrower one, some ratios would stay undecided however long one measured. kInvalidInput names the bound at fault.
Result<void> CheckVerdictBounds(const VerdictBounds& bounds);

// Bounds as shares: {0.02, 0.05} gives the defaults. 0 <= different <= same < 1, else the same error.
Result<VerdictBounds> VerdictBoundsOf(double different_share, double same_share);

// An interval like [1.03, 1.04] is both: then the answer is "different", as a small but certain difference is still one.
// One with a NaN is undecided. The bounds are taken as they are: check those from outside first.
Verdict Judge(const Interval& ratio, const VerdictBounds& bounds = {});

// As it stands in JSON: "different", "same", "undecided".
std::string_view VerdictName(Verdict verdict);

}  // namespace tradewind
