// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/verdict.h"

#include <algorithm>
#include <cstdio>

namespace tradewind {
namespace {

std::string Short(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

const Number* Judged(const Claim& claim, const Finding& finding) {
  if (claim.number.empty()) return finding.numbers.empty() ? nullptr : &finding.numbers[0];
  for (const Number& number : finding.numbers) {
    if (number.name == claim.number) return &number;
  }
  return nullptr;
}

void JudgeNumber(const Claim& claim, const Number& number, ClaimResult& result) {
  const Floor& floor = *claim.floor;
  const bool low = floor.Holds(number.interval.low);
  const bool high = floor.Holds(number.interval.high);
  const std::string seen =
      number.name + " " + Short(number.value) + " (" + Short(number.interval.low) + " to " + Short(number.interval.high) + ")";
  if (!low || !high) {
    result.verdict = "does not";
    result.undecided = low || high;
    result.reason = seen + " where " + floor.text + " is asked" + (result.undecided ? "; undecided: the interval holds the bound" : "");
    return;
  }
  result.verdict = "reproduces";
  result.reason = seen + ", " + floor.text + " asked";
  if (!claim.published) return;
  const double published = *claim.published;
  const bool reached = floor.higher ? number.value >= published : number.value <= published;
  if (reached) return;
  result.verdict = "at scale " + Short(floor.higher ? number.value / published : published / number.value);
  result.reason += "; published " + Short(published);
}

}  // namespace

std::string VerdictText(const ClaimResult& result) {
  return result.verdict + (result.undecided ? " (undecided)" : "");
}

ClaimResult JudgeClaim(const Claim& claim, const std::optional<Result<Finding>>& finding) {
  ClaimResult result{.claim = claim, .here = {}, .verdict = "not yet", .reason = claim.pending, .detail = {}};
  if (!finding) return result;
  if (!*finding) {
    result.verdict = "not testable here";
    result.reason = finding->error().ToString();
    result.faulty = finding->error().code() == StatusCode::kInvalidInput;
    return result;
  }
  result.detail = (*finding)->detail;
  const Number* number = Judged(claim, **finding);
  if (number == nullptr) {
    result.verdict = "not testable here";
    result.reason = "the analysis " + claim.analysis + " gives no number \"" + claim.number + "\"";
    result.faulty = true;
    return result;
  }
  result.here = *number;
  JudgeNumber(claim, *number, result);
  if (!claim.pending.empty()) result.reason += "; not yet: " + claim.pending;
  return result;
}

}  // namespace tradewind
