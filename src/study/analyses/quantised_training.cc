// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What few bits cost a net's accuracy, and what training with them in the loop brings back (arXiv:1712.05877, section 3).
#include <cstdio>

#include "base/cpu.h"
#include "base/random.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/study_nets.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

// 1 or 0 a picture: whether the net is right.
Result<std::vector<double>> RightOf(const std::string& spec, const std::string& pictures, int threads, const AnalysisContext& context) {
  TW_ASSIGN(const std::string file, StudyNetFile(spec, context));
  TW_ASSIGN(VisionNet net, VisionNet::Open(file, "", {.threads = threads}));
  TW_ASSIGN(const Workload workload, StudyPictures(pictures, net.card(), context));
  std::vector<double> right;
  for (const Sample& sample : workload.recalled) {
    const PictureRef ref = ParseSampleId(sample.id);
    TW_ASSIGN(const Image image, ReadPicture(ref));
    TW_ASSIGN(const VisionResult seen, net.Look(image));
    right.push_back(!seen.labels.empty() && seen.labels[0].label == ref.label ? 1 : 0);
    if (right.size() % 500 == 0) context.Tell(static_cast<double>(right.size()) / static_cast<double>(workload.recalled.size()), spec);
  }
  if (right.empty()) return Fail(Status(StatusCode::kInvalidInput, "there are no pictures").At("pictures"));
  return right;
}

// The ratio of the means, over pictures drawn again; differences may be negative, their mean below is far from 0 where the share is told.
Interval RatioOfMeans(const std::vector<double>& above, const std::vector<double>& below) {
  constexpr int kResamples = 2000;
  Random random(1);
  std::vector<double> replicates;
  for (int r = 0; r < kResamples; ++r) {
    double a = 0, b = 0;
    for (size_t i = 0; i < below.size(); ++i) {
      const size_t at = random.Below(below.size());
      a += above[at];
      b += below[at];
    }
    replicates.push_back(a / b);
  }
  return PercentileInterval(replicates, kStudyConfidence);
}

// The whole net, the rounded one and the one that was trained so, over the same pictures.
struct RoundedNets {
  std::vector<double> whole, rounded, trained;
};

std::vector<double> Differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences(a.size());
  for (size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
  return differences;
}

// A trained net's name with more fields set: "trained:cifar_qat{seed=2;quantize.weight_bits=4}".
std::string WithSettings(const std::string& recipe, const std::string& settings) {
  if (recipe.ends_with('}')) return "trained:" + recipe.substr(0, recipe.size() - 1) + ";" + settings + "}";
  return "trained:" + recipe + "{" + settings + "}";
}

Result<Finding> AnalyseQuantisedTraining(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const int64_t bits, with.Integer("bits", 8, 2, 8));
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 256));
  const std::string recipe = with.Text("recipe", ""), whole = with.Text("whole", ""), pictures = with.Text("pictures", "");
  const std::string set = "quantize.weight_bits=" + std::to_string(bits) + ";quantize.value_bits=" + std::to_string(bits);
  const auto right = [&](const std::string& spec) { return RightOf(spec, pictures, static_cast<int>(threads), context); };
  RoundedNets nets;
  TW_ASSIGN(nets.whole, right(whole));
  TW_ASSIGN(nets.rounded, right(WithSettings(recipe, set + ";phases.0.epochs=0")));
  TW_ASSIGN(nets.trained, right(WithSettings(recipe, set)));
  const std::vector<double> lost = Differences(nets.whole, nets.rounded), back = Differences(nets.trained, nets.rounded);
  const std::vector<double> left = Differences(nets.whole, nets.trained);
  const Interval of_left = MeanInterval(left, kStudyConfidence), of_lost = MeanInterval(lost, kStudyConfidence);
  Finding finding;
  finding.numbers = {{"points_lost", 100 * Mean(left), {100 * of_left.low, 100 * of_left.high, kStudyConfidence}},
                     {"points_lost_untrained", 100 * Mean(lost), {100 * of_lost.low, 100 * of_lost.high, kStudyConfidence}}};
  // A share of nothing is no number.
  if (Mean(lost) > 0) finding.numbers.push_back({"recovered_share", Mean(back) / Mean(lost), RatioOfMeans(back, lost)});
  char line[200];
  std::snprintf(line, sizeof line, "%lld bits, %zu pictures: whole net %.2f %%, rounded %.2f %%, trained %.2f %%",
                static_cast<long long>(bits), nets.whole.size(), 100 * Mean(nets.whole), 100 * Mean(nets.rounded),
                100 * Mean(nets.trained));
  finding.detail = {line};
  return finding;
}

}  // namespace

void RegisterQuantisedTrainingAnalysis(Registry<Analysis>& registry);
void RegisterQuantisedTrainingAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "quantised_training",
      {.kind = ClaimKind::kCompare,
       .summary = "The net `whole` (study_nets.h) rounded to `bits` as `recipe` of the trainer says, without and with its training, on "
                  "`pictures`. Numbers: points_lost (of accuracy, trained), points_lost_untrained, recovered_share (of these, by "
                  "training).",
       .run = AnalyseQuantisedTraining});
}

}  // namespace tradewind
