// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A cascade whose light net was trained for the classes that come often, and to be unsure of the others, beside one whose light net of the
// same size knows them all (arXiv:2110.10343, section 3.3).
#include <algorithm>
#include <cstdio>

#include "stats/summary.h"
#include "study/cascade_task.h"
#include "vision/model_card.h"

namespace tradewind {
namespace {

// Places of pictures of which `share` are of the frequent classes: all of these, and of the others an even part.
std::vector<size_t> StreamOf(const std::vector<int64_t>& labels, const std::vector<int64_t>& frequent, double share) {
  std::vector<size_t> often, seldom, places;
  for (size_t i = 0; i < labels.size(); ++i)
    (std::find(frequent.begin(), frequent.end(), labels[i]) != frequent.end() ? often : seldom).push_back(i);
  const auto kept = std::min(seldom.size(), static_cast<size_t>(static_cast<double>(often.size()) * (1 - share) / share));
  places = often;
  for (size_t k = 0; k < kept; ++k) places.push_back(seldom[k * seldom.size() / kept]);
  std::sort(places.begin(), places.end());
  return places;
}

Result<std::vector<int64_t>> LabelsNamed(const std::vector<std::string>& names, const std::string& card_name) {
  TW_ASSIGN(const ModelCard card, FindCard("", card_name));
  std::vector<int64_t> labels;
  for (const std::string& name : names) {
    const auto found = std::find(card.labels.begin(), card.labels.end(), name);
    if (found == card.labels.end())
      return Fail(Status(StatusCode::kInvalidInput, "\"" + name + "\" is no label of the card").At("frequent"));
    labels.push_back(found - card.labels.begin());
  }
  if (labels.empty()) return Fail(Status(StatusCode::kInvalidInput, "name the classes that come often").At("frequent"));
  return labels;
}

std::string SharesLine(const char* who, const CascadeTask& task, double keep) {
  const CascadeShares shares = CrossJudged(task.by[0], keep);
  const CascadePoint alone = CascadeCurve(task.by[0]).front();
  char line[200];
  std::snprintf(line, sizeof line, "%s: alone %.2f %%; %.1f %% of the accuracy at %.1f %% of the time, %.1f %% deferred", who,
                100 * alone.accuracy, 100 * shares.accuracy, 100 * shares.latency, 100 * shares.deferred);
  return line;
}

Result<Finding> AnalyseSpecialisedLight(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const double keep, with.Number("keep", 0.99, 0, 1));
  TW_ASSIGN(const double share, with.Number("share", 0.8, 0.01, 0.99));
  TW_ASSIGN(const int64_t resamples, with.Integer("resamples", 400, 20, 100'000));
  TW_ASSIGN(const std::vector<int64_t> frequent, LabelsNamed(with.List("frequent", ""), with.Text("card", "cifar10")));
  TW_ASSIGN(const GraphOptions options, CascadeOptions(with));
  const std::string heavy = with.Text("heavy", ""), pictures = with.Text("pictures", "");
  TW_ASSIGN(const CascadeTask all_general, RunCascade(with.Text("general", ""), heavy, pictures, options, context));
  TW_ASSIGN(const CascadeTask all_special, RunCascade(with.Text("special", ""), heavy, pictures, options, context));
  const std::vector<size_t> stream = StreamOf(all_general.labels, frequent, share);
  const CascadeTask general = all_general.Of(stream), special = all_special.Of(stream);
  const auto saved = [&](const CascadeTask& g, const CascadeTask& s) {
    return CrossJudged(g.by[0], keep).latency - CrossJudged(s.by[0], keep).latency;
  };
  Random random(1);
  std::vector<double> replicates, accuracies;
  for (int64_t r = 0; r < resamples; ++r) {
    Random same = random;  // the same pictures of both
    const CascadeTask g = general.DrawnAgain(random), s = special.DrawnAgain(same);
    replicates.push_back(saved(g, s));
    accuracies.push_back(CrossJudged(s.by[0], keep).accuracy);
  }
  Finding finding;
  finding.numbers = {{"latency_saved", saved(general, special), PercentileInterval(replicates, kStudyConfidence)},
                     {"accuracy_share", CrossJudged(special.by[0], keep).accuracy, PercentileInterval(accuracies, kStudyConfidence)}};
  finding.detail = {SharesLine("a light net of all classes", general, keep), SharesLine("a specialised one", special, keep)};
  return finding;
}

}  // namespace

void RegisterSpecialisedLightAnalysis(Registry<Analysis>& registry);
void RegisterSpecialisedLightAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "specialised_light",
      {.kind = ClaimKind::kCompare,
       .summary = "Cascades by energy before `heavy` (study_nets.h) on those of `pictures` among which the `frequent` classes (labels of "
                  "`card`) make up `share`: with the light net `special`, and with `general`. Limits are chosen on one half to `keep` so "
                  "much of the heavy net's accuracy and judged on the other. Numbers: latency_saved (share of the heavy net's time with "
                  "the general net, less that with the special one), accuracy_share (with the special one).",
       .run = AnalyseSpecialisedLight});
}

}  // namespace tradewind
