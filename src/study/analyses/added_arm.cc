// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// An arm that joins a fitted router by its scores alone.
#include "policy/added_arm.h"

#include <algorithm>

#include "study/analysis.h"
#include "study/recorded_routing.h"

namespace tradewind {
namespace {

Result<Finding> AnalyseAddedArm(Parameters& with, const AnalysisContext& context) {
  const std::string router = with.Text("router", "contrastive"), added = with.Text("added", "");
  TW_ASSIGN(const RoutingTask task, ReadRoutingTask(with, context));
  const auto at = std::find(task.table.arms.begin(), task.table.arms.end(), added);
  if (at == task.table.arms.end()) return Fail(Status(StatusCode::kNotFound, "the table has no arm \"" + added + "\"").At("added"));
  context.Tell(0, task.name + ", " + router + " without and with " + added);
  TW_ASSIGN(const AddedArm found,
            EvaluateAddedArm(router, task.table, static_cast<size_t>(at - task.table.arms.begin()), task.halves, task.evaluate));
  Finding finding;
  finding.numbers = {{"area_over_without", found.over_without.value, found.over_without.interval},
                     {"area_over_trained", found.over_trained.value, found.over_trained.interval}};
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  return finding;
}

}  // namespace

void RegisterAddedArmAnalysis(Registry<Analysis>& registry);
void RegisterAddedArmAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "added_arm",
      {.kind = ClaimKind::kCompare,
       .summary = "The arm `added` of `table` joins `router`, trained on half of the groups without it, by its scores there, with no "
                  "training; judged "
                  "on the other half, over `splits` and `seeds`. Numbers, ratios of the areas under quality over cost: area_over_without, "
                  "area_over_trained.",
       .run = AnalyseAddedArm});
}

}  // namespace tradewind
