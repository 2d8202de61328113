// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate_router.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/clock.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

struct Embedded {
  FeatureMatrix features;
  Waits ms;
};

Waits WaitsOf(const std::vector<double>& each) {
  return {Median(each), Quantile(each, 0.99)};
}

void KeepSlower(const Waits& other, Waits& kept) {
  kept.median = std::max(kept.median, other.median);
  kept.p99 = std::max(kept.p99, other.p99);
}

Embedded EmbedTimed(const RoutingTable& table, const TextEmbedder& embedder) {
  Embedded out{.features = {.embedder = embedder.name(), .columns = embedder.dimensions(), .values = {}}};
  std::vector<double> ms;
  for (const RoutingSample& sample : table.samples) {
    const TimePoint start = RealClock().Now();
    const std::vector<float> x = embedder.Embed(sample.text);
    ms.push_back((RealClock().Now() - start).ms());
    out.features.values.insert(out.features.values.end(), x.begin(), x.end());
  }
  out.ms = WaitsOf(ms);
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
  KeepSlower(WaitsOf(ms), out.decide_ms);
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

// The curves alone.
Result<std::vector<RouterEvaluation>> CurvesOf(const RouterFactory& factory, const std::string& name, const RoutingTable& train,
                                               const std::vector<const RoutingTable*>& tests, const EvaluateOptions& options) {
  TW_RETURN_IF_ERROR(CheckTables(train, tests));
  std::shared_ptr<const TextEmbedder> embedder = options.embedder;
  if (!embedder) embedder = std::make_shared<HashedNgrams>();
  const FeatureMatrix features = EmbedTexts(train, *embedder);
  std::vector<Embedded> embedded;
  std::vector<RouterEvaluation> out(tests.size());
  for (size_t t = 0; t < tests.size(); ++t) {
    embedded.push_back(EmbedTimed(*tests[t], *embedder));
    out[t].router = name;
    out[t].embed_ms = embedded[t].ms;
  }
  for (const uint64_t seed : options.seeds) {
    const std::unique_ptr<Router> fitted = factory();
    TW_RETURN_IF_ERROR(fitted->Fit(train, features, {.embedder = embedder, .seed = seed, .parameters = options.parameters}));
    for (size_t t = 0; t < tests.size(); ++t) TW_RETURN_IF_ERROR(AddCurves(*fitted, *tests[t], embedded[t].features, out[t]));
  }
  return out;
}

void Measure(std::vector<RouterEvaluation>& evaluations, const CurveOptions& options) {
  for (RouterEvaluation& evaluation : evaluations) {
    evaluation.metrics = MeasureCurves(evaluation.curves, options);
    evaluation.area = QualityCostArea(evaluation.cost_curves, options);
  }
}

Result<const RouterFactory*> FindRouter(const std::string& router, const EvaluateOptions& options) {
  if (options.seeds.empty()) return Fail(StatusCode::kInvalidInput, "give at least one seed");
  const RouterFactory* factory = AllRouters().Find(router);
  if (factory != nullptr) return factory;
  std::string names;
  for (const auto& [name, unused] : AllRouters().All()) names += (names.empty() ? "" : ", ") + name;
  return Fail(StatusCode::kNotFound, "no router is called " + router + "; there are " + names);
}

void Append(std::vector<RoutingCurve>& to, std::vector<RoutingCurve>&& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

Result<std::vector<RouterEvaluation>> EvaluateRouter(const std::string& router, const RoutingTable& train,
                                                     const std::vector<const RoutingTable*>& tests, const EvaluateOptions& options) {
  TW_ASSIGN(const RouterFactory* factory, FindRouter(router, options));
  TW_ASSIGN(std::vector<RouterEvaluation> out, CurvesOf(*factory, router, train, tests, options));
  Measure(out, options.curve);
  return out;
}

Result<std::vector<RouterEvaluation>> EvaluateOnHalves(const std::string& router, const RoutingTable& table,
                                                       const std::vector<const RoutingTable*>& carried, const HalvesOptions& halves,
                                                       const EvaluateOptions& options) {
  TW_ASSIGN(const RouterFactory* factory, FindRouter(router, options));
  if (halves.splits.empty()) return Fail(StatusCode::kInvalidInput, "give at least one split");
  std::vector<RouterEvaluation> out;
  for (const uint64_t split : halves.splits) {
    auto [train, test] = SplitInHalves(table, split);
    std::vector<const RoutingTable*> tests = {&test};
    tests.insert(tests.end(), carried.begin(), carried.end());
    std::vector<std::string> dropped = halves.not_trained_on;
    for (const RoutingTable* tested : tests) {
      for (const RoutingSample& sample : tested->samples) dropped.push_back(QuestionKey(sample.text));
    }
    DropQuestions(train, dropped);
    TW_ASSIGN(std::vector<RouterEvaluation> of_split, CurvesOf(*factory, router, train, tests, options));
    if (out.empty()) {
      out = std::move(of_split);
      continue;
    }
    for (size_t t = 0; t < out.size(); ++t) {
      Append(out[t].curves, std::move(of_split[t].curves));
      Append(out[t].cost_curves, std::move(of_split[t].cost_curves));
      KeepSlower(of_split[t].embed_ms, out[t].embed_ms);
      KeepSlower(of_split[t].decide_ms, out[t].decide_ms);
    }
  }
  Measure(out, options.curve);
  return out;
}

}  // namespace tradewind
