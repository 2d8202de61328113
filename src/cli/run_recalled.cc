// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/run_recalled.h"

#include <algorithm>
#include <cstdio>

#include "base/file.h"
#include "cli/json.h"
#include "cli/results.h"
#include "measure/readings.h"
#include "policy/best_within_budget.h"
#include "policy/steer.h"

namespace tradewind {
namespace {

// What was set, or the best of what was measured.
struct Choice {
  std::optional<Setting> setting;
  std::string reason;
  std::optional<Candidate> nearest;
};

Result<Choice> Choose(const Subject& subject, const RecalledRequest& request, const Workload& workload) {
  if (request.budget.Empty() && !subject.base.values().empty()) return Choice{.setting = subject.base, .reason = "as set"};
  TW_ASSIGN(const ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Known known, LoadKnown(store, *subject.tunable, workload.id));
  BestWithinBudget policy;
  const Steering steering = Steer(known, {.budget = request.budget, .count_load = false, .spent = {}}, policy);
  const Decision& decision = steering.decision;
  Choice choice{.setting = {}, .reason = decision.reason};
  if (decision.chosen) choice.setting = steering.candidates[*decision.chosen].point.setting.With(subject.base);
  if (decision.nearest) choice.nearest = steering.candidates[*decision.nearest];
  return choice;
}

Result<Workload> OneSample(const Workload& whole, const std::string& id) {
  Workload workload = whole;
  if (!id.empty()) std::erase_if(workload.recalled, [&](const Sample& s) { return s.id != id; });
  if (workload.recalled.empty()) {
    return Fail(Status(StatusCode::kNotFound, "there is no sample \"" + id + "\" in " + whole.name).At("--sample"));
  }
  workload.recalled.resize(1);
  return workload;
}

}  // namespace

Result<int> RunRecalled(const Subject& subject, const RecalledRequest& request) {
  MeasureArguments named{.workload = request.workload};
  TW_ASSIGN(const ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Workload workload, WorkloadFor(subject, named, store));
  TW_ASSIGN(const Workload asked, OneSample(workload, request.sample));
  TW_ASSIGN(const Choice choice, Choose(subject, request, workload));
  Json json = {{"text", ""}, {"tokens", Json::array()}, {"logprobs", Json::array()}, {"budget", ToJson(request.budget)}, {"reason", choice.reason}};
  if (!choice.setting) {
    json["finish_reason"] = "budget";
    json["nearest"] = choice.nearest ? ToJson(*choice.nearest) : Json();
    if (request.json) PrintJson(json);
    std::fprintf(stderr, "tradewind: %s\n", choice.reason.c_str());
    if (choice.nearest) std::fprintf(stderr, "tradewind: nearest: %s\n", choice.nearest->point.setting.Text().c_str());
    return 3;
  }
  TW_ASSIGN(const Setting setting, subject.tunable->Resolve(*choice.setting));
  const std::span<const Knob> knobs = subject.tunable->knobs();
  TW_ASSIGN(const auto instance, subject.tunable->Open(setting.OfStages(knobs, Stage::kBuild, Stage::kLoad), request.budget));
  TW_ASSIGN(const std::vector<Measurement> reading, Recall(*instance, setting.OfStages(knobs, Stage::kRequest, Stage::kRequest), asked));
  if (request.json) {
    json["finish_reason"] = "stop";
    json["setting"] = ToJson(setting);
    json["setting_text"] = setting.Text();
    json["device"] = subject.tunable->device().id;
    json["sample"] = asked.recalled[0].id;
    for (const Measurement& m : reading) json["reading"].push_back(ToJson(m));
    PrintJson(json);
    return 0;
  }
  std::fprintf(stderr, "tradewind: setting %s: %s\n", setting.Text().c_str(), choice.reason.c_str());
  std::printf("%s", MeasurementTable(reading, *subject.tunable).c_str());
  return 0;
}

}  // namespace tradewind
