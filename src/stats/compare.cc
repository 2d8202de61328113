// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/compare.h"

#include <cmath>
#include <string>

namespace tradewind {
namespace {

struct Bound {
  const char* name;
  double value;
};

}  // namespace

Result<void> CheckVerdictBounds(const VerdictBounds& bounds) {
  const Bound ascending[] = {{"0", 0},
                             {"same_low", bounds.same_low},
                             {"different_low", bounds.different_low},
                             {"1", 1},
                             {"different_high", bounds.different_high},
                             {"same_high", bounds.same_high}};
  for (size_t i = 1; i < std::size(ascending); ++i) {
    const Bound &before = ascending[i - 1], &bound = ascending[i];
    if (std::isfinite(bound.value) && before.value <= bound.value && bound.value > 0) continue;
    return Fail(Status(StatusCode::kInvalidInput,
                       "the bounds of a verdict need 0 < same_low <= different_low <= 1 <= different_high <= same_high, but " +
                           std::string(bound.name) + " is " + std::to_string(bound.value) + " after " + before.name + " of " +
                           std::to_string(before.value) + "; change one of the two")
                    .At(bound.name));
  }
  return {};
}

Result<VerdictBounds> VerdictBoundsOf(double different_share, double same_share) {
  const VerdictBounds bounds = {1 - different_share, 1 + different_share, 1 - same_share, 1 + same_share};
  TW_RETURN_IF_ERROR(CheckVerdictBounds(bounds));
  return bounds;
}

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
