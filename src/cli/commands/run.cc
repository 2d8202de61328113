// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind run: answers one prompt within a budget.
#include <unistd.h>

#include <cstdio>
#include <optional>

#include "cli/answer.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/prompt_arguments.h"

namespace tradewind {
namespace {

struct RunArguments {
  ModelArguments model;
  PromptArguments prompt;
  BudgetArguments budget;
  bool json = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    prompt.Declare(args);
    budget.Declare(args);
    args.Flag("--json", &json, "print one JSON value instead of streaming text");
  }
};

Json TokenJson(const Token& token) {
  Json entry = {{"id", token.id}, {"token", token.bytes}, {"logprob", token.logprob ? Json(*token.logprob) : Json()}};
  Json top = Json::array();
  for (const TopLogprob& t : token.top) top.push_back({{"id", t.id}, {"logprob", t.logprob}});
  entry["top"] = std::move(top);
  return entry;
}

Json MillisOrNull(const std::optional<Duration>& d) {
  return d ? Json(d->ms()) : Json();
}

Json AnswerJson(const Answer& answer, const Budget& budget, Duration load) {
  Json ids = Json::array();
  Json logprobs = Json::array();
  for (const Token& t : answer.prompt) logprobs.push_back(TokenJson(t));
  for (const Token& t : answer.tokens) {
    ids.push_back(t.id);
    logprobs.push_back(TokenJson(t));
  }
  const Outcome& o = answer.outcome;
  return {{"text", answer.text},
          {"tokens", std::move(ids)},
          {"logprobs", std::move(logprobs)},
          {"finish_reason", FinishReasonName(answer.finish)},
          {"setting", ToJson(o.setting)},
          {"setting_text", o.setting.Text()},
          {"budget", ToJson(budget)},
          {"timings",
           {{"load_ms", load.ms()},
            {"prompt_n", o.prompt_tokens},
            {"prompt_ms", o.prefill.ms()},
            {"predicted_n", o.output_tokens},
            {"predicted_ms", o.decode.ms()},
            {"ttft_ms", MillisOrNull(o.ttft)},
            {"tpot_ms", MillisOrNull(o.tpot)}}}};
}

Result<int> Run(int argc, char** argv) {
  const TimePoint start = ProcessStart();
  RunArguments run;
  Arguments args("run", "Answers a prompt, within a budget where one is given.");
  run.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const Budget budget, run.budget.ToBudget(start));
  TW_ASSIGN(const std::string fallback, DefaultModelName());
  TW_ASSIGN(const Setting setting, run.model.ToSetting(fallback));
  TW_ASSIGN(const std::string text, run.prompt.ReadText());

  const TimePoint load_start = RealClock().Now();
  TW_ASSIGN(const std::string path, FindModelFile(setting.TextOr("model", "")));
  TW_ASSIGN(auto instance, LanguageModelInstance::Open(path, setting, budget, RealClock()));
  const Duration load = RealClock().Now() - load_start;
  TW_ASSIGN(auto session, instance->Start({.setting = setting, .budget = budget}));
  TW_ASSIGN(Prompt prompt, run.prompt.ToPrompt(text, instance->has_template()));
  const auto show = [](std::string_view piece) {
    std::fwrite(piece.data(), 1, piece.size(), stdout);
    std::fflush(stdout);
  };
  TW_ASSIGN(const Answer answer,
            RunPrompt(*session, std::move(prompt), start, run.json ? nullptr : std::function<void(std::string_view)>(show)));
  if (run.json) {
    PrintJson(AnswerJson(answer, budget, load));
  } else {
    std::fputc('\n', stdout);
  }
  if (answer.finish == FinishReason::kCancelled) return 130;
  return 0;
}

}  // namespace

void RegisterRunCommand(Registry<Command>& registry) {
  registry.Add("run", {.summary = "answer a prompt within a budget", .run = Run});
}

}  // namespace tradewind
