// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/router_policy.h"

#include <algorithm>
#include <cstdio>

namespace tradewind {

std::optional<size_t> RouterPolicy::ArmOf(const Setting& setting) const {
  const std::string arm = setting.TextOr(options_.arm_knob, "");
  const auto found = std::find(router_->arms().begin(), router_->arms().end(), arm);
  if (found == router_->arms().end()) return std::nullopt;
  return static_cast<size_t>(found - router_->arms().begin());
}

Decision RouterPolicy::Choose(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) {
  return within_.Choose(candidates, budget, primary);
}

Decision RouterPolicy::ChooseFor(const Request& request, std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) {
  // For each arm the best of its candidates that fit. The quality floor is a share of the best of all, so the first look is at all of them.
  const Decision overall = within_.Choose(candidates, budget, primary);
  if (!overall.chosen || router_->arms().empty()) return overall;
  const std::vector<ArmUtility> utility = router_->Utility(request.text);
  const double dearest = *std::max_element(router_->arm_cost().begin(), router_->arm_cost().end());
  std::vector<size_t> fitting = {*overall.chosen};
  for (const RejectedCandidate& rejected : overall.rejected) {
    Budget alone = budget;
    alone.quality.reset();
    const bool fits = within_.Choose({&candidates[rejected.candidate], 1}, alone, primary).chosen.has_value();
    const bool floor = budget.quality && rejected.reason.find("quality share") != std::string::npos;
    if (fits && !floor) fitting.push_back(rejected.candidate);
  }
  std::optional<size_t> best;
  double best_value = 0;
  for (const size_t i : fitting) {  // the best within the budget first, so that equals are in its order
    const std::optional<size_t> arm = ArmOf(candidates[i].point.setting);
    if (!arm) continue;
    const double cost = dearest > 0 ? router_->arm_cost()[*arm] / dearest : 0;
    const double value = options_.dial * utility[*arm].score - (1 - options_.dial) * cost;
    if (!best || value > best_value) best = i, best_value = value;
  }
  if (!best) return overall;
  Decision decision{.chosen = best, .reason = "", .nearest = std::nullopt, .rejected = {}};
  const size_t arm = *ArmOf(candidates[*best].point.setting);
  char score[32];
  std::snprintf(score, sizeof score, "%.3g", utility[arm].score);
  decision.reason = std::string(router_->name()) + " predicts a score of " + score + " for " + router_->arms()[arm] +
                    ", the best trade of the " + std::to_string(fitting.size()) + " of " + std::to_string(candidates.size()) +
                    " settings that fit";
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i == *best) continue;
    std::string reason = "a worse trade of predicted score and cost";
    if (!ArmOf(candidates[i].point.setting)) reason = "the router knows no arm of this " + options_.arm_knob;
    for (const RejectedCandidate& rejected : overall.rejected) {
      const bool fits = std::find(fitting.begin(), fitting.end(), i) != fitting.end();
      if (rejected.candidate == i && !fits) reason = rejected.reason;
    }
    decision.rejected.push_back({i, std::move(reason)});
  }
  return decision;
}

void RouterPolicy::LearnFrom(const Request& request, const Outcome& outcome) {
  const std::optional<size_t> arm = ArmOf(outcome.setting);
  if (!arm || !outcome.score) return;
  router_->Learn(router_->embedder().Embed(request.text), *arm, *outcome.score);
}

}  // namespace tradewind
