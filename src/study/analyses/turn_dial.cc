// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A router that is trained once and steered by its dial.
#include <cstdio>

#include "policy/walk_dial.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/recorded_routing.h"

namespace tradewind {
namespace {

// The share of steps in which `value` does not fall.
template <typename F>
double NeverFalls(const std::vector<DialStep>& steps, const F& value) {
  double kept = 0;
  for (size_t k = 1; k < steps.size(); ++k) kept += value(steps[k]) >= value(steps[k - 1]) - 1e-12 ? 1 : 0;
  return kept / static_cast<double>(steps.size() - 1);
}

Result<Finding> AnalyseTurnDial(Parameters& with, const AnalysisContext& context) {
  const std::string name = with.Text("router", "difficulty");
  TW_ASSIGN(const int64_t n, with.Integer("steps", 100, 1, 10'000));
  TW_ASSIGN(const RoutingTask task, ReadRoutingTask(with, context));
  const RouterFactory* factory = AllRouters().Find(name);
  if (factory == nullptr) return Fail(Status(StatusCode::kNotFound, "no router is called " + name).At("router"));
  std::vector<double> calls, costs, gains;
  Finding finding;
  for (const uint64_t split : task.halves.splits) {
    context.Tell(static_cast<double>(calls.size()) / static_cast<double>(task.halves.splits.size()), task.name + ", " + name);
    const auto [train, test] = SplitInHalves(task.table, split);
    const std::unique_ptr<Router> router = (*factory)();
    TW_RETURN_IF_ERROR(router->Fit(train, {}));
    TW_ASSIGN(const std::vector<DialStep> steps, WalkDial(*router, test, static_cast<size_t>(n)));
    calls.push_back(NeverFalls(steps, [](const DialStep& s) { return s.dearest_share; }));
    costs.push_back(NeverFalls(steps, [](const DialStep& s) { return s.cost; }));
    gains.push_back(steps.back().score - steps.front().score);
    for (size_t k = 0; split == task.halves.splits[0] && k < steps.size(); k += std::max<size_t>(1, steps.size() / 10)) {
      char line[128];
      std::snprintf(line, sizeof line, "dial %.2f: %.1f %% to the dearest arm, score %.4f, cost %.3f", steps[k].dial,
                    100 * steps[k].dearest_share, steps[k].score, steps[k].cost);
      finding.detail.emplace_back(line);
    }
  }
  const auto over_splits = [](const char* number, const std::vector<double>& values) {
    const double mean = Mean(values);
    return Number{number, mean, values.size() > 1 ? MeanInterval(values, 0.95) : Interval{mean, mean, 0.95}};
  };
  finding.numbers = {over_splits("calls_never_fall", calls), over_splits("cost_never_falls", costs), over_splits("gain", gains)};
  return finding;
}

}  // namespace

void RegisterTurnDialAnalysis(Registry<Analysis>& registry);
void RegisterTurnDialAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "turn_dial",
      {.kind = ClaimKind::kCompare,
       .summary =
           "`router`, trained once on half of `table`'s groups, as its dial is turned in `steps` on the other half, over `splits`. "
           "Numbers: "
           "calls_never_fall (share of steps in which the dearest arm's share of requests does not fall), cost_never_falls, gain (score at "
           "the dial's end over its start).",
       .run = AnalyseTurnDial});
}

}  // namespace tradewind
