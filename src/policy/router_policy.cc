// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/router_policy.h"

#include <algorithm>
#include <cstdio>
#include <limits>

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

std::vector<size_t> RouterPolicy::Fitting(std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) {
  const auto quality = [&](const Candidate& c) {
    const Measurement* m = c.point.Find(primary.metric);
    if (m == nullptr) return -std::numeric_limits<double>::infinity();
    return primary.direction == Direction::kLowerIsBetter ? -m->value : m->value;
  };
  double best = -std::numeric_limits<double>::infinity();
  for (const Candidate& c : candidates) best = std::max(best, quality(c));
  Budget alone = budget;  // the quality floor is a share of the best of all, so one candidate by itself always keeps it
  alone.quality.reset();
  std::vector<size_t> fitting;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const double own = quality(candidates[i]);
    const double share = primary.direction == Direction::kLowerIsBetter ? best / own : own / best;
    if (budget.quality && !(share >= *budget.quality)) continue;
    if (within_.Choose(candidates.subspan(i, 1), alone, primary).chosen) fitting.push_back(i);
  }
  return fitting;
}

Decision RouterPolicy::ChooseFor(const Request& request, std::span<const Candidate> candidates, const Budget& budget, const Axis& primary) {
  Decision overall = within_.Choose(candidates, budget, primary);
  if (!overall.chosen || router_->arms().empty()) return overall;
  const std::vector<ArmUtility> utility = router_->Utility(request.text);
  const double dearest = *std::max_element(router_->arm_cost().begin(), router_->arm_cost().end());
  const std::vector<size_t> fitting = Fitting(candidates, budget, primary);
  std::optional<size_t> arm;
  double best_value = 0;
  for (const size_t i : fitting) {
    const std::optional<size_t> own = ArmOf(candidates[i].point.setting);
    if (!own) continue;
    const double cost = dearest > 0 ? router_->arm_cost()[*own] / dearest : 0;
    const double value = options_.dial * utility[*own].score - (1 - options_.dial) * cost;
    if (!arm || value > best_value) arm = own, best_value = value;
  }
  if (!arm) return overall;
  std::vector<Candidate> of_arm;
  std::vector<size_t> place;
  for (const size_t i : fitting) {
    if (ArmOf(candidates[i].point.setting) == arm) of_arm.push_back(candidates[i]), place.push_back(i);
  }
  Budget rest = budget;
  rest.quality.reset();
  const size_t chosen = place[*within_.Choose(of_arm, rest, primary).chosen];
  char score[32];
  std::snprintf(score, sizeof score, "%.3g", utility[*arm].score);
  Decision decision{.chosen = chosen, .reason = "", .nearest = std::nullopt, .rejected = {}};
  decision.reason = std::string(router_->name()) + " predicts a score of " + score + " for " + router_->arms()[*arm] +
                    ", the best trade of the " + std::to_string(fitting.size()) + " of " + std::to_string(candidates.size()) +
                    " settings that fit";
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i == chosen) continue;
    std::string reason = "does not fit the budget";
    const std::optional<size_t> own = ArmOf(candidates[i].point.setting);
    if (std::find(fitting.begin(), fitting.end(), i) != fitting.end()) {
      reason = !own         ? "the router knows no arm of this " + options_.arm_knob
               : own == arm ? "worse " + primary.metric + " than the chosen one of the same " + options_.arm_knob
                            : "a worse trade of predicted score and cost";
    } else {
      for (const RejectedCandidate& rejected : overall.rejected) {
        if (rejected.candidate == i) reason = rejected.reason;
      }
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
