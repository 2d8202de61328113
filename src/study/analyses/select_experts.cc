// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Which of a table's models to keep under a limit of energy, by gates that are trained once.
#include <cmath>
#include <cstdio>

#include "policy/gated_selection.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/recorded_routing.h"

namespace tradewind {
namespace {

constexpr double kExpertsSame = 1e-12;

// Limits from the energy of the least expert to that of all, at even ratios.
std::vector<double> EnergyLimits(const RoutingTable& table, int64_t n) {
  double least = INFINITY, all = 0;
  for (const double energy : table.arm_cost) least = std::min(least, energy), all += energy;
  std::vector<double> limits;
  for (int64_t i = 0; i < n; ++i) limits.push_back(least * std::pow(all / least, static_cast<double>(i) / static_cast<double>(n)));
  return limits;
}

Result<Finding> AnalyseSelectExperts(Parameters& with, const AnalysisContext& context) {
  const std::string router = with.Text("router", "classifier");
  TW_ASSIGN(const int64_t n, with.Integer("limits", 12, 1, 1000));
  TW_ASSIGN(const RoutingTask task, ReadRoutingTask(with, context));
  const std::vector<double> limits = EnergyLimits(task.table, n);
  int64_t equal = 0, better = 0, served = 0, tried = 0;
  std::vector<double> exact, greedy;
  for (const uint64_t split : task.halves.splits) {
    for (const double limit : limits) {
      context.Tell(static_cast<double>(tried) / static_cast<double>(limits.size() * task.halves.splits.size()), task.name + ", " + router);
      TW_ASSIGN(const GatedSelection found, SelectOnHalves(router, task.table, split, {.energy_j = limit}));
      ++tried;
      equal += std::abs(found.exact.quality - found.all.quality) <= kExpertsSame ? 1 : 0;
      better += found.exact.quality > found.greedy.quality + kExpertsSame ? 1 : 0;
      served += found.same_choice == 1 ? 1 : 0;
      exact.push_back(found.exact_score);
      greedy.push_back(found.greedy_score);
    }
  }
  Finding finding;
  finding.numbers = {ShareOf("equal_share", equal, tried), ShareOf("beats_greedy_share", better, tried),
                     ShareOf("gates_serve_share", served, tried)};
  if (exact.size() > 1 && Mean(greedy) > 0) {
    finding.numbers.push_back({"score_over_greedy", Mean(exact) / Mean(greedy), RatioInterval(exact, greedy, Pairing::kPaired, {})});
  }
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  char line[160];
  std::snprintf(line, sizeof line, "%zu models, %zu limits of energy from %.3g to %.3g, %zu splits", task.table.arms.size(), limits.size(),
                limits.front(), limits.back(), task.halves.splits.size());
  finding.detail.emplace_back(line);
  return finding;
}

}  // namespace

void RegisterSelectExpertsAnalysis(Registry<Analysis>& registry);
void RegisterSelectExpertsAnalysis(Registry<Analysis>& registry) {
  registry.Add("select_experts", {.kind = ClaimKind::kCompare,
                                  .summary = "Which of `table`'s models to keep under each of `limits` limits on the metric `cost`, by "
                                             "gates (`router`) trained on half of the "
                                             "groups, over `splits`. Numbers: equal_share (exact as every set), beats_greedy_share, "
                                             "gates_serve_share (gates of all choose as "
                                             "gates trained with the selection alone), score_over_greedy (in the other half).",
                                  .run = AnalyseSelectExperts});
}

}  // namespace tradewind
