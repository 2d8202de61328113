// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/cascade_task.h"

#include "base/clock.h"
#include "base/cpu.h"
#include "base/random.h"
#include "stats/summary.h"
#include "study/study_nets.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

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

}  // namespace

CascadeTask CascadeTask::Of(std::span<const size_t> places) const {
  CascadeTask part;
  for (const size_t at : places) {
    for (size_t k = 0; k < std::size(kAsked); ++k) part.by[k].push_back(by[k][at]);
    part.labels.push_back(labels[at]);
  }
  part.pictures = places.size();
  return part;
}

CascadeTask CascadeTask::DrawnAgain(Random& random) const {
  std::vector<size_t> places;
  for (size_t i = 0; i < pictures; ++i) places.push_back(random.Below(pictures));
  return Of(places);
}

Result<GraphOptions> CascadeOptions(Parameters& with) {
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 256));
  return GraphOptions{.backend = with.Text("backend", "native"), .threads = static_cast<int>(threads)};
}

Result<CascadeTask> RunCascade(const std::string& light_spec, const std::string& heavy_spec, const std::string& pictures_spec,
                               const GraphOptions& options, const AnalysisContext& context) {
  TW_ASSIGN(FloatNet light_net, ReadStudyNet(light_spec, context));
  TW_ASSIGN(FloatNet heavy_net, ReadStudyNet(heavy_spec, context));
  TW_ASSIGN(VisionNet light, VisionNet::Of({light_net.model.source, light_net.model}, light_net.card, options));
  TW_ASSIGN(VisionNet heavy, VisionNet::Of({heavy_net.model.source, heavy_net.model}, heavy_net.card, options));
  if (light.card().probabilities)
    return Fail(
        Status(StatusCode::kUnsupported, light_net.model.source + ": it gives probabilities, of which no energy is known").At("light"));
  TW_ASSIGN(const Workload pictures, StudyPictures(pictures_spec, heavy.card(), context));
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
    task.labels.push_back(ref.label);
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

}  // namespace tradewind
