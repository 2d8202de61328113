// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/compare.h"

namespace tradewind {

Verdict Judge(const Interval& ratio, const VerdictBounds& bounds) {
  if (!(ratio.low <= ratio.high)) return Verdict::kUndecided;
  if (ratio.low > bounds.different_high || ratio.high < bounds.different_low) return Verdict::kDifferent;
  if (ratio.low >= bounds.same_low && ratio.high <= bounds.same_high) return Verdict::kSame;
  return Verdict::kUndecided;
}

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kDifferent: return "different";
    case Verdict::kSame: return "same";
    case Verdict::kUndecided: return "undecided";
  }
  return "undecided";
}

}  // namespace tradewind
