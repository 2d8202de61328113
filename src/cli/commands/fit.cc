// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind fit: the best measured setting for a budget, and why the others lost.
#include <cstdio>

#include "base/file.h"
#include "cli/command.h"
#include "cli/results.h"
#include "cli/subject.h"
#include "cli/table.h"
#include "policy/best_within_budget.h"
#include "policy/steer.h"

namespace tradewind {
namespace {

// A budget without a prompt is judged at this prompt length, in bytes, and answer length.
constexpr int64_t kPromptBytes = 400;

std::string Describe(const Candidate& c, const Axis& primary) {
  std::string text;
  if (const Measurement* m = c.point.Find(primary.metric)) text += primary.metric + " " + ShortNumber(m->value);
  if (c.ttft_ms) text += ", TTFT " + ShortNumber(c.ttft_ms->value) + " ms";
  if (c.tpot_ms) text += ", TPOT " + ShortNumber(c.tpot_ms->value) + " ms";
  return text + ", memory " + ShortNumber(c.memory_bytes / 1048576.0) + " MiB";
}

void PrintForPeople(const Steering& s, const Known& known) {
  const Decision& d = s.decision;
  if (d.chosen) {
    const Candidate& c = s.candidates[*d.chosen];
    std::printf("%s\n  %s\n  %s\n", c.point.setting.Text().c_str(), Describe(c, known.primary).c_str(), d.reason.c_str());
  } else {
    std::printf("%s\n", d.reason.c_str());
    if (d.nearest) {
      const Candidate& c = s.candidates[*d.nearest];
      std::printf("  nearest: %s\n  %s\n", c.point.setting.Text().c_str(), Describe(c, known.primary).c_str());
    }
  }
  if (d.rejected.empty()) return;
  TextTable table({"not taken", "why"});
  for (const RejectedCandidate& r : d.rejected) table.Add({s.candidates[r.candidate].point.setting.Text(), r.reason});
  std::printf("\n%s", table.Text().c_str());
}

Json FitJson(const Steering& s, const Known& known, const Budget& budget) {
  const Decision& d = s.decision;
  Json json = {{"workload", known.workload.name}, {"budget", ToJson(budget)}, {"reason", d.reason}};
  json["chosen"] = d.chosen ? ToJson(s.candidates[*d.chosen]) : Json();
  if (d.nearest) json["nearest"] = ToJson(s.candidates[*d.nearest]);
  json["losers"] = Json::array();
  for (const RejectedCandidate& r : d.rejected) {
    Json loser = ToJson(s.candidates[r.candidate]);
    loser["why"] = r.reason;
    json["losers"].push_back(std::move(loser));
  }
  return json;
}

Result<int> FitMain(int argc, char** argv) {
  ModelArguments named{.model = "auto"};
  std::string workload;
  std::string device;
  BudgetArguments budget_arguments;
  int64_t prompt_tokens = 0;
  bool json = false;
  Arguments args("fit", "Says which measured setting is best on this machine within a budget, and what lost and why.");
  args.Positional("model", &named.model, "a model's name, a table's, or auto for all models that were measured");
  args.Option("--device", &device, "of a table: where it was recorded [the table's default]");
  args.Option("--for", &workload, "the workload that was measured [the default one]");
  args.Option("--prompt-tokens", &prompt_tokens, "judge latency at this prompt length [about 100]");
  budget_arguments.Declare(args);
  args.Flag("--json", &json, "print one JSON value");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const Budget budget, budget_arguments.ToBudget(RealClock().Now()));
  TW_ASSIGN(const ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Subject subject, OpenSubject(named, device));
  if (workload.empty() && !subject.language_model()) workload = subject.workloads.front().name;
  TW_ASSIGN(Known known, LoadKnown(store, *subject.tunable, workload));
  const std::string& model = named.model;
  if (subject.language_model() && model != "auto") {
    std::erase_if(known.points, [&](const KnownPoint& p) { return p.point.setting.TextOr("model", "") != model; });
    if (known.points.empty()) {
      return Fail(Status(StatusCode::kNotFound, "no setting of " + model + " has been measured for " + known.workload.name +
                                                    "; run `tradewind search " + model + " --quick`")
                      .At("model"));
    }
  }
  BestWithinBudget policy;
  SteerRequest request{.prompt_bytes = kPromptBytes, .prompt_tokens = {}, .budget = budget, .count_load = false, .spent = {}};
  if (prompt_tokens > 0) request.prompt_tokens = prompt_tokens;
  const Steering steering = Steer(known, request, policy);
  if (json) {
    PrintJson(FitJson(steering, known, budget));
  } else {
    PrintForPeople(steering, known);
  }
  return steering.decision.chosen ? 0 : 3;
}

}  // namespace

void RegisterFitCommand(Registry<Command>& registry) {
  registry.Add("fit", {.summary = "the best measured setting for a budget, with the losers and why", .run = FitMain});
}

}  // namespace tradewind
