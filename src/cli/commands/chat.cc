// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind chat: a conversation, each turn within the budget.
#include "base/clock.h"
#include "cli/chat_loop.h"
#include "cli/command.h"
#include "cli/model_arguments.h"
#include "cli/prompt_arguments.h"
#include "cli/subject.h"

namespace tradewind {
namespace {

Result<int> ChatMain(int argc, char** argv) {
  ModelArguments model;
  BudgetArguments budget;
  ChatOptions options;
  Arguments args("chat",
                 "Holds a conversation; of `auto`, each turn is answered by what is best within the budget. /help lists its commands.");
  model.Declare(args);
  options.drawing.DeclareDrawing(args);
  budget.Declare(args);
  args.Option("--for", &options.workload, "the workload whose measurements decide [the default one]");
  args.Flag("--json", &options.json, "print one JSON list, an answer a line, as each one comes");
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(options.budget, budget.ToBudget(RealClock().Now()));
  TW_ASSIGN(const Subject subject, OpenSubject(model, ""));
  if (!subject.language_model()) {
    return Fail(StatusCode::kUnsupported, "only language models hold a conversation; `tradewind run` asks a table or a formula");
  }
  options.pinned = subject.base;
  ChatLoop loop(std::move(options));
  return loop.Run();
}

}  // namespace

void RegisterChatCommand(Registry<Command>& registry) {
  registry.Add("chat", {.summary = "hold a conversation within a budget", .run = ChatMain});
}

}  // namespace tradewind
