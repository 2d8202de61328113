// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the routers are worth on the public outcomes, and what a decision takes: each trained on half of MMLU's subjects, judged on the
// other half and, unchanged, on GSM8K and MT-Bench; then six arms on GSM8K, and which of those to keep under a limit of energy.
// router_bench FOLDER [FIRST_SPLIT SPLITS SEEDS [ROUTER...]], where FOLDER is assets/text of the shared data. Build with
// -DTRADEWIND_BENCH=ON.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "base/clock.h"
#include "base/random.h"
#include "policy/evaluate_router.h"
#include "policy/expert_selection.h"
#include "policy/routing_data.h"

namespace tradewind {
namespace {

constexpr CurveOptions kCurve = {.resamples = 500};

std::string Text(const Estimate& e, const char* format = "%.3f [%.3f, %.3f]") {
  char out[96];
  std::snprintf(out, sizeof out, format, e.value, e.interval.low, e.interval.high);
  return out;
}

using Evaluations = std::map<std::string, std::vector<RouterEvaluation>>;

void Print(const Evaluations& all, const std::vector<std::string>& tests) {
  for (size_t t = 0; t < tests.size(); ++t) {
    std::printf(
        "\n## %s\n\n| router | APGR | above random | CPT(50) | CPT(80) | calls saved | 1%% drop | cost saving | area / kNN | area / MF |\n",
        tests[t].c_str());
    std::printf("|---|---|---|---|---|---|---|---|---|---|\n");
    for (const auto& [name, results] : all) {
      const RouterEvaluation& own = results[t];
      const TwoArmMetrics& m = own.metrics;
      CurveOptions percent = kCurve;
      percent.drop = 0.01;
      percent.resamples = 1;
      const auto ratio = [&](const char* to) {
        return all.contains(to) ? Text(AreaRatio(own.cost_curves, all.at(to)[t].cost_curves, kCurve)) : std::string("-");
      };
      std::printf("| %s | %s | %s | %s | %s | %s | %.3f | %s | %s | %s |\n", name.c_str(), Text(m.apgr).c_str(),
                  Text(ApgrDifference(own.curves, all.at("random")[t].curves, kCurve), "%+.3f [%+.3f, %+.3f]").c_str(),
                  Text(m.cpt50).c_str(), Text(m.cpt80).c_str(), Text(m.calls_saved).c_str(),
                  MeasureCurves(own.curves, percent).calls_saved.value, Text(m.cost_saving, "%.2f [%.2f, %.2f]").c_str(),
                  ratio("knn").c_str(), ratio("matrix_factorisation").c_str());
    }
    std::printf("\nAPGR of each split's mean:");
    for (const auto& [name, results] : all) {
      std::printf("\n%s:", name.c_str());
      for (const RoutingCurve& curve : results[t].curves) std::printf(" %.3f", MeasureCurve(curve, {.resamples = 1}).apgr.value);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
  std::printf("\n## Decision, p99, milliseconds of one core: embedding of a question of MMLU, choice\n\n");
  for (const auto& [name, results] : all) std::printf("%s: %.3f, %.3f\n", name.c_str(), results[0].embed_ms_p99, results[0].decide_ms_p99);
}

Evaluations Evaluate(const RoutingTable& table, const std::vector<const RoutingTable*>& carried, const HalvesOptions& halves,
                     const EvaluateOptions& options, const std::vector<std::string>& names) {
  Evaluations all;
  for (const std::string& name : names) {
    const TimePoint start = RealClock().Now();
    auto results = EvaluateOnHalves(name, table, carried, halves, options);
    if (!results) {
      std::printf("%s: %s\n", name.c_str(), results.error().ToString().c_str());
      continue;
    }
    all[name] = std::move(*results);
    std::fprintf(stderr, "%s: %.1f s, APGR %s\n", name.c_str(), (RealClock().Now() - start).seconds(),
                 Text(all[name][0].metrics.apgr).c_str());
  }
  return all;
}

// One arm trains nothing: it enters by its scores on the training half (AddArm). Beside it: routing without it, and training with it.
void AddedArm(const RoutingTable& table, uint64_t split) {
  const auto [train, test] = SplitInHalves(table, split);
  RoutingTable fewer = train;
  const size_t late = 3;  // 175b_verification
  std::vector<float> scores;
  for (RoutingSample& sample : fewer.samples) {
    scores.push_back(sample.score[late]);
    sample.score.erase(sample.score.begin() + late);
  }
  fewer.arms.erase(fewer.arms.begin() + late);
  fewer.arm_cost.erase(fewer.arm_cost.begin() + late);
  const auto router = (*AllRouters().Find("contrastive"))(), anew = (*AllRouters().Find("contrastive"))();
  const auto fitted = router->Fit(fewer, {}), refitted = anew->Fit(train, {});
  if (!fitted || !refitted) return;
  const auto added = router->AddArm(table.arms[late], table.arm_cost[late], EmbedTexts(train, router->embedder()), scores);
  if (!added) return;
  std::vector<double> with, without, again;
  for (const RoutingSample& sample : test.samples) {
    const auto u = router->Utility(sample.text), v = anew->Utility(sample.text);
    for (size_t a = 0; a < table.arms.size(); ++a) {
      const size_t place = a < late ? a : a == late ? table.arms.size() - 1 : a - 1;
      with.push_back(u[place].score);
      without.push_back(a == late ? -1e9 : u[place].score);
      again.push_back(v[a].score);
    }
  }
  const RoutingCurve a = *ManyArmCurve(test, with), b = *ManyArmCurve(test, without), c = *ManyArmCurve(test, again);
  std::printf("split %llu: area with the added arm / without it %s, / with all trained anew %s\n", static_cast<unsigned long long>(split),
              Text(AreaRatio({&a, 1}, {&b, 1}, kCurve)).c_str(), Text(AreaRatio({&a, 1}, {&c, 1}, kCurve)).c_str());
}

// Which arms to keep ready: chosen by the gates' predictions on one half, judged on what the arms scored in the other.
void Experts(const RoutingTable& table, uint64_t split) {
  const auto [train, test] = SplitInHalves(table, split);
  const auto router = (*AllRouters().Find("classifier"))();
  if (!router->Fit(train, {})) return;
  std::vector<double> predicted;
  for (const RoutingSample& sample : train.samples) {
    for (const ArmUtility& u : router->Utility(sample.text)) predicted.push_back(u.score);
  }
  const GatedQuality quality(predicted, table.arms.size());
  std::vector<ExpertCost> costs;
  double all = 0;
  for (const double cost : table.arm_cost) costs.push_back({.energy_j = cost, .latency_ms = 1}), all += cost;
  int better = 0, equal = 0, rounds = 0;
  for (double share = 0.01; share < 1; share *= 1.3) {
    const SelectionLimits limits{.energy_j = share * all};
    const auto exact = SelectExact(costs, limits, quality, {.submodular = true}), greedy = SelectGreedy(costs, limits, quality),
               truth = SelectByTryingAll(costs, limits, quality);
    ++rounds;
    better += exact->quality > greedy->quality + 1e-9;
    equal += std::abs(exact->quality - truth->quality) < 1e-12;
  }
  std::printf("split %llu: of %d limits, exact equals trying all in %d, beats greedy in %d\n", static_cast<unsigned long long>(split),
              rounds, equal, better);
}

// Drawn instances of up to 12 experts: how often the exact search finds what trying all finds, and what both cost.
void Instances() {
  for (const bool submodular : {true, false}) {
    Random random(2026);
    int same = 0, beats = 0;
    double exact_s = 0, all_s = 0;
    int64_t exact_calls = 0, all_calls = 0;
    constexpr int kInstances = 200;
    for (int i = 0; i < kInstances; ++i) {
      std::vector<ExpertCost> costs;
      std::vector<double> utility, skill;
      double energy = 0;
      for (int e = 0; e < 12; ++e) {
        skill.push_back(0.3 + 0.6 * random.Uniform());
        costs.push_back(
            {.energy_j = 1 + 20 * skill.back() * skill.back() * (0.5 + random.Uniform()), .latency_ms = 300 * random.Uniform()});
        energy += costs.back().energy_j;
      }
      for (int k = 0; k < 300 * 12; ++k) utility.push_back(skill[static_cast<size_t>(k % 12)] * random.Uniform());
      const GatedQuality quality(utility, 12);
      const SelectionLimits limits{.energy_j = energy * (0.15 + 0.5 * random.Uniform()), .latency_ms = 400};
      const TimePoint start = RealClock().Now();
      const Selection exact = *SelectExact(costs, limits, quality, {.submodular = submodular});
      const TimePoint middle = RealClock().Now();
      const Selection truth = *SelectByTryingAll(costs, limits, quality);
      exact_s += (middle - start).seconds(), all_s += (RealClock().Now() - middle).seconds();
      exact_calls += exact.evaluations, all_calls += truth.evaluations;
      same += std::abs(exact.quality - truth.quality) < 1e-12;
      beats += exact.quality > SelectGreedy(costs, limits, quality)->quality + 1e-9;
    }
    std::printf("%s bound: %d of %d as trying all, %d better than greedy; asked %.1f times less often (all that fit), %.1f times faster\n",
                submodular ? "submodular" : "corner", same, kInstances, beats,
                static_cast<double>(all_calls) / static_cast<double>(exact_calls), all_s / exact_s);
  }
}

int Run(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "router_bench FOLDER [FIRST_SPLIT SPLITS SEEDS [ROUTER...]]\n");
    return 2;
  }
  const std::string root = argv[1];
  const auto number = [&](int i, uint64_t fallback) { return argc > i ? static_cast<uint64_t>(std::atoll(argv[i])) : fallback; };
  HalvesOptions halves{.splits = {}, .not_trained_on = ContaminatedKeys(root)};
  EvaluateOptions options{.seeds = {}, .curve = kCurve};
  for (uint64_t i = 0; i < number(3, 6); ++i) halves.splits.push_back(number(2, 101) + i);
  for (uint64_t i = 0; i < number(4, 1); ++i) options.seeds.push_back(i + 1);
  std::vector<std::string> names;
  for (int i = 5; i < argc; ++i) names.emplace_back(argv[i]);
  if (names.empty()) {
    for (const auto& [name, unused] : AllRouters().All()) names.push_back(name);
  }
  if (std::find(names.begin(), names.end(), "random") == names.end()) names.emplace_back("random");
  const RoutingTable mmlu = LoadMmlu(root), gsm8k = LoadGsm8k(root), mt_bench = LoadMtBench(root), six = LoadGsm8kSix(root);
  Print(Evaluate(mmlu, {&gsm8k, &mt_bench}, halves, options, names), {"MMLU, held-out subjects", "GSM8K, carried", "MT-Bench, carried"});
  std::printf("\n# Six arms on GSM8K, half of the questions held out; APGR is of the cheapest and the dearest\n");
  Print(Evaluate(six, {}, halves, options, names), {"GSM8K, six arms"});
  std::printf("\n## An arm added without training\n\n");
  for (const uint64_t split : halves.splits) AddedArm(six, split);
  std::printf("\n## Experts under a limit of energy (the table's costs)\n\n");
  for (const uint64_t split : halves.splits) Experts(six, split);
  std::printf("\n## 12 drawn experts\n\n");
  Instances();
  return 0;
}

}  // namespace
}  // namespace tradewind

int main(int argc, char** argv) {
  return tradewind::Run(argc, argv);
}
