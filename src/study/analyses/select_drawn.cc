// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Selections of drawn experts: the exact search beside trying every set, and beside greedy.
#include <cmath>
#include <cstdio>
#include <functional>

#include "base/clock.h"
#include "policy/drawn_selection.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/recorded_routing.h"

namespace tradewind {
namespace {

constexpr double kDrawnSame = 1e-12;
constexpr int kTimes = 3;  // each way is timed so often, in turn, and the quickest counts: others use the machine, too

struct Tally {
  std::vector<double> exact_ms, all_ms, asked, sets;
  int64_t equal = 0, better = 0, instances = 0;
};

Result<void> Try(uint64_t seed, size_t experts, size_t samples, Tally& tally) {
  const DrawnSelection drawn = DrawSelection(seed, experts, samples);
  const GatedQuality gated(drawn.utility, experts);
  const SetQuality quality = std::ref(gated);
  double exact_ms = INFINITY, all_ms = INFINITY;
  Selection exact, all;
  for (int i = 0; i < kTimes; ++i) {
    const TimePoint start = RealClock().Now();
    TW_ASSIGN(exact, SelectExact(drawn.costs, drawn.limits, quality, gated.Exactly()));
    const TimePoint middle = RealClock().Now();
    TW_ASSIGN(all, SelectByTryingAll(drawn.costs, drawn.limits, quality));
    exact_ms = std::min(exact_ms, (middle - start).ms());
    all_ms = std::min(all_ms, (RealClock().Now() - middle).ms());
  }
  TW_ASSIGN(const Selection greedy, SelectGreedy(drawn.costs, drawn.limits, quality));
  tally.exact_ms.push_back(exact_ms);
  tally.all_ms.push_back(all_ms);
  tally.asked.push_back(static_cast<double>(exact.evaluations));
  tally.sets.push_back(static_cast<double>(all.evaluations));
  tally.equal += std::abs(exact.quality - all.quality) <= kDrawnSame ? 1 : 0;
  tally.better += exact.quality > greedy.quality + kDrawnSame ? 1 : 0;
  ++tally.instances;
  return {};
}

Result<Finding> AnalyseSelectDrawn(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const int64_t most, with.Integer("experts", 12, 1, 20));
  TW_ASSIGN(const int64_t instances, with.Integer("instances", 200, 2, 100'000));
  TW_ASSIGN(const int64_t samples, with.Integer("samples", 300, 1, 100'000));
  int64_t equal = 0, tried = 0;
  Tally largest;
  for (int64_t experts = 1; experts <= most; ++experts) {
    context.Tell(static_cast<double>(experts - 1) / static_cast<double>(most), std::to_string(experts) + " experts");
    Tally tally;
    for (int64_t i = 0; i < instances; ++i) {
      TW_RETURN_IF_ERROR(Try(static_cast<uint64_t>(i + 1), static_cast<size_t>(experts), static_cast<size_t>(samples), tally));
    }
    equal += tally.equal;
    tried += tally.instances;
    largest = std::move(tally);
  }
  Finding finding;
  finding.numbers = {
      ShareOf("equal_share", equal, tried),
      {"speedup", Mean(largest.all_ms) / Mean(largest.exact_ms), RatioInterval(largest.all_ms, largest.exact_ms, Pairing::kPaired, {})},
      {"asked_less", Mean(largest.sets) / Mean(largest.asked), RatioInterval(largest.sets, largest.asked, Pairing::kPaired, {})},
      ShareOf("beats_greedy_share", largest.better, largest.instances)};
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  char line[160];
  std::snprintf(line, sizeof line, "%lld instances of 1 to %lld experts; of the largest: exact %.4f ms, every set that fits %.4f ms",
                static_cast<long long>(tried), static_cast<long long>(most), Mean(largest.exact_ms), Mean(largest.all_ms));
  finding.detail.emplace_back(line);
  return finding;
}

}  // namespace

void RegisterSelectDrawnAnalysis(Registry<Analysis>& registry);
void RegisterSelectDrawnAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "select_drawn",
      {.kind = ClaimKind::kCompare,
       .summary =
           "Drawn `instances` of 1 to `experts` experts on `samples`, under limits of energy and latency: the exact selection beside every "
           "set that fits. Numbers: equal_share (of all), and of the largest speedup, asked_less (evaluations), beats_greedy_share.",
       .run = AnalyseSelectDrawn});
}

}  // namespace tradewind
