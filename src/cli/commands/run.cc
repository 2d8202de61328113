// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind run: answers one prompt within a budget.
#include <unistd.h>

#include <cstdio>
#include <optional>

#include "base/cpu.h"
#include "base/units.h"
#include "cli/answer_json.h"
#include "cli/command.h"
#include "cli/guide.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/prompt_arguments.h"
#include "cli/results.h"
#include "cli/run_picture.h"
#include "cli/run_recalled.h"
#include "cli/stop_signals.h"
#include "cli/visible_text.h"

namespace tradewind {
namespace {

struct RunArguments {
  ModelArguments model;
  PromptArguments prompt;
  BudgetArguments budget;
  PictureArguments picture;
  std::string workload;
  std::string device;
  std::string sample;
  bool json = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    prompt.Declare(args);
    budget.Declare(args);
    picture.Declare(args);
    args.Option("--for", &workload, "with auto: the workload whose measurements decide [the default one]");
    args.Option("--device", &device, "of a table: where it was recorded [the table's default]");
    args.Option("--sample", &sample, "of a table of samples: which one [the first]");
    args.Flag("--json", &json, "print one JSON value instead of streaming text");
  }
};

// One line for a person: what came.
std::string Came(const Answer& answer) {
  const Outcome& o = answer.outcome;
  std::string text = "came: " + std::to_string(o.output_tokens) + " tokens";
  if (o.ttft) text += ", the first after " + FormatDuration(*o.ttft);
  if (o.tpot) text += ", then " + FormatDuration(*o.tpot) + " a token";
  return text + "; ended by " + std::string(FinishReasonName(answer.finish));
}

// Nothing fits: no text, but why, and what would fit best.
int ReportNothingFits(const std::string& reason, const Candidate* nearest, const Budget& budget, bool json) {
  if (json) {
    PrintJson({{"text", ""},
               {"tokens", Json::array()},
               {"logprobs", Json::array()},
               {"finish_reason", "budget"},
               {"budget", ToJson(budget)},
               {"reason", reason},
               {"nearest", nearest != nullptr ? ToJson(*nearest) : Json()}});
  }
  std::fprintf(stderr, "tradewind: %s\n", reason.c_str());
  if (nearest != nullptr) std::fprintf(stderr, "tradewind: nearest: %s\n", nearest->point.setting.Text().c_str());
  return 3;
}

struct Request {
  RunArguments args;
  Budget budget;
  Setting setting;
  std::string text;
  TimePoint start;

