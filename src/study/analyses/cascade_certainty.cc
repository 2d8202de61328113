// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Two classifiers as a cascade, by what the light one is asked: its energy, its confidence, its entropy (arXiv:2110.10343).
#include <cstdio>

#include "stats/summary.h"
#include "study/cascade_task.h"

namespace tradewind {
namespace {

// A statistic of the records of all three kinds, with the middle of what it is over pictures drawn again.
template <typename F>
Number Drawn(const std::string& name, const CascadeTask& task, int64_t resamples, const F& statistic) {
  Random random(1);
  std::vector<double> replicates;
  for (int64_t r = 0; r < resamples; ++r) {
    replicates.push_back(statistic(task.DrawnAgain(random)));
  }
  return {name, statistic(task), PercentileInterval(replicates, kStudyConfidence)};
}

std::string CurveLine(const CascadeTask& task, size_t kind) {
  const CascadeShares shares = CrossJudged(task.by[kind], 0.99);
  char line[200];
  std::snprintf(line, sizeof line, "by %s: area %.4f; %.1f %% of the accuracy at %.1f %% of the time, %.1f %% deferred",
                std::string(CertaintyName(kAsked[kind])).c_str(), AreaUnder(CascadeCurve(task.by[kind])), 100 * shares.accuracy,
                100 * shares.latency, 100 * shares.deferred);
  return line;
}

Result<Finding> AnalyseCascadeCertainty(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const double keep, with.Number("keep", 0.99, 0, 1));
  TW_ASSIGN(const int64_t resamples, with.Integer("resamples", 400, 20, 100'000));
  TW_ASSIGN(const GraphOptions options, CascadeOptions(with));
  TW_ASSIGN(const CascadeTask task,
            RunCascade(with.Text("light", ""), with.Text("heavy", ""), with.Text("pictures", ""), options, context));
  const auto area = [](const CascadeTask& t, size_t kind) { return AreaUnder(CascadeCurve(t.by[kind])); };
  Finding finding;
  finding.numbers = {Drawn("latency_share", task, resamples, [&](const CascadeTask& t) { return CrossJudged(t.by[0], keep).latency; }),
                     Drawn("accuracy_share", task, resamples, [&](const CascadeTask& t) { return CrossJudged(t.by[0], keep).accuracy; }),
                     Drawn("area_above_confidence", task, resamples, [&](const CascadeTask& t) { return area(t, 0) - area(t, 1); }),
                     Drawn("area_above_entropy", task, resamples, [&](const CascadeTask& t) { return area(t, 0) - area(t, 2); })};
  const std::vector<CascadePoint> curve = CascadeCurve(task.by[0]);
  double heavy_ms = 0;
  for (const CascadeRecord& r : task.by[0]) heavy_ms += r.heavy_ms / static_cast<double>(task.pictures);
  char line[200];
  std::snprintf(line, sizeof line, "%zu pictures: light %.2f %% in %.2f ms, heavy %.2f %% in %.2f ms", task.pictures,
                100 * curve.front().accuracy, curve.front().latency_ms, 100 * curve.back().accuracy, heavy_ms);
  finding.detail.emplace_back(line);
  for (size_t k = 0; k < std::size(kAsked); ++k) finding.detail.push_back(CurveLine(task, k));
  return finding;
}

}  // namespace

void RegisterCascadeCertaintyAnalysis(Registry<Analysis>& registry);
void RegisterCascadeCertaintyAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "cascade_certainty",
      {.kind = ClaimKind::kCompare,
       .summary =
           "The nets `light` and `heavy` (study_nets.h; quantised ones as their float twins) as a cascade on `pictures`, in turns by "
           "`backend` and `threads`; the limit is "
           "chosen on one half of the pictures so that `keep` of the heavy net's accuracy stays, and judged on the other, both ways. "
           "Numbers: latency_share (mean time over the heavy net's), accuracy_share, area_above_confidence (area under accuracy over "
           "the share deferred, by energy, less by confidence), area_above_entropy; over `resamples` of the pictures.",
       .run = AnalyseCascadeCertainty});
}

}  // namespace tradewind
