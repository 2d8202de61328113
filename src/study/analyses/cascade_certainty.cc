// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Two classifiers as a cascade, by what the light one is asked: its energy, its confidence, its entropy (arXiv:2110.10343).
#include <cstdio>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/random.h"
#include "policy/cascade_curve.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/certainty.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

constexpr Certainty kAsked[] = {Certainty::kEnergy, Certainty::kConfidence, Certainty::kEntropy};

struct TimedAnswer {
  std::vector<float> scores{};
  bool right = false;
  double ms = 0;
};

Result<TimedAnswer> Answer(VisionNet& net, const Image& image, int64_t label) {
  TimedAnswer answer;
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(const std::vector<Tensor> outputs, net.Run(image));
  TW_ASSIGN(const VisionResult result, net.Read(image, outputs));
  answer.ms = (RealClock().Now() - start).ms();
  answer.right = !result.labels.empty() && result.labels[0].label == label;
  const auto scores = outputs.back().Values<float>();
  answer.scores.assign(scores.begin(), scores.end());
  return answer;
}

// A list of records for each of kAsked, over the same pictures. Both nets look at each picture, in turns.
struct CascadeTask {
  std::vector<CascadeRecord> by[std::size(kAsked)];
  size_t pictures = 0;
};

Result<CascadeTask> RunBoth(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(FloatNet light_net, ReadStudyNet(with.Text("light", ""), context));
  TW_ASSIGN(FloatNet heavy_net, ReadStudyNet(with.Text("heavy", ""), context));
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 256));
  const GraphOptions options{.backend = with.Text("backend", "native"), .threads = static_cast<int>(threads)};
  TW_ASSIGN(VisionNet light, VisionNet::Of({light_net.model.source, light_net.model}, light_net.card, options));
  TW_ASSIGN(VisionNet heavy, VisionNet::Of({heavy_net.model.source, heavy_net.model}, heavy_net.card, options));
  if (light.card().probabilities)
    return Fail(
        Status(StatusCode::kUnsupported, light_net.model.source + ": it gives probabilities, of which no energy is known").At("light"));
  TW_ASSIGN(const Workload pictures, StudyPictures(with.Text("pictures", ""), heavy.card(), context));
  CascadeTask task;
  for (const Sample& sample : pictures.recalled) {
    const PictureRef ref = ParseSampleId(sample.id);
    TW_ASSIGN(const Image image, ReadPicture(ref));
    const bool light_first = task.pictures++ % 2 == 0;
    TimedAnswer small, large;
    if (light_first) {
      TW_ASSIGN(small, Answer(light, image, ref.label));
    }
    TW_ASSIGN(large, Answer(heavy, image, ref.label));
    if (!light_first) {
      TW_ASSIGN(small, Answer(light, image, ref.label));
    }
    for (size_t k = 0; k < std::size(kAsked); ++k) {
      task.by[k].push_back({.certainty = static_cast<double>(CertaintyOf(kAsked[k], small.scores, false)),
                            .light_right = small.right,
                            .heavy_right = large.right,
                            .light_ms = small.ms,
                            .heavy_ms = large.ms});
    }
    if (task.pictures % 100 == 0)
      context.Tell(static_cast<double>(task.pictures) / static_cast<double>(pictures.recalled.size()), "both nets, picture by picture");
  }
  if (task.pictures < 20) return Fail(Status(StatusCode::kInvalidInput, "a cascade is judged on at least 20 pictures").At("pictures"));
  return task;
}

// Each half is judged at the limit that is the cheapest on the other one.
struct CascadeShares {
  double accuracy = 0, latency = 0, deferred = 0;  // of the heavy net's
};
CascadeShares CrossJudged(const std::vector<CascadeRecord>& records, double keep) {
  std::vector<CascadeRecord> half[2];
  for (size_t i = 0; i < records.size(); ++i) half[i % 2].push_back(records[i]);
  CascadeShares shares;
  for (int h = 0; h < 2; ++h) {
    const CascadePoint point = CascadeAt(half[h], CheapestLimit(half[1 - h], keep));
    const CascadePoint all = CascadeCurve(half[h]).back();
    double heavy_ms = 0;
    for (const CascadeRecord& r : half[h]) heavy_ms += r.heavy_ms / static_cast<double>(half[h].size());
    shares.accuracy += point.accuracy / all.accuracy / 2;
    shares.latency += point.latency_ms / heavy_ms / 2;
    shares.deferred += point.deferred / 2;
  }
  return shares;
}

// A statistic of the records of all three kinds, with the middle of what it is over pictures drawn again.
template <typename F>
Number Drawn(const std::string& name, const CascadeTask& task, int64_t resamples, const F& statistic) {
  Random random(1);
  std::vector<double> replicates;
  for (int64_t r = 0; r < resamples; ++r) {
    CascadeTask drawn;
    for (size_t i = 0; i < task.pictures; ++i) {
      const size_t at = random.Below(task.pictures);
      for (size_t k = 0; k < std::size(kAsked); ++k) drawn.by[k].push_back(task.by[k][at]);
    }
    drawn.pictures = task.pictures;
    replicates.push_back(statistic(drawn));
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
  TW_ASSIGN(const CascadeTask task, RunBoth(with, context));
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