  SteerRequest ToSteer() const {
    SteerRequest steer{
        .prompt_bytes = static_cast<int64_t>(text.size()), .prompt_tokens = {}, .budget = budget, .spent = RealClock().Now() - start};
    steer.max_tokens = setting.IntegerOr("max_tokens", steer.max_tokens);
    return steer;
  }
};

// Loads, answers and reports.
Result<int> Answered(const Request& request, const Guide& guide) {
  const TimePoint load_start = RealClock().Now();
  TW_ASSIGN(const std::string path, FindWeightsAndTell(request.setting));
  auto opened = LanguageModelInstance::Open(path, request.setting, request.budget, RealClock());
  if (!opened && opened.error().code() == StatusCode::kBudgetMissed) {
    return ReportNothingFits(opened.error().ToString(), nullptr, request.budget, request.args.json);
  }
  TW_ASSIGN(const std::unique_ptr<LanguageModelInstance> instance, std::move(opened));
  const Duration load = RealClock().Now() - load_start;
  TW_ASSIGN(Prompt prompt, request.args.prompt.ToPrompt(request.text, instance->has_template()));
  SteerRequest steer = request.ToSteer();
  TW_ASSIGN(const std::vector<int32_t> ids, instance->Tokenize(prompt));
  steer.prompt_tokens = static_cast<int64_t>(ids.size());
  steer.count_load = false;
  const KnownPoint* known = guide.Find(instance->setting().With(request.setting));
  const std::optional<Candidate> expected = known != nullptr ? std::optional(Predict(*known, steer)) : std::nullopt;
  SessionOptions session_options{.setting = request.setting, .budget = request.budget};
  if (expected && expected->ttft_ms && !ids.empty()) {
    const double reading_ms = expected->ttft_ms->value - steer.spent->ms();
    session_options.prompt_token_time = Duration::Millis(std::max(0.001, reading_ms / static_cast<double>(ids.size())));
  }
  if (!request.args.json && expected) std::fprintf(stderr, "tradewind: %s\n", guide.Explain(*known, *expected).c_str());
  TW_ASSIGN(auto session, instance->Start(session_options));
  // On a terminal what the model says must not act upon it; a file gets it byte for byte.
  const auto show = [to_terminal = isatty(STDOUT_FILENO) != 0](std::string_view piece) {
    const std::string shown = to_terminal ? VisibleText(piece) : std::string(piece);
    std::fwrite(shown.data(), 1, shown.size(), stdout);
    std::fflush(stdout);
  };
  TW_ASSIGN(const Answer answer, RunPrompt(*session, std::move(prompt), request.start,
                                           request.args.json ? nullptr : std::function<void(std::string_view)>(show)));
  if (expected) guide.Learn(*known, *expected, *steer.spent, answer.outcome);
  std::vector<std::string> missed = MissedBudget(request.budget, answer.outcome, RealClock().Now(), PeakResidentBytes());
  if (std::optional<std::string> quality = guide.MissedQuality(expected, request.budget)) missed.push_back(std::move(*quality));
  if (request.args.json) {
    Json json = AnswerJson(answer, request.budget, load, instance->tokenizer());
    json["predicted"] = expected ? ExpectedJson(*expected, *known, guide.known().primary) : Json();
    if (guide.steering()) json["reason"] = guide.steering()->decision.reason;
    json["missed"] = missed;
    json["peak_memory_bytes"] = PeakResidentBytes();
    PrintJson(json);
  } else {
    std::fputc('\n', stdout);
    std::fflush(stdout);
    if (expected) std::fprintf(stderr, "tradewind: %s\n", Came(answer).c_str());
  }
  for (const std::string& what : missed) std::fprintf(stderr, "tradewind: missed %s\n", what.c_str());
  if (answer.finish == FinishReason::kCancelled) return CancelledExitCode();
  return missed.empty() ? 0 : 3;
}

// Pictures through a graph: what of the budget was missed is said behind what was found.
Result<int> RunGraph(const Request& request) {
  const RunArguments& args = request.args;
  TW_ASSIGN(const int code, RunPictures(args.model.model, args.picture, args.model.threads, args.model.set, args.json));
  if (code != 0) return code;
  std::vector<std::string> missed = MissedBudget(request.budget, Outcome{}, RealClock().Now(), PeakResidentBytes());
  if (request.budget.quality) missed.push_back("quality: it has not been measured of this net; tradewind measure does");
  for (const std::string& what : missed) std::fprintf(stderr, "tradewind: missed %s\n", what.c_str());
  return missed.empty() ? 0 : 3;
}

Result<int> RunMain(int argc, char** argv) {
  Request request;
  request.start = ProcessStart();
  Arguments args("run", "Answers a prompt, within a budget where one is given.");
  request.args.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(request.budget, request.args.budget.ToBudget(request.start));
  if (IsGraphFile(request.args.model.model)) return RunGraph(request);
  TW_ASSIGN(const Subject subject, OpenSubject(request.args.model, request.args.device));
  if (!subject.language_model()) {
    return RunRecalled(subject, {request.budget, request.args.workload, request.args.sample, request.args.json});
  }
  request.setting = subject.base;
  TW_ASSIGN(request.text, request.args.prompt.ReadText());

  const bool steered = request.setting.TextOr("model", "") == "auto";
  TW_ASSIGN(Guide guide, Guide::Open(*subject.tunable, request.args.workload, steered));
  if (steered) {
    const Steering& steering = guide.Decide(request.ToSteer());
    const Decision& decision = steering.decision;
    if (!decision.chosen) {
      const Candidate* nearest = decision.nearest ? &steering.candidates[*decision.nearest] : nullptr;
      return ReportNothingFits(decision.reason, nearest, request.budget, request.args.json);
    }
    request.setting.Erase("model");
    request.setting = steering.candidates[*steering.decision.chosen].point.setting.With(request.setting);
  }
  return Answered(request, guide);
}

}  // namespace

void RegisterRunCommand(Registry<Command>& registry) {
  registry.Add("run", {.summary = "answer a prompt within a budget", .run = RunMain});
}

}  // namespace tradewind
