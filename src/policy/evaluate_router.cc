// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate_router.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

struct Embedded {
  FeatureMatrix features;
  double ms_p99 = 0;
};

Embedded EmbedTimed(const RoutingTable& table, const TextEmbedder& embedder) {
  Embedded out{.features = {.embedder = embedder.name(), .columns = embedder.dimensions(), .values = {}}};
  std::vector<double> ms;
  for (const RoutingSample& sample : table.samples) {
    const TimePoint start = RealClock().Now();
    const std::vector<float> x = embedder.Embed(sample.text);
    ms.push_back((RealClock().Now() - start).ms());
    out.features.values.insert(out.features.values.end(), x.begin(), x.end());
  }
  out.ms_p99 = Quantile(ms, 0.99);
  return out;
}

// Adds the curves of one fitted router.
Result<void> AddCurves(const Router& router, const RoutingTable& test, const FeatureMatrix& features, RouterEvaluation& out) {
  const size_t arms = test.arms.size();
  const std::vector<size_t> by_cost = ArmsByCost(test.arm_cost);
  const size_t weak = by_cost.front(), strong = by_cost.back();
  std::vector<double> utility, gap, ms;
  std::vector<float> weak_score, strong_score;
  std::vector<std::string> groups;
  for (size_t i = 0; i < test.samples.size(); ++i) {
    const TimePoint start = RealClock().Now();
    const std::vector<ArmUtility> u = router.Utility(features.Row(i));
    ms.push_back((RealClock().Now() - start).ms());
    for (size_t a = 0; a < arms; ++a) utility.push_back(u[a].score);
    gap.push_back(u[strong].score - u[weak].score);
    weak_score.push_back(test.samples[i].score[weak]);
    strong_score.push_back(test.samples[i].score[strong]);
    groups.push_back(test.samples[i].group);
  }
  TW_ASSIGN(RoutingCurve pair, TwoArmCurve(weak_score, strong_score, gap, groups, {test.arm_cost[weak], test.arm_cost[strong]}));
  out.curves.push_back(std::move(pair));
  TW_ASSIGN(RoutingCurve all, ManyArmCurve(test, utility));
  out.cost_curves.push_back(std::move(all));
  out.decide_ms_p99 = std::max(out.decide_ms_p99, Quantile(ms, 0.99));
  return {};
}

Result<void> CheckTables(const RoutingTable& train, const std::vector<const RoutingTable*>& tests) {
  TW_RETURN_IF_ERROR(CheckRoutingTable(train));
  for (const RoutingTable* test : tests) {
    TW_RETURN_IF_ERROR(CheckRoutingTable(*test));
    if (test->arms != train.arms) return Fail(StatusCode::kInvalidInput, "a test table has other arms than the training table");
    TW_RETURN_IF_ERROR(CheckNoSharedQuestion(train, *test));
  }
  return {};
}

}  // namespace

Result<std::vector<RouterEvaluation>> EvaluateRouter(const std::string& router, const RoutingTable& train,
                                                     const std::vector<const RoutingTable*>& tests, const EvaluateOptions& options) {
  const RouterFactory* factory = AllRouters().Find(router);
  if (factory == nullptr) {
    std::string names;
    for (const auto& [name, unused] : AllRouters().All()) names += (names.empty() ? "" : ", ") + name;
    return Fail(StatusCode::kNotFound, "no router is called " + router + "; there are " + names);
  }
  if (options.seeds.empty()) return Fail(StatusCode::kInvalidInput, "give at least one seed");
  TW_RETURN_IF_ERROR(CheckTables(train, tests));
  std::shared_ptr<const TextEmbedder> embedder = options.embedder;
  if (!embedder) embedder = std::make_shared<HashedNgrams>();
  const FeatureMatrix features = EmbedTexts(train, *embedder);
  std::vector<Embedded> embedded;
  std::vector<RouterEvaluation> out(tests.size());
  for (size_t t = 0; t < tests.size(); ++t) {
    embedded.push_back(EmbedTimed(*tests[t], *embedder));
    out[t].router = router;
    out[t].embed_ms_p99 = embedded[t].ms_p99;
  }
  for (const uint64_t seed : options.seeds) {
    const std::unique_ptr<Router> fitted = (*factory)();
    TW_RETURN_IF_ERROR(fitted->Fit(train, features, {.embedder = embedder, .seed = seed, .parameters = options.parameters}));
    for (size_t t = 0; t < tests.size(); ++t) TW_RETURN_IF_ERROR(AddCurves(*fitted, *tests[t], embedded[t].features, out[t]));
  }
  for (RouterEvaluation& evaluation : out) {
    evaluation.metrics = MeasureCurves(evaluation.curves, options.curve);
    evaluation.area = QualityCostArea(evaluation.cost_curves[0], options.curve);
  }
  return out;
}

}  // namespace tradewind
