// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Routers trained on half of a table's groups, judged on the other half and, unchanged, on other tables.
#include <algorithm>
#include <map>

#include "study/analysis.h"
#include "study/recorded_routing.h"

namespace tradewind {
namespace {

using Evaluations = std::map<std::string, std::vector<RouterEvaluation>>;  // by router; of the table, then of those carried to

Number Of(const std::string& name, const Estimate& estimate) {
  return {name, estimate.value, estimate.interval};
}

Number Exactly(const std::string& name, double value, double confidence) {
  return {name, value, {value, value, confidence}};
}

// Of one router on one table; names begin with `prefix`.
std::vector<Number> NumbersOf(const std::string& prefix, const Evaluations& all, const std::string& router, size_t table,
                              const std::vector<std::string>& beside, const CurveOptions& options) {
  const RouterEvaluation& own = all.at(router)[table];
  std::vector<Number> numbers;
  for (const std::string& other : beside) {
    const RouterEvaluation& theirs = all.at(other)[table];
    numbers.push_back(Of(prefix + "above_" + other, ApgrDifference(own.curves, theirs.curves, options)));
    numbers.push_back(Of(prefix + "area_over_" + other, AreaRatio(own.cost_curves, theirs.cost_curves, options)));
  }
  const TwoArmMetrics& m = own.metrics;
  for (const auto& [name, estimate] : {std::pair{"apgr", &m.apgr}, std::pair{"cpt50", &m.cpt50}, std::pair{"cpt80", &m.cpt80},
                                       std::pair{"cost_saving", &m.cost_saving}, std::pair{"calls_saved", &m.calls_saved}}) {
    numbers.push_back(Of(prefix + name, *estimate));
  }
  numbers.push_back(Exactly(prefix + "choice_ms", own.decide_ms.median, options.confidence));
  numbers.push_back(Exactly(prefix + "choice_ms_p99", own.decide_ms.p99, options.confidence));
  numbers.push_back(Exactly(prefix + "decision_ms", own.embed_ms.median + own.decide_ms.median, options.confidence));
  numbers.push_back(Exactly(prefix + "decision_ms_p99", own.embed_ms.p99 + own.decide_ms.p99, options.confidence));
  return numbers;
}

Result<Finding> AnalyseRouteHalves(Parameters& with, const AnalysisContext& context) {
  const std::vector<std::string> routers = with.List("routers", "classifier"), beside = with.List("beside", "random");
  TW_ASSIGN(const double drop, with.Number("drop", 0, 0, 1));
  TW_ASSIGN(RoutingTask task, ReadRoutingTask(with, context));
  task.evaluate.curve.drop = drop;
  std::vector<std::string> names = routers;
  for (const std::string& other : beside) {
    if (std::find(names.begin(), names.end(), other) == names.end()) names.push_back(other);
  }
  std::vector<const RoutingTable*> carried;
  for (const RoutingTable& table : task.carried) carried.push_back(&table);
  Evaluations all;
  for (size_t i = 0; i < names.size(); ++i) {
    context.Tell(static_cast<double>(i) / static_cast<double>(names.size()), task.name + ", " + names[i]);
    TW_ASSIGN(all[names[i]], EvaluateOnHalves(names[i], task.table, carried, task.halves, task.evaluate));
  }
  Finding finding;
  for (const std::string& router : routers) {
    for (size_t t = 0; t <= carried.size(); ++t) {
      const std::string prefix = router + "." + (t == 0 ? "" : task.carried_names[t - 1] + ".");
      const auto numbers = NumbersOf(prefix, all, router, t, beside, task.evaluate.curve);
      finding.numbers.insert(finding.numbers.end(), numbers.begin(), numbers.end());
    }
  }
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  finding.detail.push_back(
      std::to_string(task.halves.splits.size()) + " splits of " + std::to_string(task.table.samples.size()) +
      " samples; no tested question, and no other that the files left out name, was trained on (checked for each split)");
  return finding;
}

}  // namespace

void RegisterRouteHalvesAnalysis(Registry<Analysis>& registry);
void RegisterRouteHalvesAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "route_halves",
      {.kind = ClaimKind::kCompare,
       .summary =
           "`routers` trained on half of `table`'s groups, judged on the other half and, unchanged, on the tables `carried`, beside other "
           "routers, over `splits` and `seeds`; between `arms` at the metric `cost`, without the prompts of the files `leave_out`; `drop` "
           "in "
           "quality counts as none. Numbers, ROUTER.NAME and ROUTER.TABLE.NAME: above_OTHER (APGR), area_over_OTHER, apgr, cpt50, cpt80, "
           "cost_saving, calls_saved, choice_ms and decision_ms (without and with embedding the text: the median of the slowest split), "
           "choice_ms_p99 and decision_ms_p99.",
       .run = AnalyseRouteHalves});
}

}  // namespace tradewind
