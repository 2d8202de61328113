// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/walk_dial.h"

#include <cmath>

namespace tradewind {

Result<std::vector<DialStep>> WalkDial(const Router& router, const RoutingTable& test, size_t n) {
  TW_RETURN_IF_ERROR(CheckRoutingTable(test));
  if (n < 1) return Fail(StatusCode::kInvalidInput, "a dial is turned in at least one step");
  if (test.arms != router.arms()) return Fail(StatusCode::kInvalidInput, "the table has other arms than the router was fitted to");
  const size_t dearest = ArmsByCost(test.arm_cost).back();
  std::vector<DialStep> steps(n + 1);
  for (size_t k = 0; k <= n; ++k) steps[k].dial = static_cast<double>(k) / static_cast<double>(n);
  for (const RoutingSample& sample : test.samples) {
    const std::vector<ArmUtility> utility = router.Utility(sample.text);
    for (DialStep& step : steps) {
      const size_t arm = router.ChooseFrom(utility, step.dial);
      if (std::isnan(sample.score[arm])) return Fail(StatusCode::kInvalidInput, "the arm " + test.arms[arm] + " lacks a score");
      step.dearest_share += arm == dearest ? 1 : 0;
      step.score += sample.score[arm];
      step.cost += test.arm_cost[arm];
    }
  }
  const auto n_samples = static_cast<double>(test.samples.size());
  for (DialStep& step : steps) {
    step.dearest_share /= n_samples;
    step.score /= n_samples;
    step.cost /= n_samples;
  }
  return steps;
}

}  // namespace tradewind
